# ruff: noqa: E501 - a list of words is one thought; broken over more lines it is harder to read
"""In which language a short text is, as far as it tells: by script, letters and frequent words. Pure."""

from collections.abc import Iterable
from functools import cache
from typing import Final

_SCRIPTS: Final = (
    ("ja", "\u3040", "\u30ff"), ("ko", "\uac00", "\ud7a3"), ("zh", "\u3400", "\u9fff"),
    ("th", "\u0e00", "\u0e7f"), ("ar", "\u0600", "\u06ff"), ("he", "\u0590", "\u05ff"),
    ("hi", "\u0900", "\u097f"), ("ta", "\u0b80", "\u0bff"), ("ru", "\u0400", "\u04ff"),
    ("vi", "\u1ea0", "\u1ef9"),
)  # fmt: skip

# Letters with their marks: what each says for a language, three for one that no other has.
_LETTERS: Final[dict[str, dict[str, int]]] = {
    "ñ¿¡": {"es": 3}, "ãõ": {"pt": 3}, "äß": {"de": 3}, "ö": {"de": 3}, "ü": {"de": 2},
    "đăơư": {"vi": 3}, "ùœûîë": {"fr": 3}, "è": {"fr": 2}, "áíóú": {"es": 1, "pt": 1, "vi": 1},
    "ç": {"fr": 1, "pt": 1}, "é": {"fr": 1, "es": 1, "pt": 1}, "à": {"fr": 1, "vi": 1},
    "êô": {"fr": 1, "pt": 1, "vi": 1}, "â": {"fr": 1, "pt": 1, "vi": 1},
}  # fmt: skip

# The most frequent words of texts, in the form of `normal.normalise`. One that stands in several
# lists says little for each.
_WORDS: Final[dict[str, str]] = {
    "en": "the is are am was were be been you your my to and for of it its this that these those what how when"
    " where who why which with i im ill ive me we us our they them do does did dont doesnt didnt cant wont can"
    " could would will should have has had get got please pls thanks thank hello hi hey yes not no more any some"
    " all just now today tomorrow at on in from by if but or so as see going go come want need like send sending"
    " texts text texting message messages number list off out up there here good great sorry stop still never"
    " back haha lol call love order store again about too very one only u ur job works her him he she yeah",
    "fr": "le la les des du de un une est sont suis vous votre vos mon ma mes je tu il nous et ou pour ce cette"
    " ces ca cest que qui quoi avec bonjour merci pas ne plus rien jamais dans sur par au aux en se sa son moi"
    " jai jaime svp oui non bien tres trop quand comment combien pourquoi demain aujourdhui mardi jeudi numero"
    " recu recevoir veux peux etre fait faire toujours encore deja voudrais souhaite arretez message messages"
    " pub bonne annee journee rdv rendez peut quel quelle mdr pleut note cherche arrive sms veuillez prochain",
    "es": "el la los las de del un una es son soy usted ustedes su sus mi mis yo me te se nos y o para por que"
    " con hola gracias no si ya mas muy en al lo le les este esta esto estoy donde cuando como cuanto quien"
    " quiero puedo pueden tengo hay ahora hoy manana dias buenos buen favor mensajes mensaje numero lista"
    " recibir todo bien nada pero todavia tarde noche feliz ano camino compre voy cita ahi pedido llego"
    " jaja claro vale lindo pare tienda dia enviar mandar manden envien precios asistencia pasar paso avisar",
    "pt": "o os as de do da dos das um uma e voce voces seu meu minha eu me se nos para pra por que com ola oi"
    " obrigado obrigada nao sim ja mais muito em no na ao lhe este esta isso estou onde quando como quanto"
    " quem quero posso podem tenho tem agora hoje amanha bom boa dia mensagens mensagem numero lista receber"
    " tudo bem nada mas ainda tarde noite feliz caminho comprei vou consulta ai pedido chegou kkk kkkk adoro"
    " mandar enviar mandem enviem loja horas abre fazer esse essa dessa interesse adorei passei terca pode"
    " favor atraso entrega",
    "de": "der die das den dem des ein eine einen einem ist sind bin war sie ihr ihre ihnen euch eure mein meine"
    " meinen ich du er wir mich mir dich uns und oder fur von vom zu zum zur mit auf aus bei im es was wie"
    " wann wo wer warum nicht kein keine nichts mehr noch schon nur auch aber bitte danke hallo guten ja nein"
    " heute morgen jetzt kann konnen will mochte habe haben hat werden wird nachricht nachrichten nummer"
    " liste gut sehr schon schones tag wochenende gerne bis gleich termin haha super alles klar mal so",
    "vi": "toi ban la co cua cho va khong duoc nay gi minh em anh chi nhe nha a cam on shop oi den mua tin nhan"
    " gui nua dung ngung huy xin vui long lam muon can thi nhu voi nhieu qua roi chua hay sao day vay giup"
    " hang don lich hen hom ngay mai may gio bao tien so dien thoai danh sach ko k da vang dang ky",
}  # fmt: skip
WORD_WEIGHT: Final = (
    6  # shared out among the languages that have a word; a letter's weight is up to 3 * 2
)


@cache
def _weights() -> dict[str, dict[str, float]]:
    speakers: dict[str, list[str]] = {}
    for language, words in _WORDS.items():
        for word in dict.fromkeys(words.split()):
            speakers.setdefault(word, []).append(language)
    return {
        word: dict.fromkeys(languages, WORD_WEIGHT / len(languages) ** 2)
        for word, languages in speakers.items()
    }


@cache
def _letters() -> dict[str, dict[str, int]]:
    return {letter: votes for letters, votes in _LETTERS.items() for letter in letters}


def guess_language(text: str, plain: str) -> str | None:
    """ISO 639-1 of a text and its normalised form; None where they do not tell."""
    for language, first, last in _SCRIPTS:
        if any(first <= char <= last for char in text):
            return language
    scores: dict[str, float] = dict.fromkeys(_WORDS, 0)
    _count(scores, (_weights().get(word, {}) for word in plain.split()))
    _count(
        scores,
        (
            {code: 2 * vote for code, vote in _letters().get(char, {}).items()}
            for char in text.lower()
        ),
    )
    best = max(scores, key=lambda code: scores[code])
    return best if scores[best] else None


def _count(scores: dict[str, float], votes: Iterable[dict[str, float]]) -> None:
    for vote in votes:
        for language, weight in vote.items():
            scores[language] += weight

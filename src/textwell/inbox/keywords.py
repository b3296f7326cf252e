"""Whole messages that are one word of a programme or one answer: STOP, TC 1234, yes please. Pure.

The tables are made of `data/keywords.json`, the keywords of each jurisdiction, and of the words of
`lexicon`. What a table says of a word depends on where the person is, then on what they speak.
"""

import json
import re
from functools import cache, lru_cache
from pathlib import Path

from textwell.inbox.lexicon import SLIPS, UNIVERSAL, WORDS, Words
from textwell.inbox.normal import normalise

KEYWORDS_FILE = Path(__file__).parent / "data" / "keywords.json"
KEYWORD_INTENTS = ("opt_out", "opt_in", "help")
# Keywords too short or too common to mean the same in a country that does not list them.
LOCAL_ONLY = frozenset(
    ("no", "n", "r", "t", "b", "y", "yes", "si", "sim", "oui", "ret", "red", "rem", "uit",
     "contact", "allow", "voltar")
)  # fmt: skip
# Keywords that with "please" or "thanks" beside them are an answer rather than a keyword.
ANSWERS = frozenset(("no", "n", "y", "yes", "si", "sim", "oui"))
# Said everywhere, so that they do not tell what language a person speaks.
INTERNATIONAL = frozenset(
    ("stop", "stop all", "stopall", "no", "n", "ok", "okay", "k", "info", "start", "help", "y", "c", "r")
)  # fmt: skip
_POLITE = re.compile(
    r"^(please|pls|plz|por favor|bitte|xin|lam on|svp) |^[请請]"
    r"| (please|pls|plz|thanks|thank you|thx|ty|por favor|gracias|svp|merci|bitte|danke|nhe|nha|a|ạ)$"
    r"| (obrigado|obrigada)$|(谢谢|謝謝)$"
)
_SIGNS_AGAIN = re.compile(r"([^\x00-\x7f]{2,8}?)\1+")
# Of what asks for help, what a person says rather than types because we told them the word.
_SAID_FOR_HELP = frozenset(
    ("help me", "need help", "i need help", "aidez moi", "ayudame", "giup", "giup toi")
)
# What a phone adds below a message.
_SIGNATURE = re.compile(
    r"\n\s*(sent from my|envoye de mon|envoyé de mon|envoyé depuis|enviado desde mi|enviado do meu"
    r"|von meinem .* gesendet|gesendet von|gửi từ|được gửi từ|发自我的|發自我的|get outlook for)[^\n]*\s*\Z",
    re.IGNORECASE,
)
_GREETING = re.compile(
    r"^(?:hi|hello|hey|good (?:morning|afternoon|evening)|bonjour|bonsoir|salut"
    r"|hola|buen[oa]s(?: dias| tardes| noches)?|ola|oi|bom dia|boa (?:tarde|noite)"
    r"|hallo|moin|servus|guten (?:tag|morgen|abend)|xin chao|chao(?: shop| ban)?)"
    r"(?: there| team| all| zusammen| shop)? |^[你您]好"
)

Found = tuple[str, float, str | None]  # intent, certainty, language


def find_keyword(text: str, country: str | None, hint: str | None) -> Found | None:
    """The meaning of a message that is a keyword or an answer and nothing else.

    Of a message of several lines the first may be an opt-out by itself: below it there is often
    what a phone quotes.
    """
    first, _, more = _SIGNATURE.sub("", text.strip()).partition("\n")
    found = _find(once(normalise(first)), country, hint)
    if not more.strip():
        return found
    if found and found[0] == "opt_out":
        return "opt_out", min(found[1], 0.9), found[2]
    return _find(normalise(text), country, hint)


def _find(plain: str, country: str | None, hint: str | None) -> Found | None:
    region = (country or "").strip().upper()
    if own := _find_own(plain, _country_words(region, hint)):
        return own
    if hint and (intent := _language_words(hint).get(plain)):
        return intent, 0.97, hint
    table = shared_words()
    for word in (plain, _without_politeness(plain), _without_digits(plain)):
        if found := table.get(word):
            return found[0], found[1], _choose_language(word, found[2], region, hint)
    addressed = table.get(_without_politeness(_GREETING.sub("", plain)))
    return addressed if addressed and addressed[0] == "opt_out" else None


def without_signature(text: str) -> str:
    """A text without what a phone adds below it; the text itself where there is nothing else."""
    return _SIGNATURE.sub("", text) or text


def _find_own(plain: str, own: dict[str, tuple[str, str]]) -> Found | None:
    """A keyword of the country, alone, with politeness, or before a number: TC 1234, B BRAND."""
    if found := own.get(plain):
        return found[0], 1.0, found[1]
    polite = _without_politeness(plain)
    if polite not in ANSWERS and (found := own.get(polite)):
        return found[0], 0.98, found[1]
    word, _, rest = plain.partition(" ")
    if not rest and _without_digits(plain) != plain:
        word, rest = _without_digits(plain), "0"  # TC1, STOP2: the number of a programme
    found = own.get(word)
    is_addressed = rest.replace(" ", "").isdecimal() or (len(word) == 1 and " " not in rest)
    if found and found[0] == "opt_out" and is_addressed:
        return "opt_out", 0.9, found[1]
    return None


def is_help_word(text: str) -> bool:
    """Whether a text is a word that asks for help and no more: HELP, info please, 帮助."""
    plain = once(normalise(_SIGNATURE.sub("", text.strip())))
    return _without_politeness(plain) in _help_words()


def names_way_out(text: str) -> bool:
    """A text of ours has a word in it that opts out when it is sent back: STOP, 退订, HUY."""
    plain = normalise(text)
    words = {word for word, found in shared_words().items() if found[0] == "opt_out"}
    spoken = set(plain.split())
    return any(word in spoken or (word in plain and not word.isascii()) for word in words)


def find_way_out(country: str, language: str) -> str:
    """The word that ends texts in a country, in that language where the country has one: STOP, BAJA.

    One that is understood by itself, if there is any: of China's R, T and TD the last.
    """
    facts = load_keywords().get(country)
    own = facts["opt_out"] if facts else {}
    spoken = primary(language)
    words = next((each for code, each in own.items() if primary(code) == spoken), None)
    if words is None:
        words = next(iter(own.values()), ["STOP"])
    return next(filter(names_way_out, words), words[0])


def once(plain: str) -> str:
    """One word or phrase said again and again, said once: STOP STOP STOP."""
    words = plain.split()
    for length in (1, 2):
        times = len(words) // length
        if times > 1 and words == words[:length] * times:
            return " ".join(words[:length])
    signs = _SIGNS_AGAIN.fullmatch(plain)
    return signs[1] if signs else plain


def _without_politeness(plain: str) -> str:
    """Politeness at either end does not change a word."""
    return _POLITE.sub("", plain)


def _without_digits(plain: str) -> str:
    bare = plain.rstrip("0123456789")
    return bare if len(bare) > 1 and " " not in bare else plain


def _choose_language(word: str, listed: str | None, country: str, hint: str | None) -> str | None:
    """Of the languages that have a word, the person's, else one of the country's."""
    speakers = _speakers().get(word, frozenset())
    if hint and (hint in speakers or word in INTERNATIONAL):
        return hint
    facts = load_keywords().get(country) or load_keywords().get(country.partition("-")[0])
    local = [primary(code) for code in facts["languages"]] if facts else []
    return next((code for code in local if code in speakers), listed)


@cache
def load_keywords() -> dict[str, dict[str, dict[str, list[str]]]]:
    """Keywords of each jurisdiction by intent and language, with those it inherits."""
    found: dict[str, dict[str, dict[str, list[str]]]] = json.loads(KEYWORDS_FILE.read_bytes())
    return found


@lru_cache(maxsize=512)
def _country_words(country: str, hint: str | None) -> dict[str, tuple[str, str]]:
    known = load_keywords()
    facts = known.get(country) or known.get(country.partition("-")[0])
    table: dict[str, tuple[str, str]] = {}
    for intent in reversed(KEYWORD_INTENTS):
        by_language = facts[intent] if facts else {}
        # The language of the person comes last, so that it names the words of several languages.
        for language in sorted(by_language, key=lambda code: primary(code) == hint):
            for word in by_language[language]:
                table[normalise(word)] = (intent, primary(language) or language)
    return table


@lru_cache(maxsize=64)
def _language_words(hint: str) -> dict[str, str]:
    """What a word means in one language; keywords before answers."""
    table: dict[str, str] = {}
    for words in (WORDS, UNIVERSAL):
        for intent, by_language in words.items():
            table.update((normalise(word), intent) for word in by_language.get(hint, ()))
    if hint == "zh":
        table["t"] = "opt_out"  # 回T退订 stands below most Chinese messages
    return table


@cache
def shared_words() -> dict[str, Found]:
    """Words that mean the same everywhere, the surest last so that they win."""
    table: dict[str, Found] = {}
    for intent, slips in SLIPS.items():
        table.update((normalise(slip), (intent, 0.85, None)) for slip in slips.split())
    for facts in load_keywords().values():
        for intent in reversed(KEYWORD_INTENTS):
            for language, words in facts[intent].items():
                for word in map(normalise, words):
                    if word not in LOCAL_ONLY:
                        table[word] = (intent, 0.9, primary(language))
    table.update(_flatten(WORDS, 0.92))
    table.update(_flatten(UNIVERSAL, 0.98))
    return table


@cache
def _help_words() -> frozenset[str]:
    found = {word for word, known in shared_words().items() if known[0] == "help"}
    return frozenset(found - _SAID_FOR_HELP)


def _flatten(words: Words, certainty: float) -> dict[str, Found]:
    table: dict[str, Found] = {}
    for intent, by_language in words.items():
        for language, listed in by_language.items():
            for word in listed:
                table.setdefault(normalise(word), (intent, certainty, language))
    return table


@cache
def _speakers() -> dict[str, frozenset[str]]:
    """The languages that have a word, whatever it means in them."""
    found: dict[str, set[str]] = {}
    for words in (WORDS, UNIVERSAL, *_keyword_tables()):
        for by_language in words.values():
            for language, listed in by_language.items():
                for word in listed:
                    found.setdefault(normalise(word), set()).add(primary(language) or language)
    return {word: frozenset(languages) for word, languages in found.items()}


def _keyword_tables() -> list[Words]:
    return [
        {intent: {code: tuple(words) for code, words in facts[intent].items()}}
        for facts in load_keywords().values()
        for intent in KEYWORD_INTENTS
    ]


def primary(language: str | None) -> str | None:
    """The language of a code: zh for zh-Hans and zh_CN."""
    return re.split("[-_]", language.strip().lower())[0] or None if language else None

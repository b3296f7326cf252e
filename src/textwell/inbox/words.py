"""What a reply means: words first, then phrases. Pure: no Django, no store, never raises.

Order of judgement: the country's own keywords, words known everywhere, keywords of other countries,
slips of the hand, whole phrases, likeness; an opt-out is looked for before anything else, because a
missed one breaks the law and a false one only costs a text (47 CFR 64.1200(a)(10): any reasonable
wording).
"""

import re
from dataclasses import dataclass
from functools import cache

from textwell.inbox.keywords import (
    Found,
    find_keyword,
    primary,
    shared_words,
    without_signature,
)
from textwell.inbox.languages import guess_language
from textwell.inbox.lexicon import PHRASES
from textwell.inbox.likeness import weigh
from textwell.inbox.negations import mend_denials
from textwell.inbox.normal import normalise
from textwell.inbox.pauses import Pause, find_pause
from textwell.inbox.refusals import find_refusals, is_spared, refuses, spare
from textwell.inbox.scopes import find_scope
from textwell.inbox.slips import read_again
from textwell.inbox.spelling import mend
from textwell.inbox.whys import asks_why

# Answers alone that at the beginning of a longer text say nothing.
NO_BEGINNING = frozenset(
    ("good", "great", "fine", "perfect", "deal", "never", "not", "isso", "perfecto", "listo", "dale",
     "perfekt", "klar", "parfait", "da", "co", "u", "uh", "dung", "thoi", "ko", "k", "y", "n", "o",
     "s", "j", "c")
)  # fmt: skip
LONGEST = (
    4000  # characters judged; of a longer text only the beginning, so that none holds up a queue
)
LED_LENGTH = 2  # words of a message that a keyword leads: itself and the brand
SLIPPED = 0.75  # certainty of an opt-out that has slips in it
LIKELY, LIKENED = 0.6, 0.6  # how like a refusal is one, and how certain that is
EMOJI = {"🛑": "opt_out", "👍": "yes", "✅": "yes", "👌": "yes", "👎": "no", "❌": "no"}
_LOUD_STOP = re.compile(r"(?<![\w'’-])STOP(?![\w'’-])")
_PORTUGUESE_ALREADY = re.compile(r"\bjá\b", re.IGNORECASE)
_MARK_AFTER_FIRST_WORD = re.compile(r"\W*\w+\s*[^\w\s]")
_NO_ANSWER = re.compile(
    r"no (one|body|idea|clue|problem|worries|hurry|rush|more|room|doubt|wonder|hay|se|me)\b"
)
_VIETNAMESE_STOP = re.compile(
    r"\W*(?:(?:làm ơn|xin|vui lòng|hãy)\s+)?dừng(?:\s+(?:lại|đi|ngay|nhé|ạ))*\W*"
)
_LAUGHTER = re.compile(r"\W*(\w)\1{2,}\W*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Understanding:
    """`certainty` is 0 to 1; `language` is ISO 639-1, None where nothing is known.

    `scope` of an opt-out: "all", "marketing", "brand", "topic" or "pause" where the person said so,
    else None; `days` of a pause.
    """

    intent: str
    certainty: float
    language: str | None
    scope: str | None = None
    days: int | None = None


def understand(text: str, country: str | None = None, language: str | None = None) -> Understanding:
    """The intent of a reply. `country` is ISO 3166 (US or US-FL), `language` ISO 639-1 or BCP 47.

    Both are hints; unknown ones are passed over. Only the first `LONGEST` characters are judged.
    """
    text = mend_denials(without_signature(text[:LONGEST]))
    plain = normalise(text)
    hint = primary(language)
    keyword = _by_laughter(text) or _by_marks(text) or find_keyword(text, country, hint)
    spoken = [] if keyword else find_refusals(text, plain)
    if spoken and _is_spared_without_slips(text, plain):
        spoken = []
    is_refusal = bool(spoken) or (keyword is not None and keyword[0] == "opt_out")
    if pause := find_pause(plain, is_refusal=is_refusal):
        tongue = _choose_language([*pause.languages], text, plain, hint)
        return Understanding("opt_out", 0.85, tongue, "pause", pause.days)
    intent, certainty, said = (
        keyword
        or _by_emoji(text, plain)
        or _by_phrase(text, plain, hint, spoken)
        or ("other", 0.5 if plain else 0.0, None)
    )
    said = said or hint or guess_language(text, plain)
    if intent == "opt_out" and certainty == SLIPPED and (pause := _find_slipped_pause(text)):
        return Understanding("opt_out", SLIPPED, said, "pause", pause.days)
    scope = find_scope(plain) if intent == "opt_out" else None
    return Understanding(intent, certainty, said, scope)


def _by_marks(text: str) -> Found | None:
    """`dừng` (stop) without its mark is `đúng` (right), which the words know as a yes."""
    return ("opt_out", 0.9, "vi") if _VIETNAMESE_STOP.fullmatch(text.casefold()) else None


def _by_laughter(text: str) -> Found | None:
    """One letter again and again (kkkk) is no answer, though the letter alone may be one."""
    return ("other", 0.5, None) if _LAUGHTER.fullmatch(text) else None


def _by_emoji(text: str, plain: str) -> Found | None:
    if plain:
        return None
    intents = {intent for sign, intent in EMOJI.items() if sign in text}
    if len(intents) == 1:
        return intents.pop(), 0.8, None
    return ("question", 0.6, None) if "?" in text or "？" in text else None


def _by_phrase(text: str, plain: str, hint: str | None, spoken: list[str]) -> Found | None:
    if spoken:
        return "opt_out", 0.85, _choose_language(spoken, text, plain, hint)
    spared = spare(plain)
    guessed = guess_language(text, plain)
    wants = _first_phrase("opt_in", spared, guessed or hint)
    if not wants and (found := _by_mended(text, plain, hint)):
        return found
    if _LOUD_STOP.search(text) and not text.isupper() and "stop" in spared.split():
        return "opt_out", 0.7, None
    if led := _led_by_keyword(spared):
        return led
    if wants:
        return wants
    if weigh(text) >= LIKELY and not is_spared(plain) and not asks_why(text):
        return "opt_out", LIKENED, guessed or hint
    for intent in ("move", "cancel", "confirm", "complaint", "help", "question"):
        said = spared if intent == "cancel" else plain
        if found := _first_phrase(intent, said, guessed or hint):
            return found
    if text.rstrip().endswith(("?", "？", "؟")):
        return "question", 0.8, None
    return _answer_at_start(text, spared)


def _by_mended(text: str, plain: str, hint: str | None) -> Found | None:
    """An opt-out that only a slip of the hand hides; of anything else the slips do not matter."""
    mended = mend(plain)
    if mended != plain:
        word = find_keyword(mended, None, hint)
        if word and word[0] == "opt_out":
            return "opt_out", SLIPPED, word[2]
        if spoken := find_refusals(mended, mended):
            return "opt_out", SLIPPED, _choose_language(spoken, text, mended, hint)
        if pause := find_pause(mended, is_refusal=False):
            return "opt_out", SLIPPED, _choose_language([*pause.languages], text, mended, hint)
    return None if is_spared(plain) else _by_reading(text, hint)


def _is_spared_without_slips(text: str, plain: str) -> bool:
    """What refuses only because of a slip in what would make it none: "dno't stop", "so ctue"."""
    if is_spared(plain):
        return False
    best = dict(reversed(list(read_again(text)))).values()
    spared = (reading for reading in best if is_spared(normalise(reading)))
    return any(not find_refusals(reading, normalise(reading)) for reading in spared)


def _find_slipped_pause(text: str) -> Pause | None:
    readings = (normalise(reading) for _, reading in read_again(text))
    return next(filter(None, (find_pause(each, is_refusal=True) for each in readings)), None)


def _by_reading(text: str, hint: str | None) -> Found | None:
    for language, reading in read_again(text):
        word = find_keyword(reading, None, language)
        if word and word[0] == "opt_out":
            return "opt_out", SLIPPED, word[2] or hint
        if is_spared(normalise(reading)):
            return None
        if refuses(reading, language) or find_pause(normalise(reading), is_refusal=False):
            return "opt_out", SLIPPED, language
    return None


def _choose_language(spoken: list[str], text: str, plain: str, hint: str | None) -> str:
    """Some sentences refuse in two languages; what is known of the person or the text decides."""
    guessed = guess_language(text, plain)
    if spoken == ["en"] and guessed is not None:  # STOP is said in every language
        return guessed
    return next((language for language in (hint, guessed) if language in spoken), spoken[0])


def _first_phrase(intent: str, plain: str, preferred: str | None) -> Found | None:
    """An intent by phrase, in the preferred language if that has one that fits."""
    found = [language for language, pattern in _phrases(intent) if pattern.search(plain)]
    if not found:
        return None
    return intent, 0.85, preferred if preferred in found else found[0]


@cache
def _phrases(intent: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((language, re.compile(pattern)) for language, pattern in PHRASES[intent])


_LEADS = {
    "stop": "opt_out", "unsubscribe": "opt_out", "stopall": "opt_out", "arret": "opt_out",
    "baja": "opt_out", "td": "opt_out", "tc": "opt_out", "退订": "opt_out", "start": "opt_in",
    "unstop": "opt_in", "join": "opt_in",
}  # fmt: skip


def _led_by_keyword(plain: str) -> Found | None:
    """A keyword with one word beside it: STOP BAKERY, please STOP, TC 1234, JOIN PIZZA."""
    words = plain.split()
    if len(words) != LED_LENGTH or "0" in words:
        return None
    if words[0] in _LEADS:
        return _LEADS[words[0]], 0.8, None
    if words[1] in ("stop", "unsubscribe", "baja", "arret", "stopp"):
        return "opt_out", SLIPPED, None
    return None


def _answer_at_start(text: str, plain: str) -> Found | None:
    """Yes, that works for me: the first word or two decide when nothing else did."""
    table = shared_words()
    words = plain.split()
    if words and words[0] == "ja" and _PORTUGUESE_ALREADY.search(text):
        return None
    if _NO_ANSWER.match(plain):
        return None
    for length in (2, 1):
        found = table.get(" ".join(words[:length])) if len(words) > length else None
        if found and found[0] in ("yes", "no") and words[0] not in NO_BEGINNING:
            return None if _is_negation(text, found[0]) else (found[0], 0.7, found[2])
    return None


def _is_negation(text: str, intent: str) -> bool:
    """In some languages the word for no also begins a sentence, unless a mark stands after it."""
    if intent != "no" or _MARK_AFTER_FIRST_WORD.match(text):
        return False
    return guess_language(text, normalise(text)) in ("es", "pt", "vi", "zh")

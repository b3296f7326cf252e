"""What is answered by itself: the confirmation of a stop or a pause, HELP, and WHY. Pure.

The texts are data (`data/answers.json`) in the languages that are heard, more than the pages have.
None has a word of advertising in it. Each fits two parts, whatever the ledger holds: what the person
was shown is shortened first, then where.
"""

import json
from functools import cache
from pathlib import Path
from typing import Final

from textwell.inbox.keywords import primary
from textwell.text import count_segments

ANSWERS_FILE: Final = Path(__file__).parent / "data" / "answers.json"
MOST_PARTS: Final = 2
LONGEST_BRAND, LONGEST_SENDER, LONGEST_SOURCE = 24, 60, 20
LONGEST_WHAT: Final = 30
CUT: Final = ".."  # an ellipsis would make UCS-2 of a text
TRADITIONAL: Final = ("TW", "HK", "MO")


def choose_language(spoken: str | None, country: str, own: str) -> str:
    """Of the languages that are written here, the person's, else the workspace's, else English."""
    for code in (spoken, own):
        language = primary(code)
        if language == "zh" and ("hant" in (code or "").lower() or country in TRADITIONAL):
            return "zh-Hant"
        if language in _answers():
            return language
    return "en"


def write_confirmed(language: str, *, brand: str, at: str) -> str:
    """That the opt-out of that moment is recorded."""
    return _answers()[language]["confirmed"].format(brand=_cut(brand, LONGEST_BRAND), at=at)


def write_narrowed(language: str, *, brand: str, what: str, at: str, word: str) -> str:
    """What was refused alone, that it is recorded, and what ends all the rest; at most two parts."""
    known = {"brand": _cut(brand, LONGEST_BRAND), "at": at, "word": word}
    known["what"] = _cut(_one_line(what), LONGEST_WHAT)
    return _answers()[language]["narrowed"].format(**known)


def write_paused(language: str, *, brand: str, at: str, word: str) -> str:
    """Until when nothing comes, and what ends it for good."""
    return _answers()[language]["paused"].format(brand=_cut(brand, LONGEST_BRAND), at=at, word=word)


def write_help(language: str, *, brand: str, contact: str, word: str) -> str:
    """Who sends, where to ask, and how to stop; at most two parts.

    A contact that does not fit is worth nothing when it is cut: then, as without one, by text.
    """
    answers, known = _answers()[language], {"brand": _cut(brand, LONGEST_SENDER), "word": word}
    if contact := _one_line(contact):
        text = answers["help"].format(**known, contact=contact)
        if count_segments(text)[1] <= MOST_PARTS:
            return text
    return answers["help_by_text"].format(**known)


def write_why(language: str, *, brand: str, at: str, source: str, wording: str, word: str) -> str:
    """When, where and to what the person agreed, and how to stop; at most two parts."""
    template = _answers()[language]["why"]
    known = {
        "brand": _cut(brand, LONGEST_BRAND),
        "at": at,
        "source": _cut(_one_line(source), LONGEST_SOURCE),
        "word": word,
    }
    wording = _one_line(wording)
    fits, least, most = "", 0, len(wording)
    while least <= most:
        length = (least + most) // 2
        text = template.format(**known, wording=_cut(wording, length))
        if count_segments(text)[1] <= MOST_PARTS:
            fits, least = text, length + 1
        else:
            most = length - 1
    return fits


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: max(length - len(CUT), 0)].rstrip() + CUT


@cache
def _answers() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = json.loads(ANSWERS_FILE.read_bytes())
    return found

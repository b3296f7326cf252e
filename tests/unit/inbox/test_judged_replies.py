"""Replies labelled by hand and kept apart from the rules: how many are understood.

`first.txt` was written before the rules, the others one after another; what the rules scored on each
before they were mended by it is in docs/developer/replies.md.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from textwell.inbox.words import understand

DATA = Path(__file__).parent / "data"
FILES = sorted(DATA.glob("*.txt"))


class Labelled(NamedTuple):
    language: str
    intent: str
    text: str


def read(file: Path) -> Iterator[Labelled]:
    """`[en opt_out]` is the heading of the lines under it."""
    language = intent = ""
    for line in file.read_text("utf-8").splitlines():
        if line.startswith("["):
            language, intent = line.strip("[]").split()
        elif line and not line.startswith("#"):
            yield Labelled(language, intent, line)


REPLIES = [reply for file in FILES for reply in read(file)]


def test_there_are_enough_replies_in_every_language() -> None:
    for language in ("en", "es", "fr", "de", "pt", "vi", "zh"):
        assert sum(reply.language == language for reply in REPLIES) >= 100, language


@pytest.mark.parametrize("language", [None, "en", "es", "fr", "de", "pt", "vi", "zh"])
def test_opt_outs_are_found_and_hardly_anything_else_is_taken_for_one(language: str | None) -> None:
    replies = [reply for reply in REPLIES if language in (None, reply.language)]
    wanted = [reply.text for reply in replies if reply.intent == "opt_out"]
    found = [reply.text for reply in replies if understand(reply.text).intent == "opt_out"]
    right = set(wanted) & set(found)

    assert len(right) >= 0.98 * len(set(wanted)), set(wanted) - right
    assert len(right) >= 0.97 * len(set(found)), set(found) - right


def test_the_intent_and_the_language_of_most_replies_are_told() -> None:
    answers = [(reply, understand(reply.text)) for reply in REPLIES]

    right = sum(found.intent == reply.intent for reply, found in answers)
    heard = sum(found.language == reply.language for reply, found in answers)
    assert right >= 0.95 * len(REPLIES)
    assert heard >= 0.95 * len(REPLIES)


@pytest.mark.parametrize("change", [str.upper, str.lower, "  {}!! 🙏".format, "“{}”".format])
def test_an_opt_out_is_found_however_it_is_typed(change: "type[str]") -> None:
    wanted = [reply.text for reply in REPLIES if reply.intent == "opt_out"]
    missed = [text for text in wanted if understand(change(text)).intent != "opt_out"]

    assert len(missed) <= 0.02 * len(wanted), missed

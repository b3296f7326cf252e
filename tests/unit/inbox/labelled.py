"""Replies that were labelled by hand: `data` mends the rules, `held_out` never does."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from textwell.inbox.words import Understanding, understand

FOLDER = Path(__file__).parent
LANGUAGES = ("en", "es", "fr", "de", "pt", "vi", "zh")

judge = cache(understand)


class Labelled(NamedTuple):
    language: str
    intent: str
    text: str

    @property
    def found(self) -> Understanding:
        return judge(self.text)


def read(folder: str) -> list[Labelled]:
    """All files of a folder. `[en opt_out]` is the heading of the lines under it; `else` is no opt-out."""
    files = sorted((FOLDER / folder).glob("*.txt"))
    return [reply for file in files for reply in _lines(file)]


def read_file(folder: str, name: str) -> list[Labelled]:
    return list(_lines(FOLDER / folder / f"{name}.txt"))


def _lines(file: Path) -> Iterator[Labelled]:
    language = intent = ""
    for line in file.read_text("utf-8").splitlines():
        if line.startswith("["):
            language, intent = line.strip("[]").split()
        elif line and not line.startswith("#"):
            yield Labelled(language, intent, line)


class Score(NamedTuple):
    """How many of the opt-outs were found, and how many of what was called one is one."""

    recall: float
    precision: float
    missed: list[str]
    wrong: list[str]


def score(replies: list[Labelled]) -> Score:
    wanted = [reply for reply in replies if reply.intent == "opt_out"]
    called = [reply for reply in replies if reply.found.intent == "opt_out"]
    missed = [reply.text for reply in wanted if reply.found.intent != "opt_out"]
    wrong = [reply.text for reply in called if reply.intent != "opt_out"]
    recall = 1 - len(missed) / len(wanted)
    precision = 1 - len(wrong) / len(called)
    return Score(recall, precision, missed, wrong)

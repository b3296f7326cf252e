"""One line of the doctor's report."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from textwell.core.settings import Settings


@dataclass(frozen=True, slots=True)
class Finding:
    """`level`: ok, warn (look at it) or bad (something does not work). `mend`: what to do."""

    level: str
    subject: str
    text: str
    mend: str = ""


Check = Callable[[Settings], Iterator[Finding]]


def ok(subject: str, text: str) -> Finding:
    return Finding("ok", subject, text)


def warn(subject: str, text: str, mend: str) -> Finding:
    return Finding("warn", subject, text, mend)


def bad(subject: str, text: str, mend: str) -> Finding:
    return Finding("bad", subject, text, mend)

"""Pieces of Markdown, and the rule that everything in the reference is described."""

import os
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


class Undescribed(Exception):
    """Something of the product has no description in the code."""


def described(what: str, text: object) -> str:
    """The text on one line; Undescribed if it is empty."""
    line = " ".join(str(text or "").split())
    if not line:
        raise Undescribed(f"{what} has no description. Write one where it is defined.")
    return line


def code(text: object) -> str:
    return f"`{text}`"


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table whose cells may hold any text but line ends."""
    lines = [list(heads), ["---"] * len(heads)]
    lines += [[str(cell).replace("|", "\\|") for cell in row] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


@cache
def start_django() -> None:
    """Django with the settings of this checkout; no store is asked and no data folder left here."""
    os.environ.setdefault("TEXTWELL_DATA", str(ROOT / ".venv" / "check"))
    from textwell.runtime.boot import start_django as start

    start("docs")

"""What a workspace may choose of the rules, as one word that travels with each question of law.

The word is the layer, then days on which our cautious hours do not hold (``+CN:2026-11-11``), then
disputed rules that are read the lenient way, for the words that were signed for
(``~CN:hours=1f0c4a9d2b7e``, see `disputes.signed_name`). It stands in proofs as it is: whoever verifies one
judges by the same choices.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from textwell.compliance.types import Layer

_MARK: Final = re.compile(r"([+~])")


@dataclass(frozen=True, slots=True)
class Choices:
    """`free_days` by country; `lenient`: rules as CN:hours, with the digest of what was signed for."""

    layer: Layer
    free_days: frozenset[tuple[str, date]] = frozenset()
    lenient: frozenset[str] = frozenset()


@lru_cache(maxsize=4_096)
def read_choices(word: str) -> Choices:
    """From the word.

    Raises:
        ValueError: it says what cannot be read.
    """
    layer, *rest = _MARK.split(word)
    marked = list(zip(rest[::2], rest[1::2], strict=True))
    days = (text.split(":") for mark, text in marked if mark == "+")
    return Choices(
        Layer(layer),
        frozenset((country, date.fromisoformat(day)) for country, day in days),
        frozenset(text for mark, text in marked if mark == "~"),
    )


def layer_of(word: str) -> str:
    """Of the word the layer alone."""
    return _MARK.split(word, maxsplit=1)[0]


def write_choices(*, free_days: Iterable[tuple[str, date]], lenient: Iterable[str]) -> str:
    """What follows the layer; "" where nothing was chosen. Equal choices give equal words."""
    days = sorted({f"+{country}:{day.isoformat()}" for country, day in free_days})
    return "".join([*days, *sorted({f"~{rule}" for rule in lenient})])

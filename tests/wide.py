"""How much is tried. `TEXTWELL_TEST_WIDE=1` tries all of it: for nights, releases and bold changes."""

import os
from collections.abc import Sequence
from typing import TypeVar

from hypothesis import settings

T = TypeVar("T")

WIDE = os.environ.get("TEXTWELL_TEST_WIDE") == "1"
USUAL_EXAMPLES = 40
WIDE_EXAMPLES = 1_000

if WIDE:
    os.environ.setdefault("PYTEST_TIMEOUT", "7200")  # of tests that have no limit of their own


def examples(usual: int) -> int:
    """Of a test of hypothesis that asks for more, or fewer, than the others."""
    return usual * WIDE_EXAMPLES // USUAL_EXAMPLES if WIDE else usual


def share(all_of_them: Sequence[T], *, turn: int, of: int = 3) -> Sequence[T]:
    """One of so many, another for each `turn`: what many tests try by turns. Widely: all.

    For the same odd values given to hundreds of places that read them by the same code.
    """
    return all_of_them if WIDE else all_of_them[turn % of :: of]


settings.register_profile("usual", max_examples=USUAL_EXAMPLES, deadline=None)
settings.register_profile("wide", max_examples=WIDE_EXAMPLES, deadline=None)
settings.load_profile("wide" if WIDE else "usual")

"""Slips of the hand in the words of a refusal, and words that only look like slips."""

import pytest

from textwell.inbox.spelling import count_slips, mend
from textwell.inbox.words import understand


@pytest.mark.parametrize(
    ("one", "other", "slips"),
    [
        ("stop", "stop", 0), ("sotp", "stop", 1), ("stp", "stop", 1), ("stopp", "stop", 1),
        ("atop", "stop", 1), ("unsubscirbe", "unsubscribe", 1), ("usubscibe", "unsubscribe", 2),
        ("", "stop", 4),
    ],
)  # fmt: skip
def test_slips_are_counted(one: str, other: str, slips: int) -> None:
    assert count_slips(one, other) == slips


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("unsubscirbe", "unsubscribe"), ("unsubcsribe me", "unsubscribe me"),
        ("sotp texting me", "stop texting me"), ("abmeldne", "abmelden"),
        ("no kiero recibir mensajez", "no quiero recibir mensajes"),
    ],
)  # fmt: skip
def test_a_slip_is_mended(typed: str, meant: str) -> None:
    assert mend(typed) == meant


@pytest.mark.parametrize(
    "text", ["remote", "massages", "the parcel is on the stoop", "anmelden", "testing", "contacto"]
)
def test_a_word_of_its_own_is_no_slip(text: str) -> None:
    assert mend(text) == text


def test_a_mended_refusal_is_less_certain_than_one_without_slips() -> None:
    assert understand("abmeldne").certainty == 0.75
    assert understand("abmelden").certainty == 0.98
    assert understand("resubscribe me").intent == "opt_in"

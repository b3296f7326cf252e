from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textwell.smpp.message_ids import (
    IdFormat,
    IdSource,
    candidate_keys,
    canonical_id,
    guess_id_format,
    id_key,
    is_same_id,
)


@pytest.mark.parametrize(
    ("id_format", "submitted", "receipted", "same"),
    [
        (IdFormat.EXACT, "00A1", "00A1", True),
        (IdFormat.EXACT, "00A1", "00a1", False),
        (IdFormat.EXACT, "007", "7", False),
        (IdFormat.CASELESS, "00A1", "00a1", True),
        (IdFormat.CASELESS, "0A1", "00a1", False),
        (IdFormat.DECIMAL, "0000000041", "41", True),
        (IdFormat.DECIMAL, "41", "0x29", False),
        (IdFormat.DECIMAL, "a-41", "a-041", False),
        (IdFormat.DECIMAL, "٤١", "41", False),
        (IdFormat.HEX, "0000A1F3", "0xa1f3", True),
        (IdFormat.HEX, "41", "0041", True),
        (IdFormat.HEX, "6ba7b810-9dad", "6BA7B810-9DAD", False),
        (IdFormat.HEX_RECEIPT, "41459", "0000A1F3", True),
        (IdFormat.HEX_RECEIPT, "41459", "41459", False),
        (IdFormat.HEX_SUBMIT, "A1F3", "41459", True),
        (IdFormat.HEX_SUBMIT, "A1F3", "A1F3", False),
    ],
)
def test_ids_are_the_same_only_as_their_format_says(
    id_format: IdFormat, submitted: str, receipted: str, same: bool
) -> None:
    assert is_same_id(submitted, receipted, id_format=id_format) is same


@given(st.text(max_size=70), st.text(max_size=70), st.sampled_from(IdSource))
def test_exact_keys_never_merge(one: str, other: str, source: IdSource) -> None:
    keys = {canonical_id(text, id_format=IdFormat.EXACT, source=source) for text in (one, other)}

    assert len(keys) == len({one, other})


@given(st.integers(0, 2**63), st.integers(0, 5), st.booleans())
def test_a_number_matches_however_it_is_padded(number: int, zeros: int, upper: bool) -> None:
    receipted = "0" * zeros + (f"{number:X}" if upper else f"{number:x}")

    assert is_same_id(str(number), receipted, id_format=IdFormat.HEX_RECEIPT)


@given(st.text(max_size=70), st.text(max_size=70), st.sampled_from(IdFormat))
def test_keys_are_equal_just_when_ids_are_the_same(one: str, other: str, form: IdFormat) -> None:
    submitted = id_key(one, id_format=form, source=IdSource.SUBMIT)
    receipted = id_key(other, id_format=form, source=IdSource.RECEIPT)

    assert (submitted == receipted) is is_same_id(one, other, id_format=form)


def test_a_key_is_the_same_in_every_release() -> None:
    assert id_key("00A1") == 669356717719779003
    assert id_key("00A1", id_format=IdFormat.HEX) == id_key("a1", id_format=IdFormat.HEX)


def test_candidates_come_most_literal_first() -> None:
    assert candidate_keys("0041") == (
        "exact:0041",
        "letters:0041",
        "number:41",
        "number:65",
    )
    assert candidate_keys("x y") == ("exact:x y", "letters:x y")


@pytest.mark.parametrize(
    ("submitted", "receipted", "guess"),
    [
        (["a", "b"], ["b"], IdFormat.EXACT),
        (["A1", "B2"], ["a1", "b2"], IdFormat.CASELESS),
        (["007", "008"], ["7", "8"], IdFormat.DECIMAL),
        (["00A1"], ["a1"], IdFormat.HEX),
        (["41459", "41460"], ["A1F3", "A1F4"], IdFormat.HEX_RECEIPT),
        (["A1F3", "A1F4"], ["41459", "41460"], IdFormat.HEX_SUBMIT),
        (["x"], ["y"], None),
        ([], [], None),
    ],
)
def test_the_format_is_guessed_from_test_messages(
    submitted: list[str], receipted: list[str], guess: IdFormat | None
) -> None:
    assert guess_id_format(submitted, receipted) is guess

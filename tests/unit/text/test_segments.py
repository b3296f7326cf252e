"""Encoding, segments and their sizes."""

from typing import Any

import pytest
import smsutil
from hypothesis import given, settings
from hypothesis import strategies as st

from textwell.text.alphabets import DEFAULT, EXTENSION, GAP, IDENTIFIERS
from textwell.text.gsm7 import get_alphabet
from textwell.text.packing import unpack_septets
from textwell.text.segments import (
    Encoding,
    UnknownLanguageError,
    count_segments,
    find_forcing_characters,
    segment_text,
)
from wide import examples

gsm_characters = st.sampled_from(sorted(set(DEFAULT + EXTENSION) - {GAP}))
gsm_texts = st.text(gsm_characters, max_size=700)
hard_texts = st.text(
    st.one_of(
        gsm_characters,
        st.sampled_from("€[]^~|\\çşăđ😀👨\u200d`\t\x1b\x00\ud83d\ude00"),
        st.characters(),
    ),
    max_size=400,
)
language_sets = st.lists(st.sampled_from(sorted(IDENTIFIERS)), max_size=3)


def shape(text: str, **options: Any) -> tuple[str, int, int, int]:
    found = segment_text(text, **options)
    return found.encoding.value, found.segment_count, found.unit_count, found.units_left


@pytest.mark.parametrize(
    ("why", "text", "expected"),
    [
        ("an empty message is one empty segment", "", ("gsm7", 1, 0, 160)),
        ("a full segment", "a" * 160, ("gsm7", 1, 160, 0)),
        ("one over", "a" * 161, ("gsm7", 2, 161, 145)),
        ("two full", "a" * 306, ("gsm7", 2, 306, 0)),
        ("one over two", "a" * 307, ("gsm7", 3, 307, 152)),
        ("the euro is two septets", "a" * 158 + "€", ("gsm7", 1, 160, 0)),
        ("the euro over the end", "a" * 159 + "€", ("gsm7", 2, 161, 145)),
        ("the euro on the cut wastes a septet", "a" * 152 + "€" + "b" * 152, ("gsm7", 3, 306, 152)),
        ("a form feed is escaped", "\f", ("gsm7", 1, 2, 158)),
        ("line ends are plain", "\r\n", ("gsm7", 1, 2, 158)),
        ("full UCS-2", "ă" * 70, ("ucs2", 1, 70, 0)),
        ("UCS-2 one over", "ă" * 71, ("ucs2", 2, 71, 63)),
        ("UCS-2 two full", "ă" * 134, ("ucs2", 2, 134, 0)),
        ("a surrogate pair is two units", "😀" * 35, ("ucs2", 1, 70, 0)),
        ("a pair on the cut goes over", "😀" * 36, ("ucs2", 2, 72, 61)),
        ("a lone surrogate counts one", "\ud83d", ("ucs2", 1, 1, 69)),
        ("an escape has no GSM form", "\x1b", ("ucs2", 1, 1, 69)),
        ("a tab has no GSM form", "\t", ("ucs2", 1, 1, 69)),
        ("a backtick has no GSM form", "`", ("ucs2", 1, 1, 69)),
        ("the small cedilla has no GSM form", "ç", ("ucs2", 1, 1, 69)),
    ],
)
def test_sizes_at_the_borders(why: str, text: str, expected: tuple[str, int, int, int]) -> None:
    assert shape(text) == expected, why


@pytest.mark.parametrize(
    ("text", "languages", "expected", "locking", "single"),
    [
        ("plain", ("tr",), ("gsm7", 1, 5, 155), None, None),
        ("ı", ("tr",), ("gsm7", 1, 1, 154), "tr", None),
        ("á", ("es",), ("gsm7", 1, 2, 153), None, "es"),
        ("a" * 153 + "á", ("es",), ("gsm7", 1, 155, 0), None, "es"),
        ("a" * 154 + "á", ("es",), ("gsm7", 2, 156, 142), None, "es"),
        ("ã ş", ("pt", "tr"), ("gsm7", 1, 4, 148), "pt", "tr"),
        ("€" * 81, ("tr",), ("gsm7", 1, 81, 74), "tr", None),
        ("नमस्ते", ("hi",), ("gsm7", 1, 6, 149), "hi", None),
        ("नमस्ते ABC", ("hi",), ("gsm7", 1, 13, 139), "hi", "hi"),
        ("漢ş", ("tr",), ("ucs2", 1, 2, 68), None, None),
    ],
)
def test_national_tables_are_used_where_they_are_allowed_and_needed(
    text: str,
    languages: tuple[str, ...],
    expected: tuple[str, int, int, int],
    locking: str | None,
    single: str | None,
) -> None:
    assert shape(text, languages=languages) == expected
    assert segment_text(text, languages=languages).alphabet == get_alphabet(locking, single)


def test_a_16_bit_reference_leaves_one_septet_and_one_unit_less() -> None:
    assert shape("a" * 305, reference_bits=16) == ("gsm7", 3, 305, 151)
    assert shape("ă" * 133, reference_bits=16) == ("ucs2", 3, 133, 65)


def test_forced_by_lists_each_character_once_in_order() -> None:
    assert segment_text("đâu đó – ok").forced_by == ("đ", "â", "ó", "–")
    assert segment_text("déjà").forced_by == ()
    assert segment_text("çş漢", languages=["tr"]).forced_by == ("漢",)
    assert segment_text("😀\ud83d😀").forced_by == ("😀", "\ud83d")


def test_scripts_that_no_pair_of_tables_joins_name_what_the_best_pair_lacks() -> None:
    text = "\u0928\u092e\u0627"  # two letters of Hindi, one of Urdu

    assert find_forcing_characters(text, languages=("hi", "ur")) == ("\u0627",)
    assert segment_text(text, languages=("hi", "ur")).encoding is Encoding.UCS2


def test_an_unknown_language_is_named() -> None:
    with pytest.raises(UnknownLanguageError, match="languages: 'xx' has no national"):
        segment_text("a", languages=["tr", "xx"])


def test_octets_are_packed_from_the_first_bit() -> None:
    assert segment_text("hellohello").segments[0].octets.hex() == "e8329bfd4697d9ec37"
    assert segment_text("€").segments[0].octets.hex() == "9b32"
    assert segment_text("ă").segments[0].octets.hex() == "0103"


@given(gsm_texts)
def test_counts_agree_with_smsutil_where_it_is_right(text: str) -> None:
    """It cuts at 153 also where a text of 154 to 160 septets fits one segment, so do we not."""
    theirs = smsutil.split(text)

    ours = segment_text(text)

    assert ours.unit_count == theirs.total_bytes
    if text:
        assert [segment.text for segment in ours.segments] == [p.content for p in theirs.parts]


@given(hard_texts, language_sets)
def test_segments_join_to_the_text_and_none_is_over_full(text: str, languages: list[str]) -> None:
    found = segment_text(text, languages=languages)
    whole = text.encode("utf-16-be", "surrogatepass").decode("utf-16-be", "surrogatepass")

    joined = "".join(segment.text for segment in found.segments)

    assert joined == (text if found.encoding is Encoding.GSM7 else whole)
    room = found.segments[-1].unit_count + found.units_left
    assert all(segment.unit_count <= room for segment in found.segments)
    assert bool(found.forced_by) == (found.encoding is Encoding.UCS2)


@given(hard_texts, language_sets)
def test_octets_decode_to_the_text_of_their_segment(text: str, languages: list[str]) -> None:
    found = segment_text(text, languages=languages)
    for segment in found.segments:
        if found.encoding is Encoding.GSM7:
            septets = unpack_septets(segment.octets, count=segment.unit_count)
            assert found.alphabet.decode(septets) == segment.text
            assert len(segment.octets) <= 140
        else:
            assert segment.octets.decode("utf-16-be", "surrogatepass") == segment.text


@given(hard_texts)
def test_no_segment_ends_inside_a_pair(text: str) -> None:
    for segment in segment_text(text).segments[:-1]:
        units = segment.octets_unpacked
        if segment.encoding is Encoding.GSM7:
            assert units[-1] != 0x1B
        else:
            ends_high = 0xD8 <= units[-2] <= 0xDB
            assert not ends_high or segment.unit_count == 67


@given(hard_texts)
@settings(max_examples=examples(120))
def test_the_fast_count_is_the_walked_count(text: str) -> None:
    found = segment_text(text)

    assert count_segments(text) == (found.encoding, found.segment_count)


@given(hard_texts, gsm_characters)
def test_a_longer_text_never_takes_fewer_segments(text: str, character: str) -> None:
    assert segment_text(text + character).segment_count >= segment_text(text).segment_count


@given(hard_texts, language_sets)
def test_allowed_languages_never_cost_a_segment(text: str, languages: list[str]) -> None:
    without = segment_text(text).segment_count

    assert segment_text(text, languages=languages).segment_count <= without


def test_a_septet_without_a_character_reads_as_a_space() -> None:
    assert get_alphabet().decode(b"a\x1b\x00b") == "a b"


@given(gsm_texts)
def test_the_fast_count_is_the_walked_count_of_gsm_texts(text: str) -> None:
    assert count_segments(text) == (Encoding.GSM7, segment_text(text).segment_count)


@pytest.mark.parametrize(
    ("why", "text", "languages", "room", "chain_room"),
    [
        ("no table", "a", (), 160, 153),
        ("one table", "ç", ("es",), 155, 149),
        ("two tables", "ı\u0915", ("tr", "hi"), 152, 146),
    ],
)
def test_the_header_of_a_table_takes_room_in_every_segment(
    why: str, text: str, languages: tuple[str, ...], room: int, chain_room: int
) -> None:
    alone = segment_text(text, languages=languages)
    chain = segment_text(text + "a" * 400, languages=languages)

    assert alone.unit_count + alone.units_left == room, why
    assert chain.segments[-1].unit_count + chain.units_left == chain_room, why

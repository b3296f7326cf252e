"""Replacements that save segments, and what they must not touch."""

import unicodedata
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textwell.text.replacements import (
    apply_replacements,
    compute_saving,
    explain_forcing,
    find_replacements,
)
from textwell.text.segments import Encoding
from textwell.text.vietnamese import remove_vietnamese_accents


def replaced(text: str, **options: Any) -> str:
    return apply_replacements(text, find_replacements(text, **options))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“Don’t” – wait…", '"Don\'t" - wait...'),
        ("Ｈｅｌｌｏ！", "Hello!"),
        ("a\u200bb\ufeffc", "abc"),
        ("cafe\u0301", "café"),
        ("ﬁne", "fine"),
        ("soft\u00adhyphen", "softhyphen"),
        ("two\u2028lines", "two\nlines"),
        ("ça reste", "ça reste"),
        ("chào", "chào"),
    ],
)
def test_safe_replacements_keep_the_meaning(text: str, expected: str) -> None:
    assert replaced(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "10–20",
        "1\u00a0000",
        "１２３",
        "٠٩١٢",
        "https://a.example/x–y",
        "www.a.example/b–c",
        "shop.example/a–b",
        "family 👨\u200d👩\u200d👧",
    ],
)
def test_numbers_links_and_emoji_are_left_alone(text: str) -> None:
    assert replaced(text) == text


def test_a_link_ends_before_the_quote_after_it() -> None:
    assert replaced("see “https://a.example/x”…") == 'see "https://a.example/x"...'


def test_values_and_protected_spans_are_left_alone() -> None:
    assert replaced("Hi D’Arcy, it’s on", values=["D’Arcy"]) == "Hi D’Arcy, it's on"
    assert replaced("‘a’ ‘b’", protected=[(0, 3)]) == "‘a’ 'b'"
    assert replaced("a–b", protected=[(-5, 99)]) == "a–b"


def test_positions_are_those_of_the_text() -> None:
    first, second = find_replacements("a “b”")

    assert (first.start, first.end, first.original, first.replacement) == (2, 3, "“", '"')
    assert (second.start, second.kind.value) == (4, "quote")


def test_what_a_national_table_can_write_is_not_replaced() -> None:
    assert replaced("`x`") == "'x'"
    assert replaced("`x`", languages=["pt"]) == "`x`"


def test_the_saving_counts_before_and_after() -> None:
    saving = compute_saving("a" * 100 + "…")

    assert (saving.before.encoding, saving.before.segment_count) == (Encoding.UCS2, 2)
    assert (saving.after.encoding, saving.after.unit_count) == (Encoding.GSM7, 103)
    assert saving.segments_saved == 1
    assert saving.still_forced_by == ()


def test_the_saving_says_what_still_forces() -> None:
    assert compute_saving("“漢”").still_forced_by == ("漢",)


def test_each_forcing_character_says_what_mending_it_alone_saves() -> None:
    quote, han = explain_forcing("’" + "a" * 80 + "漢’")

    assert (quote.character, quote.positions, quote.replacement) == ("’", (0, 82), "'")
    assert (quote.encoding, quote.segment_count) == (Encoding.UCS2, 2)
    assert (han.character, han.replacement) == ("漢", None)


@pytest.mark.parametrize(
    ("what", "text", "forms", "encoding", "saved"),
    [
        ("a GSM letter", "cafe\u0301 " * 20, "é", Encoding.GSM7, 1),
        ("two GSM letters", "e\u0301te\u0301 u\u0308 o\u0308" + "a" * 60, "é", Encoding.UCS2, 1),
        ("a letter that is not GSM", "ca\u0301 " * 30, "á", Encoding.UCS2, 0),
        ("nothing to compose with", "x\u0301 " * 30, None, Encoding.GSM7, 1),
        ("a joiner that does nothing", "a\u200db " * 20, "", Encoding.GSM7, 1),
        ("a dash in a number", "10–20 " * 14, None, Encoding.GSM7, 1),
    ],
)
def test_what_is_said_of_a_mark_is_what_composing_it_saves(
    what: str, text: str, forms: str | None, encoding: Encoding, saved: int
) -> None:
    mark = explain_forcing(text)[0]

    assert (mark.replacement, mark.encoding, mark.segments_saved) == (forms, encoding, saved)
    if forms is not None and len(explain_forcing(text)) == 1:
        assert mark.segments_saved == compute_saving(text).segments_saved


@given(st.text(st.sampled_from("aeuxd \u0301\u0308\u0323’–ă漢1"), max_size=200))
def test_where_one_character_forces_its_saving_is_that_of_all_replacements(text: str) -> None:
    found = explain_forcing(text)
    if len(found) == 1 and found[0].replacement is not None:
        rest = apply_replacements(text, find_replacements(text))
        if found[0].character not in rest:
            assert found[0].segments_saved == compute_saving(text).segments_saved


def test_stale_replacements_are_left_out() -> None:
    changes = find_replacements("“a”")

    assert apply_replacements("xyz", changes) == "xyz"


@given(st.text(st.sampled_from("a1 “”–…\u200b\u00a0é漢./")))
def test_replacing_twice_changes_nothing_more(text: str) -> None:
    once = replaced(text)

    assert replaced(once) == once


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_vietnamese_becomes_plain_in_either_form(form: Literal["NFC", "NFD"]) -> None:
    text = unicodedata.normalize(form, "Chào Đặng Thị Mỹ, giảm 50.000₫ đường Nguyễn Trãi")

    plain = remove_vietnamese_accents(text)

    assert plain == "Chao Dang Thi My, giam 50.000d duong Nguyen Trai"


def test_only_vietnamese_letters_lose_their_marks() -> None:
    assert remove_vietnamese_accents("niño Müller façade") == "niño Müller façade"


def test_links_and_values_keep_their_marks() -> None:
    text = "Chào Đức: https://a.example/đặt"

    assert remove_vietnamese_accents(text, values=["Đức"]) == "Chao Đức: https://a.example/đặt"


@given(st.text(st.sampled_from("ab “”–\u200b\u00a0ｗ漢€"), max_size=300))
def test_replacing_never_costs_a_segment(text: str) -> None:
    assert compute_saving(text).segments_saved >= 0

from datetime import UTC, datetime

import pytest
import time_machine
from django.utils import translation

from textwell.web import formats, words


@pytest.mark.parametrize(
    ("language", "money", "count"),
    [
        ("en", "€1,234.50", "20,000"),
        ("fr", "1 234,50 €", "20 000"),
        ("vi", "1.234,50 €", "20.000"),
        ("zh-hans", "€1,234.50", "20,000"),
        ("es", "1.234,50 €", "20.000"),
    ],
)
def test_money_and_numbers_are_written_as_in_the_language_of_the_page(
    language: str, money: str, count: str
) -> None:
    with translation.override(language):
        written = formats.format_money(1_234_500_000, "EUR"), formats.format_count(20_000)

    plain = tuple(text.replace("\xa0", " ").replace("\u202f", " ") for text in written)
    assert plain == (money, count)


def test_a_price_below_one_keeps_its_digits() -> None:
    assert formats.format_money(4_500, "EUR") == "€0.0045"
    assert formats.format_money(0, "EUR") == "€0.00"
    assert formats.format_money(45_000_000_000, "VND") == "₫45,000"


def test_a_share_of_nothing_is_no_number() -> None:
    assert formats.format_share(0, 0) == "–"
    assert formats.format_share(1, 8) == "12.5%"


def test_a_duration_has_one_unit_and_is_never_nothing() -> None:
    assert formats.format_duration(0) == "1 second"
    assert formats.format_duration(74) == "74 seconds"
    assert formats.format_duration(3 * 3600) == "3 hours"


@time_machine.travel(datetime(2026, 11, 24, 12, tzinfo=UTC), tick=False)
def test_a_moment_is_told_from_now() -> None:
    assert formats.format_ago(datetime(2026, 11, 24, 11, 30, tzinfo=UTC)) == "30 minutes ago"
    assert formats.format_ago(datetime(2026, 11, 26, 12, tzinfo=UTC)) == "in 2 days"


def test_a_country_has_its_name_in_the_language_of_the_page() -> None:
    with translation.override("fr"):
        assert formats.country_name("DE") == "Allemagne"
    assert formats.country_name("XX") == "XX"


def test_reasons_are_told_in_words_and_foreign_words_as_they_came() -> None:
    assert words.reason("no_consent") == "No consent recorded"
    assert words.reason("handset_off").startswith("The phone was off")
    assert words.reason("connection lost") == "connection lost"
    assert words.reason("") == ""

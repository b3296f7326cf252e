"""Dates in texts are named by Django's catalogs; a message of ours that is called alike would win."""

from datetime import date

import pytest
from django.utils import translation
from django.utils.dates import MONTHS, MONTHS_3, WEEKDAYS, WEEKDAYS_ABBR
from django.utils.formats import date_format

from textwell.core.catalogs import LOCALE_DIR

LANGUAGES = sorted(path.name for path in LOCALE_DIR.iterdir() if path.is_dir())


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_takes_the_place_of_a_name_in_dates(language: str) -> None:
    """“May” over a column of rights made the fifth month “Droits”."""
    with translation.override(None):
        names = {str(each) for table in (MONTHS, MONTHS_3, WEEKDAYS, WEEKDAYS_ABBR)
                 for each in table.values()}  # fmt: skip
    catalog = (LOCALE_DIR / language / "LC_MESSAGES" / "django.po").read_text(encoding="utf-8")
    plain = {block.split('msgid "')[1].split('"\n')[0]
             for block in catalog.split("\n\n") if 'msgid "' in block and "msgctxt" not in block}  # fmt: skip

    assert len(plain) > 1000
    assert plain & names == set()


def test_may_is_a_month() -> None:
    with translation.override("fr"):
        assert date_format(date(2027, 5, 1), "MONTH_DAY_FORMAT") == "1 mai"

"""The bench's import leg: both ways take the same rows, and a difference voids the run."""

import csv
from pathlib import Path

import pytest

from textwell.cli.bench.people_file import write_people_file
from textwell.cli.bench.people_import import _Legs, run_import
from textwell.contacts.models import Contact, ImportRow
from textwell.text import normalise_bulk


@pytest.mark.django_db
def test_both_ways_take_the_same_rows_and_leave_no_person() -> None:
    result = run_import(1_000, 1)

    assert (result.void, result.count, result.least) == ("", 1_000, 40_000)
    assert not Contact.objects.exists()
    assert not ImportRow.objects.exists()


@pytest.mark.django_db
def test_a_row_that_only_one_way_takes_voids_the_run(tmp_path: Path) -> None:
    write_people_file(tmp_path / "a.csv", 200)
    legs = _Legs(tmp_path / "a.csv", 200)
    legs.measure_import()
    legs.measure_twin()
    legs.taken["twin"][2] = "+84900000000"

    assert legs.find_faults() == "1 rows are not taken as the twin takes them"


def test_the_file_has_nine_bad_rows_of_a_hundred(tmp_path: Path) -> None:
    write_people_file(tmp_path / "a.csv", 1_000)
    write_people_file(tmp_path / "b.csv", 1_000)
    with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as file:
        numbers = normalise_bulk([row["Phone"] for row in csv.DictReader(file)], "VN")

    assert (len(numbers), sum(number.e164 is None for number in numbers)) == (1_000, 90)
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()

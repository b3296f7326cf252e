"""Rule packs: all that ship are whole and do what they say; one that is not does not load."""

import re
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from textwell.compliance.calendars import CalendarError, find_calendar
from textwell.compliance.comparing import compare_packs
from textwell.compliance.library import FOLDER, Library, shipped_library
from textwell.compliance.reading import PackError, read_pack
from textwell.compliance.schema import CapRule, Deadline
from textwell.compliance.vectors import check_pack

FILES = list(Library().iter_files())
_read_once = cache(read_pack)
FRANCE = (FOLDER / "FR" / "2026-11-01.toml").read_text(encoding="utf-8")


def _write(folder: Path, text: str, name: str = "FR") -> Path:
    (folder / name).mkdir()
    path = folder / name / "2026-11-01.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_sixty_six_jurisdictions_ship() -> None:
    assert len(Library().ids) == 66
    assert len(FILES) == 66


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parent.name)
def test_a_shipped_pack_does_what_its_vectors_say(path: Path) -> None:
    assert list(check_pack(_read_once(path), shipped_library())) == []


def test_twelve_packs_have_twenty_vectors_and_more() -> None:
    counts = [sum(len(rule.vector) for rule in _read_once(path).rule) for path in FILES]

    assert sum(count >= 20 for count in counts) >= 12


def test_a_pack_inherits_from_one_that_ships() -> None:
    library = Library()
    parents = {_read_once(path).inherits for path in FILES} - {""}

    assert parents <= library.ids


@pytest.mark.parametrize(
    ("old", "new", "rule", "problem"),
    [
        ('kind = "hours"', 'kind = "hourz"', "hours", "hourz"),
        ('mon = ["08:00-22:00"]', 'mon = ["22:00-08:00"]', "hours", "ends before it begins"),
        ('mon = ["08:00-22:00"]', 'mon = ["8-22"]', "hours", "write it as 08:00-22:00"),
        ('mon = ["08:00-22:00"]', 'mon = ["08:00-12:00", "11:00-13:00"]', "hours", "overlap"),
        ('mon = ["08:00-22:00"]', 'mon = "08:00"', "hours", "mon"),
        ('needs = "express"', 'needs = "expres"', "consent", "needs"),
        ('needs = "express"', 'needs = "express"\nspeed = 3', "consent", "speed"),
        ('sources = ["s1", "s2", "s3", "s4", "s5"]', "sources = []", "service", "source"),
        ('sources = ["s1", "s2", "s3", "s4", "s5"]', 'sources = ["s9"]', "service", "s9"),
        ('says = "Mon-Sat 08:00-20:00"\n', "", "hours", "says"),
        ("is_used = false", "is_used = true", "hours", "exactly one"),
        ('calendar = "FR"', 'calendar = "QQ"', "holidays", "no calendar QQ"),
        ('"FR-57" = "FR-57"', '"FR-57" = "FR-99"', "holidays", "no calendar FR-99"),
    ],
)
def test_a_rule_at_fault_is_named_with_its_line(
    tmp_path: Path, old: str, new: str, rule: str, problem: str
) -> None:
    path = _write(tmp_path, FRANCE.replace(old, new, 1))

    with pytest.raises(PackError, match=re.escape(problem)) as caught:
        read_pack(path)

    head = path.read_text(encoding="utf-8").splitlines()[caught.value.line - 1]
    assert (head, caught.value.rule) == ("[[rule]]", rule)
    assert str(caught.value).startswith(
        f"FR/2026-11-01.toml, line {caught.value.line}, rule {rule}: "
    )


@pytest.mark.parametrize(("passes", "word"), [("true", "passes"), ("false", "fails")])
def test_a_rule_without_a_vector_of_each_kind_does_not_load(
    tmp_path: Path, passes: str, word: str
) -> None:
    start = FRANCE.index('[[rule]]\nid = "opt_out"')
    other = "false" if passes == "true" else "true"
    text = FRANCE[:start] + FRANCE[start:].replace(f"passes = {passes}", f"passes = {other}")

    with pytest.raises(PackError, match=f"rule opt_out: .* in which it {word}"):
        read_pack(_write(tmp_path, text))


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('id = "FR"', 'id = "IT"', "id: it lies in the folder FR"),
        ("effective_from = 2026-11-01", "effective_from = 2026-12-01", "2026-12-01.toml"),
        ('zones = ["Europe/Paris"]', 'zones = ["Europe/Pariss"]', "Europe/Pariss"),
        ('zones = ["Europe/Paris"]', "zones = []", "at least one"),
        ("[proof]", "[proof", "line"),
        ('reviewer = "Textwell', 'reviewer = " "\n# "', "line 7: reviewer: say who"),
        ('checked_on = "2026-11"', 'checked_on = ""', "line 6: checked_on: say when"),
        (
            "effective_from = 2026-11-01",
            "effective_from = 2026-11-01\neffective_to = 2026-10-31",
            "line 6: effective_to: it lies before effective_from",
        ),
        ('country = "FR"', 'country = "IT"', "country: FR is no part of IT"),
        ('id = "s2"\n', 'id = "s1"\n', "source: two sources have the id s1"),
        ('kind = "law"', 'kind = ""', "source: s1 needs a name and a kind"),
    ],
)
def test_a_pack_at_fault_says_so(tmp_path: Path, old: str, new: str, problem: str) -> None:
    with pytest.raises(PackError, match=re.escape(problem)):
        read_pack(_write(tmp_path, FRANCE.replace(old, new, 1)))


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("max = 3", "max = 0", "max: must be 1 or more"),
        ("period_hours = 24", "period_hours = 0", "period_hours: must be 1 or more"),
    ],
)
def test_a_cap_that_can_never_be_kept_does_not_load(
    tmp_path: Path, old: str, new: str, problem: str
) -> None:
    text = (FOLDER / "VN" / "2026-11-01.toml").read_text(encoding="utf-8").replace(old, new, 1)

    with pytest.raises(PackError, match=f"rule cap: {problem}"):
        read_pack(_write(tmp_path, text, "VN"))


def test_a_pack_says_since_when_and_on_what_ground_its_duties_hold() -> None:
    vietnam, canada = (_read_once(FOLDER / name / "2026-11-01.toml") for name in ("VN", "CA"))
    hong_kong = _read_once(FOLDER / "HK" / "2026-11-01.toml")
    cap = next(rule for rule in vietnam.rule if isinstance(rule, CapRule))

    assert cap.scope == "per recipient and advertiser"
    assert canada.opt_out_deadline == Deadline(10, "business_days", effective_from="2014-07-01")
    assert hong_kong.proof is not None
    assert hong_kong.proof.retention_basis == "statute"
    assert canada.penalties is not None
    assert (canada.penalties.max_amount, canada.penalties.currency) == (10_000_000, "CAD")
    assert canada.penalties.per == "violation"


def test_a_vector_that_comes_out_otherwise_is_found(tmp_path: Path) -> None:
    path = _write(tmp_path, FRANCE.replace('mon = ["08:00-22:00"]', 'mon = ["08:00-21:00"]', 1))
    pack = read_pack(path)

    failures = list(check_pack(pack, Library(tmp_path)))

    assert [(failure.rule, failure.why) for failure in failures] == [
        ("hours", "the last minute before the end")
    ]


def test_the_vectors_of_a_later_version_are_judged_by_it(tmp_path: Path) -> None:
    (tmp_path / "FR").mkdir()
    (tmp_path / "FR" / "2026-11-01.toml").write_text(FRANCE, encoding="utf-8")
    later = FRANCE.replace("effective_from = 2026-11-01", "effective_from = 2027-01-01").replace(
        'needs = "express"', 'needs = "express_written"'
    )
    path = tmp_path / "FR" / "2027-01-01.toml"
    path.write_text(later, encoding="utf-8")

    failures = list(check_pack(read_pack(path), Library(tmp_path)))

    assert ("consent", "consent of the kind that is needed (express)") in [
        (failure.rule, failure.why) for failure in failures
    ]


def test_a_version_that_ended_without_a_next_one_holds_no_more(tmp_path: Path) -> None:
    ended = FRANCE.replace(
        "effective_from = 2026-11-01", "effective_from = 2026-11-01\neffective_to = 2027-03-01"
    )
    _write(tmp_path, ended)
    library = Library(tmp_path)

    assert library.find("FR", date(2027, 3, 1)) is not None
    assert library.find("FR", date(2027, 3, 2)) is None


def test_two_versions_are_compared_by_what_they_judge(tmp_path: Path) -> None:
    changed = FRANCE.replace('mon = ["08:00-22:00"]', 'mon = ["08:00-20:00"]', 1).replace(
        "Several French senders state", "Some state", 1
    )
    old, new = read_pack(FOLDER / "FR" / "2026-11-01.toml"), read_pack(_write(tmp_path, changed))

    changes = [str(change) for change in compare_packs(old, new)]

    assert changes == ['hours.mon: ["08:00-22:00"] -> ["08:00-20:00"]']


def test_keywords_and_zones_are_compared_too(tmp_path: Path) -> None:
    changed = FRANCE.replace('words = ["STOP"]', 'words = ["STOP", "FIN"]', 1).replace(
        'FR-RE = ["Indian/Reunion"]', 'FR-RE = ["Indian/Mauritius"]', 1
    )
    new = read_pack(_write(tmp_path, changed))

    changes = list(compare_packs(_read_once(FOLDER / "FR" / "2026-11-01.toml"), new))

    assert [(change.rule, change.key) for change in changes] == [
        ("pack", "subdivisions"),
        ("pack", "keywords"),
    ]


def test_days_of_ones_own_stand_above_the_frozen_ones(tmp_path: Path) -> None:
    (tmp_path / "ZA.toml").write_text(
        'first_year = 2026\nlast_year = 2027\n[days]\n2026-12-16 = "Day of Reconciliation"\n'
    )
    (tmp_path / "overrides.toml").write_text(
        '[[add]]\ncalendar = "ZA"\nday = 2026-11-04\nname = "Election"\n'
        '[[remove]]\ncalendar = "ZA"\nday = 2026-12-16\n'
    )

    assert [str(day) for day in find_calendar("ZA", tmp_path).days] == ["2026-11-04"]


def test_a_day_that_follows_the_moon_bars_its_neighbours(tmp_path: Path) -> None:
    (tmp_path / "EG.toml").write_text(
        'first_year = 2027\nlast_year = 2027\n[days]\n2027-03-10 = "Islamic New Year (observed, estimated)"\n'
    )

    days = sorted(str(day) for day in find_calendar("EG", tmp_path).days)

    assert days == ["2027-03-09", "2027-03-10", "2027-03-11"]


def test_a_calendar_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CalendarError, match="no calendar XX"):
        find_calendar("XX", tmp_path)

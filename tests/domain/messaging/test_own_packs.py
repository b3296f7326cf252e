"""Rule packs of an operator's own: which load, and how one is put in force."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from msgspec.structs import replace

from builders import make_workspace
from textwell.accounts.models import AuditEntry, Workspace
from textwell.cli import packs
from textwell.compliance.library import FOLDER, Library, shipped_library, use_own_packs
from textwell.compliance.reading import read_pack
from textwell.core.errors import Conflict
from textwell.core.settings import load_settings
from textwell.messaging import own_packs
from textwell.messaging.law import basis_of, place_of
from textwell.messaging.models import OwnPack
from textwell.messaging.own_packs import (
    PackWatch,
    activate_pack,
    load_own_packs,
    withdraw_pack,
)

pytestmark = pytest.mark.django_db
DAY = date(2031, 1, 1)


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of own packs, and none of them in use afterwards."""
    conf = load_settings().model_copy(update={"packs": str(tmp_path / "own")})
    monkeypatch.setattr(own_packs, "load_settings", lambda: conf)
    yield tmp_path / "own"
    use_own_packs([])


def write_pack(folder: Path, *, day: str = "2031-01-01", **words: str) -> Path:
    text = (FOLDER / "FR" / "2026-11-01.toml").read_text()
    text = text.replace("effective_from = 2026-11-01", f"effective_from = {day}")
    for old, new in words.items():
        assert old in text
        text = text.replace(old, new, 1)
    (folder / "FR").mkdir(parents=True, exist_ok=True)
    path = folder / "FR" / f"{day}.toml"
    path.write_text(text)
    return path


def version_on(day: date) -> str:
    found = shipped_library().find("FR", day)
    assert found is not None
    return found.version


def run(*arguments: str, answer: str = "") -> Result:
    return CliRunner().invoke(packs.command, arguments, input=answer)


def test_a_pack_of_ones_own_holds_from_its_day_on_beside_those_that_ship(own: Path) -> None:
    write_pack(own)

    load_own_packs()

    assert version_on(date(2030, 12, 31)) == "FR@2026-11-01"
    assert version_on(DAY) == "FR@2031-01-01"


def test_a_first_pack_of_a_country_stands_for_no_day_before_its_own() -> None:
    pack = replace(read_pack(FOLDER / "FR" / "2026-11-01.toml"), id="QZ", effective_from=DAY)

    library = Library(own=[pack])

    assert library.find("QZ", date(2030, 12, 31)) is None
    assert library.find("QZ", DAY) == pack


def test_none_is_put_in_force_for_days_that_are_over(own: Path, time_machine: Any) -> None:
    text = write_pack(own).read_text()
    time_machine.move_to(datetime(2031, 1, 2, tzinfo=UTC), tick=False)

    with pytest.raises(Conflict, match="days that are over"):
        activate_pack(text=text, actor="system", moved_count=0, stopped_count=0)
    assert OwnPack.objects.count() == 0

    time_machine.move_to(datetime(2031, 1, 1, tzinfo=UTC), tick=False)
    activate_pack(text=text, actor="system", moved_count=0, stopped_count=0)
    time_machine.move_to(datetime(2031, 1, 2, tzinfo=UTC), tick=False)
    activate_pack(text=text, actor="system", moved_count=0, stopped_count=0)  # it is in force


@pytest.mark.parametrize(
    ("day", "words", "told"),
    [
        ("2031-01-01", {'kind = "hours"': 'kind = "our"'}, "FR/2031-01-01.toml, line"),
        ("2031-01-01", {"passes = true": "passes = false"}, "rule service: add a [[rule.vector]]"),
        ("2026-11-01", {}, "FR@2026-11-01 ships with Textwell"),
    ],
)
def test_what_is_at_fault_does_not_load_and_is_told(
    own: Path, day: str, words: dict[str, str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_pack(own, day=day, **words)

    load_own_packs()
    refused = run("activate", "--yes", str(path))

    assert version_on(DAY) == "FR@2026-11-01"
    assert "a rule pack of your own does not load" in "".join(capsys.readouterr())
    assert told in str(refused.exception)
    assert AuditEntry.objects.filter(action="packs.activated").count() == 0


def test_one_is_put_in_force_after_its_impact_was_shown_and_it_is_audited(
    own: Path, tmp_path: Path, workspace: Workspace
) -> None:
    make_workspace(name="Other")
    path = write_pack(tmp_path / "drafts")

    refused = run("activate", str(path), answer="n\n")
    assert (refused.exit_code, OwnPack.objects.count()) == (1, 0)
    done = run("activate", str(path), answer="y\n")

    assert done.output.splitlines()[0] == "0 texts moved, 0 stopped."
    assert list(OwnPack.objects.values_list("version", "content")) == [
        ("FR@2031-01-01", path.read_text())
    ]
    entries = AuditEntry.objects.filter(action="packs.activated")
    assert [(e.actor, e.subject, e.data) for e in entries] == [
        ("system", "pack:FR@2031-01-01", {"after": {"moved": 0, "stopped": 0}})
    ] * 2


@pytest.mark.django_db(transaction=True)
def test_a_process_that_runs_holds_to_what_was_put_in_force_at_its_next_look(
    own: Path, tmp_path: Path
) -> None:
    watch = PackWatch()
    place, noon = place_of("FR", "+33612345678", ""), datetime(2031, 6, 3, 10, 0, tzinfo=UTC)
    assert watch.look() is False
    before = basis_of(place, noon, "recommended").packs
    path = write_pack(tmp_path / "drafts")

    activate_pack(text=path.read_text(), actor="system", moved_count=0, stopped_count=0)
    assert basis_of(place, noon, "recommended").packs == before  # as it was remembered
    assert (watch.look(), watch.look()) == (True, False)

    assert before == ("FR@2026-11-01",)
    assert basis_of(place, noon, "recommended").packs == ("FR@2031-01-01",)
    assert version_on(date(2030, 12, 31)) == "FR@2026-11-01"

    withdraw_pack(version="FR@2031-01-01", actor="system", moved_count=0, stopped_count=0)
    assert (watch.look(), watch.look()) == (True, False)
    assert basis_of(place, noon, "recommended").packs == ("FR@2026-11-01",)
    assert shipped_library().find_version("FR@2031-01-01") is not None  # for proofs that name it


def test_a_pack_that_was_taken_back_held_until_then(own: Path) -> None:
    pack = read_pack(write_pack(own))

    library = Library(own=[pack], withdrawn={pack.version: date(2031, 2, 1)})

    found = [library.find("FR", day) for day in (date(2031, 1, 31), date(2031, 2, 1))]
    assert [each.version for each in found if each] == ["FR@2031-01-01", "FR@2026-11-01"]


def test_one_is_taken_back_after_its_impact_was_shown_and_it_is_audited(
    own: Path, tmp_path: Path, workspace: Workspace
) -> None:
    text = write_pack(tmp_path / "drafts").read_text()
    activate_pack(text=text, actor="system", moved_count=0, stopped_count=0)

    kept = run("withdraw", "FR@2031-01-01", answer="n\n")
    assert (kept.exit_code, OwnPack.objects.get().withdrawn_at) == (1, None)
    done = run("withdraw", "FR@2031-01-01", answer="y\n")
    again = run("withdraw", "FR@2031-01-01", "--yes")

    assert done.output.splitlines()[0] == "0 texts moved, 0 stopped."
    assert "was taken back already" in str(again.exception)
    entry = AuditEntry.objects.get(action="packs.withdrawn")
    assert (entry.actor, entry.subject) == ("system", "pack:FR@2031-01-01")
    with pytest.raises(Conflict, match="was taken back"):
        activate_pack(text=text, actor="system", moved_count=0, stopped_count=0)


def test_a_version_in_force_is_never_changed_and_the_same_again_is_once(
    own: Path, tmp_path: Path, workspace: Workspace
) -> None:
    text = write_pack(tmp_path / "drafts").read_text()
    for _again in range(2):
        activate_pack(text=text, actor="system", moved_count=0, stopped_count=0)

    with pytest.raises(Conflict, match="FR@2031-01-01 is in force"):
        activate_pack(text=text + "# other", actor="system", moved_count=0, stopped_count=0)

    assert AuditEntry.objects.filter(action="packs.activated").count() == 1
    assert OwnPack.objects.get().content == text

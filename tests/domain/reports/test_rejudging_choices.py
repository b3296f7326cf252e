"""A campaign judged once more with what its workspace chose of the rules, as it stood then or stands now."""

from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path

import pytest
from django.db import connection

from domain.reports.test_rejudging import MORNING, OPENS_LATER, changed_pack, run, sent_campaign
from textwell.accounts.actions import record_audit
from textwell.accounts.models import AuditEntry, Workspace
from textwell.cli._rejudging import ask
from textwell.compliance.library import WithVersion, shipped_library
from textwell.compliance.reading import read_pack
from textwell.messaging.chosen_then import ChosenAs, load_choices
from textwell.messaging.models import ExceptionDay, ExceptionState, LenientReading
from textwell.reports.rejudging import judging
from textwell.reports.rejudging.judging import rejudge_part
from textwell.reports.rejudging.keeping import Asked

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def named_day(
    workspace: Workspace, *, approved_at: datetime, withdrawn_at: datetime | None = None
) -> None:
    """The day of the texts, without our hours in France."""
    ExceptionDay.objects.create(
        workspace_id=workspace.id, country="FR", day=MORNING.date(), name="Fair", reason="Open early",
        state=ExceptionState.WITHDRAWN if withdrawn_at else ExceptionState.APPROVED, asked_by="user:1",
        approved_at=approved_at, decided_at=withdrawn_at or approved_at,
    )  # fmt: skip


# What became of the day, hours from the texts' moment: approved, withdrawn; who is held then and now.
COURSES = (
    ("it holds", -1, None, 0, 0),
    ("it was withdrawn after they went out", -1, 1, 0, 3),
    ("it was withdrawn before they went out", -2, -1, 3, 3),
    ("it was approved after they went out", 1, None, 3, 0),
)


def test_a_named_day_counts_as_it_stood_when_the_texts_went_out(
    workspace: Workspace, tmp_path: Path
) -> None:
    campaign = sent_campaign(workspace, handed=6, waiting=0)
    library = WithVersion(shipped_library(), read_pack(changed_pack(tmp_path, OPENS_LATER)))

    for what, approved, withdrawn, held_then, held_now in COURSES:
        ExceptionDay.objects.all().delete()
        ended = None if withdrawn is None else MORNING + withdrawn * HOUR
        named_day(workspace, approved_at=MORNING + approved * HOUR, withdrawn_at=ended)
        then, _rest = rejudge_part(campaign, library)
        now, _rest = rejudge_part(campaign, library, chosen="now")
        assert (then.by_verdict["hold"], now.by_verdict["hold"]) == (held_then, held_now), what


def test_what_was_chosen_is_known_of_each_moment(workspace: Workspace) -> None:
    start = datetime(2031, 3, 1, tzinfo=UTC)
    named_day(workspace, approved_at=start + HOUR, withdrawn_at=start + 3 * HOUR)
    reading = LenientReading.objects.create(
        workspace_id=workspace.id, rule="CN:hours", says="to 22:00", signed_by="A", reason="B",
        actor="user:1", ended_at=start + 4 * HOUR,
    )  # fmt: skip
    LenientReading.objects.filter(id=reading.id).update(chosen_at=start + 2 * HOUR)

    then = load_choices(workspace.id, "then")

    assert [then.at(start + hours * HOUR) for hours in range(5)] == [
        "", "+FR:2031-03-04", "+FR:2031-03-04~CN:hours", "~CN:hours", "",
    ]  # fmt: skip
    assert load_choices(workspace.id, "now").at(start + 2 * HOUR) == ""


def test_judging_at_the_command_line_goes_on_where_it_was_stopped(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = sent_campaign(workspace, handed=8, waiting=0)
    monkeypatch.setattr(judging, "CHUNK", 2)
    asked = ["rejudge", "--campaign", str(campaign.id)]
    whole = run(*asked)
    judge, seen = judging._Judge.add, []

    def stop_at_the_third(self: judging._Judge, group: judging.Group) -> None:
        if len(seen) == 5:
            raise KeyboardInterrupt
        seen.append(group)
        judge(self, group)

    monkeypatch.setattr(judging._Judge, "add", stop_at_the_third)
    stopped = run(*asked)
    monkeypatch.setattr(judging._Judge, "add", judge)
    other, gone_on = run(*asked, "--choices", "now"), run(*asked)

    assert stopped.exit_code == 1
    assert "The same command goes on where it stood" in stopped.stderr
    assert "Going on" not in other.stderr
    assert "Going on after 4 texts" in gone_on.stderr
    assert gone_on.stdout.splitlines()[1:] == whole.stdout.splitlines()[1:]
    assert "Going on" not in run(*asked).stderr


def test_what_was_judged_by_other_choices_of_now_is_not_gone_on_with(workspace: Workspace) -> None:
    campaign = sent_campaign(workspace, handed=2, waiting=0)

    def asked() -> list[Asked]:
        words: tuple[ChosenAs, ChosenAs] = ("then", "now")
        return [ask(campaign, shipped_library(), None, chosen) for chosen in words]

    then, now = asked()
    assert asked() == [then, now]
    named_day(workspace, approved_at=MORNING)
    then_anew, now_anew = asked()

    assert (then_anew == then, now_anew == now) == (True, False)


def test_days_from_before_learn_when_they_were_approved(workspace: Workspace) -> None:
    made = import_module("textwell.messaging.migrations.0022_exception_approved")
    named_day(workspace, approved_at=MORNING, withdrawn_at=MORNING + HOUR)
    day = ExceptionDay.objects.get()
    record_audit(
        workspace_id=workspace.id, actor="user:2", action="law.exception_approved",
        subject=f"exception_day:{day.id}",
    )  # fmt: skip
    ExceptionDay.objects.create(
        workspace_id=workspace.id, country="DE", day=MORNING.date(), name="Fair", reason="Open early",
        state=ExceptionState.APPROVED, asked_by="user:1", decided_at=MORNING,
    )  # fmt: skip
    ExceptionDay.objects.update(approved_at=None)

    with connection.cursor() as cursor:
        cursor.execute(made._FILL)

    entry = AuditEntry.objects.get(action="law.exception_approved")
    assert dict(ExceptionDay.objects.values_list("country", "approved_at")) == {
        "FR": entry.at,
        "DE": MORNING,
    }

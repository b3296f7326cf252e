"""What a workspace chooses of the rules: days without our cautious hours, and how disputed rules are read.

The law itself is chosen by nobody. Each choice is kept with who made it; what holds now stands as one
word on the workspace (`compliance.choices`), and every plan and hand-off goes by that.
"""

from __future__ import annotations

from datetime import UTC, date, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from textwell.accounts.actions import record_audit
from textwell.accounts.models import Workspace
from textwell.accounts.selectors import people_behind
from textwell.compliance.choices import write_choices
from textwell.core.clock import now
from textwell.core.db import cursor
from textwell.core.errors import Conflict, FieldError, Forbidden, NotFound
from textwell.messaging import sql
from textwell.messaging.disputed import find_dispute, has_recommended_hours
from textwell.messaging.models import ExceptionDay, ExceptionState, LenientReading

MAX_DAYS_AHEAD: Final = 400
MAX_OPEN_DAYS: Final = 60
MAX_TEXT: Final = 500
MAX_NAME: Final = 80
MAX_SIGNATURE: Final = 120
_OPEN: Final = (ExceptionState.ASKED, ExceptionState.APPROVED)


@transaction.atomic
def ask_exception_day(
    *, workspace_id: int, actor: str, country: str, day: date, name: str, reason: str
) -> ExceptionDay:
    """Ask that the hours we recommend in a country do not hold on a day. Somebody else approves it.

    Raises:
        FieldError: something is missing, the day cannot be, or no hours are recommended there.
        Conflict: that day is asked for or approved already, or there are too many.
    """
    country = country.strip().upper()
    name, reason = _text("name", name, most=MAX_NAME), _text("reason", reason)
    _check_day(day)
    if not has_recommended_hours(country, day):
        mend = _("Name a country with a rule pack that recommends hours, as CN.")
        raise FieldError("country", _("has no hours that we recommend"), mend)
    _lock(workspace_id)
    mine = ExceptionDay.objects.filter(workspace_id=workspace_id, state__in=_OPEN)
    if mine.filter(day__gte=_today()).count() >= MAX_OPEN_DAYS:
        raise Conflict(_("There are %(most)d such days already.") % {"most": MAX_OPEN_DAYS})
    if mine.filter(country=country, day=day).exists():
        raise Conflict(_("This day is on file there already."))
    made = ExceptionDay.objects.create(
        workspace_id=workspace_id,
        country=country,
        day=day,
        name=name,
        reason=reason,
        asked_by=actor,
    )
    _note_day(made, actor, "law.exception_asked", reason=reason)
    return made


@transaction.atomic
def decide_exception_day(
    *, workspace_id: int, exception_id: int, actor: str, is_approved: bool, note: str = ""
) -> ExceptionDay:
    """Approve a day or give it back. What waits is judged by it from now on.

    Raises:
        NotFound: there is none.
        Forbidden: the actor asked for it, by a key of theirs too.
        Conflict: it does not wait for a decision.
        FieldError: it is given back without a note.
    """
    found = _access_locked(workspace_id, exception_id)
    if found.state != ExceptionState.ASKED:
        raise Conflict(_("This day does not wait for approval."))
    if not may_decide_day(found, actor):
        raise Forbidden(_("Nobody approves their own work. Ask somebody else."))
    if not is_approved:
        _text("note", note)
    state = ExceptionState.APPROVED if is_approved else ExceptionState.RETURNED
    return _decide(found, actor, state, note.strip()[:MAX_TEXT])


@transaction.atomic
def withdraw_exception_day(*, workspace_id: int, exception_id: int, actor: str) -> ExceptionDay:
    """Have our hours hold on that day again: needs nobody else's word. Twice is once. Raises NotFound."""
    found = _access_locked(workspace_id, exception_id)
    if found.state not in _OPEN:
        return found
    return _decide(found, actor, ExceptionState.WITHDRAWN, found.note)


def may_decide_day(exception: ExceptionDay, actor: str) -> bool:
    """False for whoever asked for it, by a key of theirs too."""
    return set(people_behind(exception.asked_by)).isdisjoint(people_behind(actor))


@transaction.atomic
def choose_reading(
    *, workspace_id: int, actor: str, rule: str, signed_by: str, reason: str
) -> LenientReading:
    """Read a disputed rule (CN:hours) the lenient way; `signed_by` answers for it by name.

    The same again changes nothing.

    Raises:
        FieldError: there is no such rule, it has no reading to choose, or nobody signs or says why.
    """
    dispute = find_dispute(rule, on=_today())
    if dispute is None or dispute.lenient is None:
        mend = _("Name a disputed rule with a reading to choose, as CN:hours.")
        raise FieldError("rule", _("is no rule that may be read otherwise"), mend)
    signed_by = _text("signed_by", signed_by, most=MAX_SIGNATURE)
    reason = _text("reason", reason)
    _lock(workspace_id)
    standing = LenientReading.objects.filter(
        workspace_id=workspace_id, rule=rule, ended_at=None
    ).first()
    if standing is not None and dispute.is_read_leniently([standing.chosen_name]):
        return standing
    if standing is not None:  # signed for other words of the rule
        _end(standing, actor)
    made = LenientReading.objects.create(
        workspace_id=workspace_id,
        rule=rule,
        signed_name=dispute.signed_name,
        says=dispute.lenient.says,
        signed_by=signed_by,
        reason=reason,
        actor=actor,
    )
    _put_choices(workspace_id)
    record_audit(
        workspace_id=workspace_id,
        actor=actor,
        action="law.reading_chosen",
        subject=f"rule:{rule}",
        before={"says": dispute.strict.says},
        after={"says": made.says, "signed_by": signed_by},
        reason=reason,
    )
    return made


@transaction.atomic
def end_reading(*, workspace_id: int, actor: str, rule: str) -> None:
    """Have a disputed rule read the strict way again. Twice is once."""
    _lock(workspace_id)
    found = LenientReading.objects.filter(
        workspace_id=workspace_id, rule=rule, ended_at=None
    ).first()
    if found is None:
        return
    _end(found, actor)
    _put_choices(workspace_id)
    record_audit(
        workspace_id=workspace_id,
        actor=actor,
        action="law.reading_ended",
        subject=f"rule:{rule}",
        before={"says": found.says, "signed_by": found.signed_by},
    )


def _end(found: LenientReading, actor: str) -> None:
    found.ended_by, found.ended_at = actor, now()
    found.save(update_fields=["ended_by", "ended_at"])


def list_exception_days(workspace_id: int) -> list[ExceptionDay]:
    """All of a workspace, the latest day first."""
    mine = ExceptionDay.objects.filter(workspace_id=workspace_id)
    return list(mine.order_by("-day", "country", "-id"))


def access_exception_day(workspace_id: int, exception_id: int) -> ExceptionDay:
    """One of the workspace. Raises NotFound, also for another workspace's."""
    found = ExceptionDay.objects.filter(workspace_id=workspace_id, id=exception_id).first()
    if found is None:
        raise NotFound("exception day", exception_id)
    return found


def list_chosen(workspace_id: int) -> dict[str, LenientReading]:
    """What was signed for and not taken back, by the rule's name.

    One whose rule says something else by now is void (`Dispute.is_read_leniently`): it is read strictly.
    """
    mine = LenientReading.objects.filter(workspace_id=workspace_id, ended_at=None)
    return {each.rule: each for each in mine}


def whole_choices(workspace_id: int) -> str:
    """As the workspace has it, with all days that are past: to judge what was sent once more."""
    return _choices(workspace_id, since=date.min)


def _decide(found: ExceptionDay, actor: str, state: ExceptionState, note: str) -> ExceptionDay:
    found.state, found.note = state, note
    found.decided_by, found.decided_at = actor, now()
    if state is ExceptionState.APPROVED:
        found.approved_at = found.decided_at
    found.save(update_fields=["state", "note", "decided_by", "decided_at", "approved_at"])
    _put_choices(found.workspace_id)
    _note_day(found, actor, f"law.exception_{state.value}", reason=note)
    return found


def _put_choices(workspace_id: int) -> None:
    # A day begins and ends as the person's clock says: yesterday's may not be over everywhere.
    word = _choices(workspace_id, since=_today() - timedelta(days=1))
    Workspace.objects.filter(id=workspace_id).update(law_choices=word)
    with cursor() as raw:  # whoever has some of its texts takes them anew, by these rules
        raw.execute(sql.RELEASE_WORKSPACE, {"workspace_id": workspace_id})


def _choices(workspace_id: int, *, since: date) -> str:
    days = ExceptionDay.objects.filter(
        workspace_id=workspace_id, state=ExceptionState.APPROVED, day__gte=since
    )
    return write_choices(
        free_days=days.values_list("country", "day"),
        lenient=[each.chosen_name for each in list_chosen(workspace_id).values()],
    )


def _lock(workspace_id: int) -> None:
    # `no_key`: whoever has batches locked and writes a row of the workspace need not wait for us.
    Workspace.objects.select_for_update(no_key=True).get(id=workspace_id)


def _access_locked(workspace_id: int, exception_id: int) -> ExceptionDay:
    _lock(workspace_id)
    return access_exception_day(workspace_id, exception_id)


def _note_day(day: ExceptionDay, actor: str, action: str, *, reason: str) -> None:
    record_audit(
        workspace_id=day.workspace_id,
        actor=actor,
        action=action,
        subject=f"exception_day:{day.id}",
        after={"country": day.country, "day": day.day.isoformat(), "name": day.name},
        reason=reason,
    )


def _today() -> date:
    return now().astimezone(UTC).date()


def _check_day(day: date) -> None:
    if not _today() - timedelta(days=1) <= day <= _today() + timedelta(days=MAX_DAYS_AHEAD):
        mend = _("Name a day within the next %(most)d days.") % {"most": MAX_DAYS_AHEAD}
        raise FieldError("day", _("is outside of its limits"), mend)


def _text(field: str, text: str, *, most: int = MAX_TEXT) -> str:
    text = text.strip()
    if not text:
        raise FieldError(field, _("is missing"), _("Write it; the audit log keeps it."))
    if len(text) > most:
        mend = _("Shorten it to %(most)d characters.") % {"most": most}
        raise FieldError(field, _("is too long"), mend)
    return text

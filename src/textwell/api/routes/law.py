"""What a workspace chooses of the rules: named days without our hours, how disputed rules are read."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext as _
from ninja import Router, Status

from textwell.accounts.types import Scope
from textwell.api.auth import ApiKey, KeyRequest
from textwell.api.schemas.law import (
    ActivatedPackOut,
    DayDecisionIn,
    DisputedRuleOut,
    ExceptionDayIn,
    ExceptionDayOut,
    LenientIn,
    OwnPackOut,
    PackActivationIn,
    PackFileOut,
    PackImpactOut,
    PackIn,
    StrictIn,
    WithdrawalIn,
    WithdrawalLookIn,
)
from textwell.compliance.reading import PackError
from textwell.compliance.schema import Pack
from textwell.core.clock import now
from textwell.core.errors import Conflict, FieldError
from textwell.messaging.disputed import Dispute, list_disputes
from textwell.messaging.law_choices import (
    access_exception_day,
    ask_exception_day,
    choose_reading,
    decide_exception_day,
    end_reading,
    list_chosen,
    list_exception_days,
    withdraw_exception_day,
)
from textwell.messaging.models import ExceptionDay, LenientReading, OwnPack
from textwell.messaging.own_packs import (
    access_activated,
    activate_pack,
    find_problems,
    list_activated,
    require_whole,
    withdraw_pack,
)
from textwell.reports.impact import (
    LISTED,
    Impact,
    activation,
    confirm_impact,
    look_at,
    withdrawal,
)

router = Router(tags=["Workspace"])
READ, WRITE = ApiKey(Scope.CAMPAIGNS_READ), ApiKey(Scope.CAMPAIGNS_WRITE)
APPROVE, MANAGE = ApiKey(Scope.CAMPAIGNS_APPROVE), ApiKey(Scope.WORKSPACE_MANAGE)


@router.get("/exception-days", auth=READ, response=list[ExceptionDayOut])
def list_days(request: KeyRequest) -> list[ExceptionDay]:
    """Named days on which the hours that we recommend do not hold, the latest first: there are few."""
    return list_exception_days(request.auth.workspace_id)


@router.post("/exception-days", auth=WRITE, response={201: ExceptionDayOut})
def ask_day(request: KeyRequest, given: ExceptionDayIn) -> Status[ExceptionDay]:
    """Ask for a day on which marketing may go outside of the hours that we recommend in a country.

    Somebody else approves it. The hours of law hold on that day too, and nothing goes between 22:00 and
    07:00. 409 where the day is on file there already.
    """
    holder = request.auth
    made = ask_exception_day(
        workspace_id=holder.workspace_id, actor=holder.actor, **given.model_dump()
    )
    return Status(201, made)


@router.get("/exception-days/{int:exception_id}", auth=READ, response=ExceptionDayOut)
def get_day(request: KeyRequest, exception_id: int) -> ExceptionDay:
    """One of these days."""
    return access_exception_day(request.auth.workspace_id, exception_id)


@router.post("/exception-days/{int:exception_id}/decide", auth=APPROVE, response=ExceptionDayOut)
def decide_day(request: KeyRequest, exception_id: int, given: DayDecisionIn) -> ExceptionDay:
    """Approve a day that somebody else asked for, or give it back with a note.

    403 for a key whose maker asked for it, 409 when it does not wait for a decision.
    """
    holder = request.auth
    return decide_exception_day(
        workspace_id=holder.workspace_id,
        exception_id=exception_id,
        actor=holder.actor,
        is_approved=given.is_approved,
        note=given.note,
    )


@router.post("/exception-days/{int:exception_id}/withdraw", auth=WRITE, response=ExceptionDayOut)
def withdraw_day(request: KeyRequest, exception_id: int) -> ExceptionDay:
    """Have the recommended hours hold on that day again. Texts that wait go by it at once."""
    holder = request.auth
    return withdraw_exception_day(
        workspace_id=holder.workspace_id, exception_id=exception_id, actor=holder.actor
    )


@router.get("/disputed-rules", auth=READ, response=list[DisputedRuleOut])
def list_rules(request: KeyRequest) -> list[dict[str, Any]]:
    """Rules that are read in more than one way, each with its readings and what was chosen here."""
    chosen = list_chosen(request.auth.workspace_id)
    return [_show(one, chosen.get(one.rule)) for one in list_disputes(now().date())]


def _show(dispute: Dispute, chosen: LenientReading | None) -> dict[str, Any]:
    readings = [
        {"says": r.says, "by": r.by, "is_used": r.is_used, "is_choosable": r.is_choosable}
        for r in dispute.readings
    ]
    is_lenient = chosen is not None and dispute.is_read_leniently([chosen.chosen_name])
    return asdict(dispute) | {
        "readings": readings,
        "is_lenient": is_lenient,
        "is_void": chosen is not None and not is_lenient,
        "signed_by": chosen.signed_by if chosen else "",
        "reason": chosen.reason if chosen else "",
        "chosen_at": chosen.chosen_at if chosen else None,
    }


@router.post("/disputed-rules/lenient", auth=MANAGE, response={204: None})
def read_leniently(request: KeyRequest, given: LenientIn) -> Status[None]:
    """Read a disputed rule the looser way: somebody signs for it by name and says why.

    It holds for what is planned and handed off from now on, and stands in the proofs. Twice is once.
    """
    holder = request.auth
    choose_reading(workspace_id=holder.workspace_id, actor=holder.actor, **given.model_dump())
    return Status(204, None)


@router.post("/disputed-rules/strict", auth=MANAGE, response={204: None})
def read_strictly(request: KeyRequest, given: StrictIn) -> Status[None]:
    """Read a disputed rule the strict way again. Twice is once."""
    holder = request.auth
    end_reading(workspace_id=holder.workspace_id, actor=holder.actor, rule=given.rule)
    return Status(204, None)


@router.get("/packs", auth=READ, response=list[ActivatedPackOut])
def list_packs(request: KeyRequest) -> list[OwnPack]:  # noqa: ARG001 - one set for all
    """The rule packs of its own that this installation put in force, by version: there are few."""
    return list_activated()


@router.post("/packs/impact", auth=MANAGE, response=PackImpactOut)
def look_at_pack(request: KeyRequest, given: PackIn) -> dict[str, object]:
    """The texts that wait in any workspace and that a rule pack would move or stop. Nothing is changed.

    Every rule is asked as far as facts are kept. The key's maker owns every workspace: 403 for others, as
    a pack holds for all. 422 names file, line and rule of a pack that cannot be read, 409 a rule that does
    not do what its vectors say.
    """
    require_whole(request.auth.actor)
    with _told_on_content():
        proposal = activation(given.content)
        for problem in find_problems(proposal.pack):
            raise Conflict(problem)
    return _told(look_at(proposal, after=given.after))


def _told(found: Impact) -> dict[str, object]:
    texts = found.texts
    return {
        "version": found.pack.version,
        "moved_count": found.moved_count,
        "stopped_count": found.stopped_count,
        "texts": [asdict(text) for text in texts[:LISTED]],
        "next": texts[LISTED - 1].message_id if len(texts) > LISTED else None,
        "fingerprint": found.fingerprint,
    }


@router.post("/packs/{version}/withdrawal-impact", auth=MANAGE, response=PackImpactOut)
def look_at_withdrawal(
    request: KeyRequest, version: str, given: WithdrawalLookIn
) -> dict[str, object]:
    """The texts that wait and that taking a pack back would move or stop. Nothing is changed.

    As of `/packs/impact`. 409 where it was taken back already.
    """
    require_whole(request.auth.actor)
    return _told(look_at(withdrawal(version), after=given.after))


@router.post("/packs/{version}/withdraw", auth=MANAGE, response={204: None})
def take_back(request: KeyRequest, version: str, given: WithdrawalIn) -> Status[None]:
    """Take a pack of this installation's own back, after the impact was looked at.

    From today what held before it holds again: an earlier one of its own, or the one that ships. Its file
    stays, for proofs that name it. 409 where other texts are moved or stopped by now than `fingerprint` says.
    """
    require_whole(request.auth.actor)
    found = confirm_impact(withdrawal(version), given.fingerprint)
    withdraw_pack(
        version=version,
        actor=request.auth.actor,
        moved_count=found.moved_count,
        stopped_count=found.stopped_count,
    )
    return Status(204, None)


@router.post("/packs", auth=MANAGE, response={201: OwnPackOut})
def put_in_force(request: KeyRequest, given: PackActivationIn) -> Status[Pack]:
    """Put a rule pack in force for the whole installation, after its impact was looked at.

    Every process on every machine holds to it within seconds, from its first day on. 409 where other texts
    are moved or stopped by now than `fingerprint` says, or where its version is in force with another text.
    """
    require_whole(request.auth.actor)
    with _told_on_content():
        found = confirm_impact(activation(given.content), given.fingerprint)
        activate_pack(
            text=given.content,
            actor=request.auth.actor,
            moved_count=found.moved_count,
            stopped_count=found.stopped_count,
        )
    return Status(201, found.pack)


@router.get("/packs/{version}", auth=READ, response=PackFileOut)
def get_pack(request: KeyRequest, version: str) -> OwnPack:  # noqa: ARG001 - one set for all
    """The file of one of them, for whoever verifies proofs that name its version."""
    return access_activated(version)


@contextmanager
def _told_on_content() -> Iterator[None]:
    try:
        yield
    except PackError as error:
        raise FieldError("content", str(error), _("Mend the file.")) from error

"""The workspace of the key, its stop button, and the history of that."""

from django.http import StreamingHttpResponse
from ninja import Router, Status

from textwell.accounts.keys import create_api_key
from textwell.accounts.models import Workspace
from textwell.accounts.selectors import access_person_behind
from textwell.accounts.types import Scope
from textwell.accounts.workspaces import (
    rename_workspace,
    set_answer_time,
    set_approval,
    set_consent_months,
    set_law_layer,
    set_small_business,
    set_workspace_cap,
)
from textwell.api.auth import ApiKey, KeyRequest
from textwell.api.files import CSV_ANSWER, csv_response
from textwell.api.paging import PagingQuery, make_page
from textwell.api.schemas.base import Page
from textwell.api.schemas.campaigns import ReasonIn, StopOut
from textwell.api.schemas.gateways import (
    AnswerTimeIn,
    ApprovalIn,
    CapIn,
    ConsentMonthsIn,
    HoursIn,
    SmallBusinessIn,
    SpeakerIn,
    WorkspaceChange,
    WorkspaceIn,
    WorkspaceMade,
    WorkspaceOut,
)
from textwell.campaigns.models import Stop
from textwell.campaigns.selectors import access_stop, list_stops
from textwell.campaigns.stopping import lift_stop, stop_all
from textwell.gateways.first import open_workspace
from textwell.gateways.sandbox import turn_into_sandbox
from textwell.inbox.desk import check_review_url
from textwell.messaging.way_out import tell_speaker
from textwell.reports.stops import stop_csv

router = Router(tags=["Workspace"])


def _workspace(request: KeyRequest) -> Workspace:
    return Workspace.objects.get(id=request.auth.workspace_id)


@router.get("/workspace", auth=ApiKey(Scope.CAMPAIGNS_READ), response=WorkspaceOut)
def get_workspace(request: KeyRequest) -> Workspace:
    """The workspace that the key belongs to."""
    return _workspace(request)


@router.patch("/workspace", auth=ApiKey(Scope.WORKSPACE_MANAGE), response=WorkspaceOut)
def rename(request: KeyRequest, change: WorkspaceChange) -> Workspace:
    """Give the brand another name; nothing given, nothing changed."""
    workspace = _workspace(request)
    if change.name is None:
        return workspace
    return rename_workspace(workspace=workspace, actor=request.auth.actor, name=change.name)


@router.post("/workspaces", auth=ApiKey(Scope.WORKSPACE_MANAGE), response={201: WorkspaceMade})
def create(request: KeyRequest, new: WorkspaceIn) -> Status[dict[str, object]]:
    """One more workspace; the person behind the key becomes its owner. The answer holds its first key.

    A sandbox has a gateway to the simulated carrier from the start. 409 for a key with no person behind
    it, as one of the command line.
    """
    holder = request.auth
    owner = access_person_behind(holder.actor)
    made = open_workspace(owner=owner, actor=holder.actor, **new.model_dump())
    _key, secret = create_api_key(
        workspace=made,
        name=new.name,
        scopes=holder.scopes,
        actor=holder.actor,
        door_purpose=holder.door_purpose,
        rate_per_s=holder.rate_per_s,
    )
    shown = {name: getattr(made, name) for name in WorkspaceOut.model_fields}
    return Status(201, shown | {"secret": secret})


@router.post("/workspace/sandbox", auth=ApiKey(Scope.WORKSPACE_MANAGE), response=WorkspaceOut)
def begin_sandbox(request: KeyRequest) -> Workspace:
    """Turn the workspace into a sandbox, for ever: there is no way back. Twice is once.

    409 while it has gateways to real carriers.
    """
    return turn_into_sandbox(workspace=_workspace(request), actor=request.auth.actor)


@router.put("/workspace/small-business", auth=ApiKey(Scope.WORKSPACE_MANAGE), response=WorkspaceOut)
def put_small_business(request: KeyRequest, given: SmallBusinessIn) -> Workspace:
    """Whether the pages are one screen for a small firm, and where it is reviewed.

    Nothing else changes: reminders and requests for reviews are messages, see `POST /messages`.
    """
    return set_small_business(
        workspace=_workspace(request),
        actor=request.auth.actor,
        is_small=given.is_small,
        review_url=check_review_url(given.review_url),
    )


@router.put("/workspace/cap", auth=ApiKey(Scope.WORKSPACE_MANAGE), response=WorkspaceOut)
def put_cap(request: KeyRequest, cap: CapIn) -> Workspace:
    """At most so many marketing texts a person, over all campaigns and messages; 0: no cap.

    A campaign may be stricter, never looser.
    """
    return set_workspace_cap(
        workspace=_workspace(request),
        actor=request.auth.actor,
        count=cap.cap_count,
        hours=cap.cap_hours,
    )


@router.put("/workspace/hours", auth=ApiKey(Scope.WORKSPACE_MANAGE), response=WorkspaceOut)
def put_hours(request: KeyRequest, given: HoursIn) -> Workspace:
    """Which hours hold for marketing: those that we recommend, or those of law and carriers alone.

    It holds for campaigns that are planned from now on, and for messages that are taken from now on. What
    law asks cannot be switched off: see `textwell packs list`.
    """
    return set_law_layer(
        workspace=_workspace(request), actor=request.auth.actor, layer=given.law_layer
    )


@router.put(
    "/workspace/consent-lifetime", auth=ApiKey(Scope.WORKSPACE_MANAGE), response=WorkspaceOut
)
def put_consent_lifetime(request: KeyRequest, given: ConsentMonthsIn) -> Workspace:
    """For how many months a consent counts here; 0: as long as law has it.

    Where a country's rules have a sooner end, that one holds. It holds at once, for waiting texts too:
    who agreed longer ago is left out as `consent_expired`.
    """
    return set_consent_months(
        workspace=_workspace(request), actor=request.auth.actor, months=given.consent_months
    )


@router.put("/workspace/speaker", auth=ApiKey(Scope.WORKSPACE_MANAGE), response=WorkspaceOut)
def put_speaker(request: KeyRequest, given: SpeakerIn) -> Workspace:
    """Who speaks in texts, and whom people find on the page where they stop them.

    What a country asks for is added to marketing texts, or shown on that page. What is not given is
    not told any more.
    """
    return tell_speaker(
        workspace=_workspace(request), actor=request.auth.actor, **given.model_dump()
    )


@router.put("/workspace/answer-time", auth=ApiKey(Scope.WORKSPACE_MANAGE), response=WorkspaceOut)
def put_answer_time(request: KeyRequest, given: AnswerTimeIn) -> Workspace:
    """Within how many minutes whoever writes is to be answered; 0: no answer time.

    It holds at once, also for those who wait already.
    """
    return set_answer_time(
        workspace=_workspace(request), actor=request.auth.actor, minutes=given.answer_minutes
    )


@router.put("/workspace/approval", auth=ApiKey(Scope.WORKSPACE_MANAGE), response=WorkspaceOut)
def put_approval(request: KeyRequest, approval: ApprovalIn) -> Workspace:
    """Whether campaigns need a second person's word before they are launched."""
    return set_approval(
        workspace=_workspace(request),
        actor=request.auth.actor,
        is_needed=approval.needs_approval,
        above=approval.approval_above,
    )


@router.post("/stop-all", auth=ApiKey(Scope.CAMPAIGNS_WRITE), response=WorkspaceOut)
def stop_everything(request: KeyRequest, why: ReasonIn | None = None) -> Workspace:
    """The red button: within two seconds nothing of this workspace is handed off any more.

    Pressing it again while it holds is once: the first reason stays.
    """
    workspace = _workspace(request)
    stop_all(workspace=workspace, actor=request.auth.actor, reason=why.reason if why else "")
    return workspace


@router.post("/stop-all/lift", auth=ApiKey(Scope.CAMPAIGNS_WRITE), response=WorkspaceOut)
def lift_everything(request: KeyRequest) -> Workspace:
    """Let sending go on where it stood. Lifting twice is once."""
    workspace = _workspace(request)
    lift_stop(workspace=workspace, actor=request.auth.actor)
    return workspace


@router.get("/stop-all", auth=ApiKey(Scope.CAMPAIGNS_READ), response=Page[StopOut])
def list_presses(request: KeyRequest, paging: PagingQuery) -> dict[str, object]:
    """Every press of the red button, newest first: who, why, what it held, who lifted it."""
    before = paging.after_id()
    rows = list_stops(request.auth.workspace_id, before_id=before, limit=paging.limit + 1)
    return make_page(rows, limit=paging.limit, shown=_shown, cursor=lambda stop: stop.id)


def _shown(stop: Stop) -> dict[str, object]:
    return {
        "id": stop.id,
        "stopped_by": stop.stopped_by,
        "stopped_at": stop.stopped_at,
        "reason": stop.reason,
        "lifted_by": stop.lifted_by,
        "lifted_at": stop.lifted_at,
        "campaigns": [
            {
                "campaign_id": row.campaign_id,
                "name": row.campaign.name,
                "planned_count": row.planned_count,
                "handed_count": row.handed_count,
                "waiting_count": row.waiting_count,
            }
            for row in stop.campaigns.all()
        ],
    }


@router.get(
    "/stop-all/{int:stop_id}/people.csv", auth=ApiKey(Scope.REPORTS_READ), openapi_extra=CSV_ANSWER
)
def export_reached(request: KeyRequest, stop_id: int) -> StreamingHttpResponse:
    """Everybody to whom a text was handed off before the stop was lifted, by campaign; masked."""
    stop = access_stop(request.auth.workspace_id, stop_id)
    return csv_response(stop_csv(stop), f"stop-{stop.id}-people.csv")

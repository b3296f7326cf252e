"""Campaigns: from a draft to its end."""

from dataclasses import asdict
from typing import Literal

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Router, Status

from textwell.accounts.types import Scope
from textwell.api.auth import ApiKey, KeyRequest
from textwell.api.paging import PagingQuery, make_page
from textwell.api.routes.messages import show_adds
from textwell.api.schemas.base import Page
from textwell.api.schemas.campaigns import (
    CampaignFields,
    CampaignOut,
    EquationOut,
    LaunchIn,
    NewCampaign,
    PersonIn,
    ReasonIn,
    RescheduleIn,
    TestIn,
    TestSent,
)
from textwell.api.schemas.reviews import CheckOut, ForecastOut, LiveCountOut, PreviewOut
from textwell.campaigns.actions import (
    cancel_campaign,
    create_campaign,
    launch_campaign,
    pause_campaign,
    reschedule_campaign,
    resume_campaign,
    unschedule_campaign,
    update_campaign,
)
from textwell.campaigns.checks import check_campaign, list_warnings
from textwell.campaigns.counting import count_live
from textwell.campaigns.forecast import build_forecast, build_preview
from textwell.campaigns.models import Campaign
from textwell.campaigns.reach import Reach
from textwell.campaigns.selectors import access_campaign, campaign_equation, list_campaigns
from textwell.campaigns.trial import send_test, send_test_to_list
from textwell.campaigns.types import Preview
from textwell.campaigns.waiting import Waiting
from textwell.contacts.selectors import access_contact
from textwell.core.errors import FieldError
from textwell.messaging.compose import mend_text

router = Router(tags=["Campaigns"])
READ, WRITE = ApiKey(Scope.CAMPAIGNS_READ), ApiKey(Scope.CAMPAIGNS_WRITE)


@router.post("", auth=WRITE, response={201: CampaignOut})
def create(request: KeyRequest, new: NewCampaign, response: HttpResponse) -> Status[Campaign]:
    """Make a draft."""
    holder = request.auth
    campaign = create_campaign(workspace_id=holder.workspace_id, actor=holder.actor, **new.values())
    response["Location"] = f"{request.path.rstrip('/')}/{campaign.id}"
    return Status(201, campaign)


@router.get("", auth=READ, response=Page[CampaignOut])
def list_all(
    request: KeyRequest,
    paging: PagingQuery,
    state: str | None = None,
    search: str = "",
    waiting: Literal["approval", "decision", "others", "paused", "unknown"] | None = None,
) -> dict[str, object]:
    """Campaigns, newest first.

    `waiting` is those that wait for a person. `approval`: handed in, and nobody has decided yet; of
    these `decision`: what the key's maker may decide, `others`: what they have a hand in. `paused`, and
    `unknown`: the answer to some of its texts was lost.
    """
    rows = list_campaigns(
        request.auth.workspace_id,
        states=None if state is None else [state],
        search=search,
        waiting=Waiting(waiting) if waiting else None,
        actor=request.auth.actor,
        before_id=paging.after_id(),
        limit=paging.limit + 1,
    )
    return make_page(rows, limit=paging.limit, shown=lambda row: row, cursor=lambda row: row.id)


@router.get("/{int:campaign_id}", auth=READ, response=CampaignOut)
def get(request: KeyRequest, campaign_id: int) -> Campaign:
    """One campaign."""
    return access_campaign(request.auth.workspace_id, campaign_id)


@router.patch("/{int:campaign_id}", auth=WRITE, response=CampaignOut)
def update(request: KeyRequest, campaign_id: int, change: CampaignFields) -> Campaign:
    """Change a draft: only the fields given. 409 once it is launched."""
    campaign = access_campaign(request.auth.workspace_id, campaign_id)
    return update_campaign(campaign=campaign, actor=request.auth.actor, **change.values())


@router.get("/{int:campaign_id}/check", auth=READ, response=CheckOut)
def check(request: KeyRequest, campaign_id: int) -> dict[str, object]:
    """May it be launched? Every reason against it, with what mends it."""
    campaign = access_campaign(request.auth.workspace_id, campaign_id)
    reach = Reach(campaign)
    problems = check_campaign(campaign, reach)
    return {
        "is_ready": not problems,
        "problems": [asdict(problem) for problem in problems],
        "warnings": [asdict(warning) for warning in list_warnings(campaign, reach)],
    }


@router.post("/{int:campaign_id}/preview", auth=READ, response=PreviewOut)
def preview(request: KeyRequest, campaign_id: int, person: PersonIn) -> dict[str, object]:
    """The exact text for one person, its octets and cost, what the gate says and when it may go."""
    workspace_id = request.auth.workspace_id
    campaign = access_campaign(workspace_id, campaign_id)
    found = build_preview(campaign, access_contact(workspace_id, person.contact_id))
    return _show_preview(found)


def _show_preview(found: Preview) -> dict[str, object]:
    names = (
        "contact_id", "cost_micros", "currency", "verdict", "reason", "send_at", "version",
        "units_left", "planned_at", "allowed_at",
    )  # fmt: skip
    composed = found.composed
    return {
        **{name: getattr(found, name) for name in names},
        "to": found.msisdn,
        "text": composed.text,
        "encoding": composed.encoding,
        "segment_count": composed.segment_count,
        "adds": show_adds(found.adds),
        "would_add": show_adds(found.would_add),
        "replacements": list(found.replacements),
        "forced_by": list(found.forced_by),
        "octets_as": "submitted" if found.parts.is_submitted else "on_air",
        "parts": [
            {
                "text": part.text,
                "header_hex": part.header.hex(),
                "octets_hex": part.octets.hex(),
                "octet_count": part.octet_count,
            }
            for part in found.parts.shown
        ],
        "local_times": [
            {"at": each.at.isoformat(), "zones": list(each.zones), "is_night": each.is_night}
            for each in found.local_times
        ],
    }


@router.get("/{int:campaign_id}/forecast", auth=READ, response=ForecastOut)
def forecast(request: KeyRequest, campaign_id: int) -> dict[str, object]:
    """What launching would do: people, those left out and why, segments, cost, duration."""
    return asdict(build_forecast(access_campaign(request.auth.workspace_id, campaign_id)))


@router.get("/{int:campaign_id}/count", auth=READ, response=LiveCountOut)
def count(request: KeyRequest, campaign_id: int) -> dict[str, object]:
    """Segments and cost from a bounded sample of the people who would get it, and what forces UCS-2.

    Much cheaper than the forecast: made to be asked while one writes.
    """
    campaign = access_campaign(request.auth.workspace_id, campaign_id)
    mend = mend_text(campaign.body)
    return {**asdict(count_live(campaign)), "mended_body": mend.body if mend else None}


@router.post("/{int:campaign_id}/test", auth=WRITE, response={202: TestSent})
def test(request: KeyRequest, campaign_id: int, whom: TestIn) -> Status[dict[str, object]]:
    """Send its text now to one contact, or to each person of a test list (25 at most).

    The gate judges each like every message; who may not be texted is named with the reason. 422 if
    nobody gets it, or the list is not marked for tests. No figure of the campaign counts a test.
    """
    holder = request.auth
    campaign = access_campaign(holder.workspace_id, campaign_id)
    list_id, contact_id = whom.list_id, whom.contact_id
    if (list_id is None) == (contact_id is None):
        problem, mend = _("is missing"), _("Give one of contact_id and list_id.")
        raise FieldError("contact_id", problem, mend)
    if list_id is not None:
        tested = send_test_to_list(campaign=campaign, list_id=list_id, actor=holder.actor)
        return Status(202, {"message_id": tested.message_ids[0], **asdict(tested)})
    contact = access_contact(holder.workspace_id, contact_id or 0)
    message_id = send_test(campaign=campaign, contact=contact, actor=holder.actor)
    return Status(202, {"message_id": message_id, "message_ids": [message_id], "left_out": []})


@router.post("/{int:campaign_id}/launch", auth=WRITE, response=CampaignOut)
def launch(request: KeyRequest, campaign_id: int, when: LaunchIn | None = None) -> Campaign:
    """Launch it, now or at a time. 409 if it is launched already, 422 if it is not ready."""
    campaign = access_campaign(request.auth.workspace_id, campaign_id)
    return launch_campaign(
        campaign=campaign,
        actor=request.auth.actor,
        at=when.at if when else None,
        may_skip_consent=request.auth.allows(Scope.CAMPAIGNS_WITHOUT_CONSENT),
        reason=when.reason if when else "",
    )


@router.post("/{int:campaign_id}/unschedule", auth=WRITE, response=CampaignOut)
def unschedule(request: KeyRequest, campaign_id: int) -> Campaign:
    """Make a scheduled campaign a draft again. 409 once it has begun."""
    campaign = access_campaign(request.auth.workspace_id, campaign_id)
    return unschedule_campaign(campaign=campaign, actor=request.auth.actor)


@router.post("/{int:campaign_id}/reschedule", auth=WRITE, response=CampaignOut)
def reschedule(request: KeyRequest, campaign_id: int, when: RescheduleIn) -> Campaign:
    """Give a scheduled campaign another time. 409 once it has begun, 422 if it would not be ready."""
    campaign = access_campaign(request.auth.workspace_id, campaign_id)
    return reschedule_campaign(campaign=campaign, actor=request.auth.actor, at=when.at)


@router.post("/{int:campaign_id}/pause", auth=WRITE, response=CampaignOut)
def pause(request: KeyRequest, campaign_id: int) -> Campaign:
    """Hand nothing more off after the window that is under way. Pausing twice is once."""
    campaign = access_campaign(request.auth.workspace_id, campaign_id)
    return pause_campaign(campaign=campaign, actor=request.auth.actor)


@router.post("/{int:campaign_id}/resume", auth=WRITE, response=CampaignOut)
def resume(request: KeyRequest, campaign_id: int) -> Campaign:
    """Go on where it was paused."""
    campaign = access_campaign(request.auth.workspace_id, campaign_id)
    return resume_campaign(campaign=campaign, actor=request.auth.actor)


@router.post("/{int:campaign_id}/cancel", auth=WRITE, response=CampaignOut)
def cancel(request: KeyRequest, campaign_id: int, why: ReasonIn | None = None) -> Campaign:
    """Withdraw everything that was not handed off. It cannot be taken back."""
    campaign = access_campaign(request.auth.workspace_id, campaign_id)
    reason = why.reason if why else ""
    return cancel_campaign(campaign=campaign, actor=request.auth.actor, reason=reason)


@router.get("/{int:campaign_id}/equation", auth=READ, response=EquationOut)
def equation(request: KeyRequest, campaign_id: int) -> dict[str, object]:
    """The send equation now: every person of the audience stands in exactly one term."""
    found = campaign_equation(access_campaign(request.auth.workspace_id, campaign_id))
    return {
        "audience": found.audience,
        "terms": found.terms,
        "is_balanced": found.is_balanced,
        "handed_count": found.handed_count,
        "refused_count": found.refused_count,
        "not_sent_count": found.not_sent_count,
        "handed_segments": found.handed_segments,
        "segment_count": found.segment_count,
        "cost_micros": found.cost_micros,
    }

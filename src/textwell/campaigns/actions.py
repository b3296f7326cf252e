"""Every write of campaigns: make, change, launch, reschedule, pause, resume, cancel."""

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from textwell.accounts.actions import audit_row
from textwell.accounts.models import Workspace
from textwell.accounts.types import Permission
from textwell.campaigns import sql
from textwell.campaigns.approval import (
    EDITABLE,
    note_author,
    refuse_unapproved,
    void_approval,
)
from textwell.campaigns.checks import check_campaign
from textwell.campaigns.errors import WrongState
from textwell.campaigns.models import Campaign, CampaignState
from textwell.campaigns.values import check_given, check_start
from textwell.consent.topics import check_scopes
from textwell.consent.types import ConsentScope
from textwell.core.bus import publish_core_after_commit
from textwell.core.clock import now
from textwell.core.db import cursor
from textwell.core.errors import FieldError, Forbidden
from textwell.core.jobs import enqueue_job
from textwell.messaging.actions import (
    cancel_messages,
    pause_messages,
    resume_messages,
)
from textwell.messaging.purposes import (
    MARKETING_LANE,
    check_campaign_purpose,
    check_lane,
    is_marketing,
)

PLAN_JOB = "campaigns.plan"


def create_campaign(*, workspace_id: int, actor: str, **values: Any) -> Campaign:
    """A draft. Unknown names in `values` are refused by name."""
    _refuse_unknown(values)
    with transaction.atomic():
        campaign = Campaign(workspace_id=workspace_id, **values)
        _check_values(campaign, values)
        note_author(campaign, actor)
        campaign.save()
        audit_row(campaign, "campaign", actor, "campaigns.created", after={"name": campaign.name})
    return campaign


def update_campaign(*, campaign: Campaign, actor: str, **values: Any) -> Campaign:
    """Change a draft. One that becomes marketing without a word on its lane goes by bulk.

    Raises:
        WrongState: it is launched already.
    """
    _refuse_unknown(values)
    with transaction.atomic():
        locked = _lock(campaign)
        if locked.state != CampaignState.DRAFT:
            raise WrongState(state=locked.state, action="changed")
        if "lane" not in values and is_marketing(str(values.get("purpose", locked.purpose))):
            values["lane"] = MARKETING_LANE
        before = {name: getattr(locked, name) for name in values}
        for name, value in values.items():
            setattr(locked, name, value)
        _check_values(locked, values)
        note_author(locked, actor)
        locked.save(update_fields=[*values, "authors"])
        # As the database has it now: 1e3 and 1000 are one number there, and one content.
        void_approval(Campaign.objects.get(id=locked.id), actor)
        audit_row(locked, "campaign", actor, "campaigns.updated", before=before, after=values)
    return locked


_CHECKED = frozenset(
    {
        "name",
        "goal",
        "goal_at",
        "metric",
        "metric_event",
        "holdout_percent",
        "topic",
        "brand",
        "sender",
        "cap_count",
        "cap_hours",
        "scheduled_at",
        "expires_at",
        "validity_hours",
    }
)


def _check_values(campaign: Campaign, values: dict[str, Any]) -> None:
    """The values have their types; what they mean is judged by check_campaign before the launch."""
    names = _CHECKED & set(values) - {name for name, value in values.items() if value in ("", None)}
    exclude = {f.name for f in Campaign._meta.get_fields()} - names  # noqa: SLF001 - Django's public door
    try:
        campaign.clean_fields(exclude=exclude)
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise FieldError(field, " ".join(messages), _("Correct it and save again.")) from error
    if "purpose" in values:
        check_campaign_purpose(campaign.purpose)
    check_lane(purpose=campaign.purpose, lane=campaign.lane)
    if {"topic", "brand"} & set(values):
        check_scopes(campaign.workspace_id, [ConsentScope(campaign.topic, campaign.brand)])
    for name, kind in (
        ("fallbacks", dict),
        ("audience", dict),
        ("utm", dict),
        ("links", list),
        ("versions", list),
    ):
        if not isinstance(getattr(campaign, name), kind):
            raise FieldError(name, _("has the wrong form."), _("See the API's reference."))
    check_given(campaign.workspace_id, values)


def _refuse_unknown(values: dict[str, Any]) -> None:
    unknown = sorted(set(values) - set(EDITABLE))
    if unknown:
        known = ", ".join(EDITABLE)
        raise FieldError(
            unknown[0],
            _("is not a field of a campaign"),
            _("Use one of: %(known)s") % {"known": known},
        )


def launch_campaign(
    *,
    campaign: Campaign,
    actor: str,
    at: datetime | None = None,
    may_skip_consent: bool = False,
    reason: str = "",
) -> Campaign:
    """Launch now, or at a time. Launching twice raises WrongState: the first has won.

    `may_skip_consent`: the actor may text many people for a purpose that needs no consent; then a
    `reason` is kept in the audit.

    Raises:
        FieldError: the campaign is not ready; the first problem and its mend.
        NotApproved: it needs the word of somebody else on exactly this content.
        Forbidden: it would go to people without consent, and the actor may not do that.
    """
    if at is not None:
        check_start(at)
    with transaction.atomic():
        locked = _lock(campaign)
        if locked.state != CampaignState.DRAFT:
            raise WrongState(state=locked.state, action="launched")
        locked.scheduled_at = at if at is not None else locked.scheduled_at
        keep_gateway(locked)
        _refuse_problems(locked)
        refuse_unapproved(locked)
        _refuse_without_consent(locked, may_skip_consent=may_skip_consent, reason=reason)
        is_later = locked.scheduled_at is not None and locked.scheduled_at > now()
        locked.state = CampaignState.SCHEDULED if is_later else CampaignState.PLANNING
        locked.launched_at = now()
        locked.save(update_fields=["state", "launched_at", "scheduled_at"])
        if not is_later:
            _enqueue_plan(locked)
        audit_row(
            locked,
            "campaign",
            actor,
            "campaigns.launched",
            after={"state": locked.state},
            reason=reason,
        )
    locked.refresh_from_db(fields=["scheduled_at"])
    return locked


def keep_gateway(campaign: Campaign) -> str:
    """Its state, "" if it is gone; nobody takes it away until the caller's transaction ends."""
    with cursor() as raw:
        raw.execute(
            sql.KEEP_GATEWAY,
            {"workspace_id": campaign.workspace_id, "gateway_id": campaign.gateway_id or 0},
        )
        row = raw.fetchone()
    return row[0] if row else ""


def _refuse_problems(campaign: Campaign) -> None:
    problems = check_campaign(campaign)
    if problems:
        first = problems[0]
        raise FieldError(first.field, first.problem, first.mend)


def _refuse_without_consent(campaign: Campaign, *, may_skip_consent: bool, reason: str) -> None:
    if is_marketing(campaign.purpose):
        return
    if not may_skip_consent:
        raise Forbidden(Permission.TEXT_WITHOUT_CONSENT.value)
    if not reason.strip():
        mend = _("Say why these people may be texted without consent; the audit log keeps it.")
        raise FieldError("reason", _("is missing"), mend)


def _enqueue_plan(campaign: Campaign) -> None:
    enqueue_job(
        workspace_id=campaign.workspace_id,
        kind=PLAN_JOB,
        payload={"campaign_id": campaign.id},
        created_by_id=campaign.created_by_id,
    )


def start_due_campaigns() -> int:
    """Begin to plan scheduled campaigns that are due (a little ahead, so that hand-off is on time).

    What a launch asks for is asked again: a campaign that no longer fulfils it fails, and says why.
    """
    ahead = now() + timedelta(seconds=20)
    due = Campaign.objects.filter(state=CampaignState.SCHEDULED, scheduled_at__lte=ahead)
    ids = due.order_by("scheduled_at").values_list("id", flat=True)[:50]
    return sum(_start_or_fail(campaign_id) for campaign_id in list(ids))


def _start_or_fail(campaign_id: int) -> bool:
    """True: planning begins. Another scheduler that has it, or a person who changed it, is first."""
    with transaction.atomic():
        found = Campaign.objects.select_for_update(skip_locked=True)
        campaign = found.filter(id=campaign_id, state=CampaignState.SCHEDULED).first()
        if campaign is None:
            return False
        workspace = Workspace.objects.get(id=campaign.workspace_id)
        with translation.override(workspace.language):
            problems = check_campaign(campaign)
        if problems:
            fail_campaign(campaign, " ".join(problem.sentences for problem in problems))
            return False
        _set_state(campaign, CampaignState.PLANNING)
        _enqueue_plan(campaign)
    return True


def fail_campaign(campaign: Campaign, error: str) -> None:
    """End a locked campaign with the reason in words; what is planned of it is withdrawn."""
    campaign.state, campaign.error = CampaignState.FAILED, error
    campaign.finished_at = now()
    campaign.save(update_fields=["state", "error", "finished_at"])
    cancel_messages(campaign_id=campaign.id)
    publish_core_after_commit(f"control.campaign.{campaign.id}", b"canceled")
    audit_row(campaign, "campaign", "system", "campaigns.failed", reason=error)


def unschedule_campaign(*, campaign: Campaign, actor: str) -> Campaign:
    """Back to a draft, to be changed and launched again. Its time stays as it was chosen.

    Raises:
        WrongState: it is not waiting for its time; one that is a draft already stays one.
    """
    with transaction.atomic():
        locked = _lock(campaign)
        if locked.state == CampaignState.DRAFT:
            return locked
        if locked.state != CampaignState.SCHEDULED:
            raise WrongState(state=locked.state, action="unscheduled")
        locked.state, locked.launched_at = CampaignState.DRAFT, None
        locked.save(update_fields=["state", "launched_at"])
        audit_row(locked, "campaign", actor, "campaigns.unscheduled")
    return locked


def reschedule_campaign(*, campaign: Campaign, actor: str, at: datetime) -> Campaign:
    """Another time for a campaign that waits for its own.

    Raises:
        WrongState: it is not waiting for its time.
        FieldError: the time is past, or the campaign could not be launched for it.
    """
    with transaction.atomic():
        locked = _lock(campaign)
        if locked.state != CampaignState.SCHEDULED:
            raise WrongState(state=locked.state, action="rescheduled")
        check_start(at)
        before, locked.scheduled_at = locked.scheduled_at, at
        _refuse_problems(locked)
        refuse_unapproved(locked)  # the time is part of what was approved
        locked.save(update_fields=["scheduled_at"])
        audit_row(locked, "campaign", actor, "campaigns.rescheduled",
            before={"scheduled_at": before}, after={"scheduled_at": at},
        )  # fmt: skip
    locked.refresh_from_db(fields=["scheduled_at"])
    return locked


def pause_campaign(*, campaign: Campaign, actor: str) -> Campaign:
    """Nothing new is handed off after the window that is under way. Pausing twice is safe."""
    with transaction.atomic():
        locked = _lock(campaign)
        if locked.state == CampaignState.PAUSED:
            return locked
        if locked.state != CampaignState.SENDING:
            raise WrongState(state=locked.state, action="paused")
        _set_state(locked, CampaignState.PAUSED)
        pause_messages(campaign_id=locked.id)
        publish_core_after_commit(f"control.campaign.{locked.id}", b"paused")
        audit_row(locked, "campaign", actor, "campaigns.paused")
    return locked


def resume_campaign(*, campaign: Campaign, actor: str) -> Campaign:
    with transaction.atomic():
        locked = _lock(campaign)
        if locked.state == CampaignState.SENDING:
            return locked
        if locked.state != CampaignState.PAUSED:
            raise WrongState(state=locked.state, action="resumed")
        _set_state(locked, CampaignState.SENDING)
        resume_messages(campaign_id=locked.id)
        audit_row(locked, "campaign", actor, "campaigns.resumed")
    return locked


def cancel_campaign(*, campaign: Campaign, actor: str, reason: str = "") -> Campaign:
    """Withdraw all that has not been handed off. What is under way keeps its own fate."""
    with transaction.atomic():
        locked = _lock(campaign)
        if locked.state == CampaignState.CANCELED:
            return locked
        if locked.state in {CampaignState.FINISHED, CampaignState.FAILED}:
            raise WrongState(state=locked.state, action="canceled")
        locked.state, locked.finished_at = CampaignState.CANCELED, now()
        locked.save(update_fields=["state", "finished_at"])
        count = cancel_messages(campaign_id=locked.id)
        publish_core_after_commit(f"control.campaign.{locked.id}", b"canceled")
        audit_row(
            locked,
            "campaign",
            actor,
            "campaigns.canceled",
            after={"messages": count},
            reason=reason,
        )
    return locked


def _lock(campaign: Campaign) -> Campaign:
    return Campaign.objects.select_for_update().get(id=campaign.id)


def _set_state(campaign: Campaign, state: CampaignState) -> None:
    campaign.state = state
    campaign.save(update_fields=["state"])

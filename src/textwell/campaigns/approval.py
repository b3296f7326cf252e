"""Four eyes: a campaign may need the word of somebody who did not make it, on exactly its content.

submitted -> approved | returned; any edit after that makes it void. The latest row of a campaign
counts. Who decides holds the lock of the campaign's row, and so does who edits or launches.
"""

import hashlib
import json

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils.translation import gettext as _

from textwell.accounts.actions import record_audit
from textwell.accounts.models import Workspace
from textwell.accounts.selectors import people_behind
from textwell.campaigns.errors import NotApproved, WrongState
from textwell.campaigns.models import Approval, ApprovalState, Campaign, CampaignState
from textwell.core.clock import now
from textwell.core.errors import Conflict, FieldError, Forbidden
from textwell.segments.selectors import count_audience
from textwell.segments.types import parse_audience

EDITABLE = (
    "name", "goal", "goal_at", "metric", "metric_event", "holdout_percent", "purpose", "lane", "topic",
    "brand", "body", "fallbacks", "versions", "unaccent", "replace_characters", "audience",
    "gateway_id", "sender", "links", "utm", "cap_count", "cap_hours", "scheduled_at", "expires_at",
    "validity_hours",
)  # fmt: skip
LATER_FIELDS = (
    "versions",
    "goal",
    "goal_at",
    "metric",
    "metric_event",
    "holdout_percent",
    "topic",
    "brand",
)
OPEN = (ApprovalState.SUBMITTED, ApprovalState.APPROVED)


def content_hash(campaign: Campaign) -> str:
    """SHA-256 of everything of a campaign that can be edited: one content, one hash."""
    values = {name: getattr(campaign, name) for name in EDITABLE}
    for name in LATER_FIELDS:
        if not values[name]:  # has the hash that it had before there were any
            del values[name]
    text = json.dumps(values, cls=DjangoJSONEncoder, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def needs_approval(campaign: Campaign) -> bool:
    """True if its workspace asks for a second person for a campaign of this size."""
    workspace = Workspace.objects.get(id=campaign.workspace_id)
    if not workspace.needs_approval:
        return False
    audience = parse_audience(campaign.audience)
    return count_audience(campaign.workspace_id, audience) > workspace.approval_above


def find_approval(campaign: Campaign) -> Approval | None:
    """The latest word on it, or that it waits for one."""
    return Approval.objects.filter(campaign_id=campaign.id).order_by("-id").first()


def may_decide(campaign: Campaign, actor: str) -> bool:
    """False for everybody who made or changed it, by a key of theirs too."""
    found = find_approval(campaign)
    makers = {*campaign.authors, *(people_behind(found.submitted_by) if found else ())}
    return makers.isdisjoint(people_behind(actor))


def submit_campaign(*, campaign: Campaign, actor: str) -> Approval:
    """Ask for approval of the present content. The same content again is the same request.

    Raises:
        WrongState: it is launched already.
    """
    with transaction.atomic():
        locked = _lock_draft(campaign, "submitted")
        digest = content_hash(locked)
        present = find_approval(locked)
        if present and present.state in OPEN and present.content_hash == digest:
            return present
        approval = Approval.objects.create(
            workspace_id=locked.workspace_id,
            campaign=locked,
            content_hash=digest,
            submitted_by=actor,
        )
        _audit(approval, actor, "campaigns.submitted")
    return approval


def decide_campaign(
    *, campaign: Campaign, actor: str, is_approved: bool, seen_hash: str, reason: str = ""
) -> Approval:
    """Approve or return what waits. `seen_hash` is the hash of the content that the actor saw.

    Raises:
        Forbidden: the actor made, changed or submitted it.
        Conflict: nothing waits, or the content is another one by now.
        FieldError: it is returned without a reason.
    """
    if not is_approved and not reason.strip():
        mend = _("Say what to change; the audit log keeps it.")
        raise FieldError("reason", _("is missing"), mend)
    with transaction.atomic():
        locked = _lock_draft(campaign, "approved")
        approval = find_approval(locked)
        if approval is None or approval.state != ApprovalState.SUBMITTED:
            raise Conflict(_("Nothing waits for approval here. Ask for it to be submitted."))
        if not may_decide(locked, actor):
            raise Forbidden(_("Nobody approves their own work. Ask somebody else."))
        if not seen_hash == approval.content_hash == content_hash(locked):
            raise Conflict(_("It was changed since you saw it. Look at it again."))
        approval.state = ApprovalState.APPROVED if is_approved else ApprovalState.RETURNED
        approval.decided_by, approval.decided_at, approval.reason = actor, now(), reason.strip()
        approval.save(update_fields=["state", "decided_by", "decided_at", "reason"])
        _audit(approval, actor, f"campaigns.{approval.state}", reason=approval.reason)
    return approval


def note_author(campaign: Campaign, actor: str) -> None:
    """Remember on the (locked, unsaved) row who has a hand in it."""
    campaign.authors = sorted({*campaign.authors, *people_behind(actor)})


def void_approval(campaign: Campaign, actor: str) -> None:
    """After an edit, in its transaction: what was submitted or approved no longer counts."""
    approval = find_approval(campaign)
    if approval is None or approval.state not in OPEN:
        return
    if approval.content_hash == content_hash(campaign):
        return
    approval.state = ApprovalState.VOID
    approval.save(update_fields=["state"])
    _audit(approval, actor, "campaigns.approval_voided")


def refuse_unapproved(campaign: Campaign) -> None:
    """Return if the (locked) campaign may leave as it stands now.

    Raises:
        NotApproved: it needs another person's approval of exactly this content.
    """
    if not needs_approval(campaign):
        return
    found = find_approval(campaign)
    is_approved = found is not None and found.state == ApprovalState.APPROVED
    if found is None or not is_approved or found.content_hash != content_hash(campaign):
        raise NotApproved


def _lock_draft(campaign: Campaign, action: str) -> Campaign:
    locked = Campaign.objects.select_for_update().get(id=campaign.id)
    if locked.state != CampaignState.DRAFT:
        raise WrongState(state=locked.state, action=action)
    return locked


def _audit(approval: Approval, actor: str, action: str, *, reason: str = "") -> None:
    record_audit(
        workspace_id=approval.workspace_id,
        actor=actor,
        action=action,
        subject=f"campaign:{approval.campaign_id}",
        after={"content_hash": approval.content_hash},
        reason=reason,
    )

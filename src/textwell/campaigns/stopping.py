"""The red button of a workspace, and its history: who pressed it, why, what it held, who lifted it."""

from django.db import transaction

from textwell.accounts.actions import record_audit
from textwell.accounts.models import Workspace
from textwell.campaigns.models import Campaign, CampaignState, Stop, StoppedCampaign
from textwell.campaigns.selectors import count_now, present_stop, stop_counts
from textwell.core.bus import publish_core_after_commit
from textwell.core.clock import now
from textwell.messaging.actions import republish_messages
from textwell.messaging.selectors import equations

_HELD = (CampaignState.PLANNING, CampaignState.SENDING)


def stop_all(*, workspace: Workspace, actor: str, reason: str = "") -> None:
    """The red button: nothing of this workspace is handed off until it is lifted.

    The history and the audit keep who pressed it and why, and how much it held back. Pressing it
    again while it holds tells the connectors once more and changes nothing.
    """
    with transaction.atomic():
        locked = _lock(workspace)
        publish_core_after_commit(f"control.stop.{workspace.id}", b"stop")
        if not locked.is_stopped:
            locked.is_stopped, locked.stopped_at = True, now()
            locked.save(update_fields=["is_stopped", "stopped_at"])
            _note_stop(locked, actor, reason.strip())
    workspace.refresh_from_db()


def _note_stop(workspace: Workspace, actor: str, reason: str) -> None:
    stop = Stop.objects.create(
        workspace_id=workspace.id,
        stopped_by=actor,
        stopped_at=workspace.stopped_at or now(),
        reason=reason,
    )
    held = list(Campaign.objects.filter(workspace_id=workspace.id, state__in=_HELD).order_by("id"))
    counts = equations({campaign.id: campaign.audience_count for campaign in held})
    rows = StoppedCampaign.objects.bulk_create(
        StoppedCampaign(stop=stop, campaign=campaign, **stop_counts(counts[campaign.id]))
        for campaign in held
    )
    record_audit(
        workspace_id=workspace.id,
        actor=actor,
        action="workspace.stopped",
        after={"campaigns": len(rows), "messages": sum(row.waiting_count for row in rows)},
        reason=reason,
    )


def lift_stop(*, workspace: Workspace, actor: str) -> None:
    """Sending goes on where it stood, within a second or two. Lifting twice is once."""
    with transaction.atomic():
        locked = _lock(workspace)
        if locked.is_stopped:
            locked.is_stopped, locked.stopped_at = False, None
            locked.save(update_fields=["is_stopped", "stopped_at"])
            _note_lifting(locked, actor)
            republish_messages(workspace_id=workspace.id)
            record_audit(workspace_id=workspace.id, actor=actor, action="workspace.stop_lifted")
    workspace.refresh_from_db()


def _note_lifting(workspace: Workspace, actor: str) -> None:
    """Who lifted it; what was under way at the press has come to rest and is counted now."""
    stop = present_stop(workspace.id)
    if stop is None:
        return
    stop.lifted_by, stop.lifted_at = actor, now()
    stop.save(update_fields=["lifted_by", "lifted_at"])
    rows = list(stop.campaigns.all())
    count_now(rows)
    StoppedCampaign.objects.bulk_update(rows, ["planned_count", "handed_count", "waiting_count"])


def _lock(workspace: Workspace) -> Workspace:
    return Workspace.objects.select_for_update(no_key=True).get(id=workspace.id)

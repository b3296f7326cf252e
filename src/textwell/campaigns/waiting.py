"""Campaigns that wait for a person: for a word on them, or for what became of their texts."""

from enum import StrEnum

from django.db.models import Exists, OuterRef, QuerySet

from textwell.accounts.selectors import people_behind
from textwell.campaigns.models import Approval, ApprovalState, Campaign, CampaignState
from textwell.messaging.models import Tally
from textwell.messaging.states import State


class Waiting(StrEnum):
    APPROVAL = "approval"  # handed in, nobody has decided yet
    DECISION = "decision"  # of those, what the reader may decide
    OTHERS = "others"  # of those, what the reader has a hand in: somebody else decides
    PAUSED = "paused"
    UNKNOWN = "unknown"  # the answer to some of its texts was lost


def find_waiting(workspace_id: int, waiting: Waiting, *, actor: str = "") -> QuerySet[Campaign]:
    """Campaigns that wait so; `actor` reads them."""
    mine = Campaign.objects.filter(workspace_id=workspace_id)
    if waiting == Waiting.PAUSED:
        return mine.filter(state=CampaignState.PAUSED)
    if waiting == Waiting.UNKNOWN:
        lost = Tally.objects.filter(
            campaign_id=OuterRef("id"), state=State.UNKNOWN.value, message_count__gt=0
        )
        return mine.filter(Exists(lost))
    if waiting == Waiting.APPROVAL:
        return mine.filter(id__in=_handed_in(workspace_id).values("campaign_id"))
    to_decide, others = split_handed_in(workspace_id, actor=actor)
    return mine.filter(id__in=to_decide if waiting == Waiting.DECISION else others)


def _handed_in(workspace_id: int) -> QuerySet[Approval]:
    """Approvals that wait for a word; what was handed in anew since waits no more."""
    later = Approval.objects.filter(campaign_id=OuterRef("campaign_id"), id__gt=OuterRef("id"))
    open_ones = Approval.objects.filter(workspace_id=workspace_id, state=ApprovalState.SUBMITTED)
    return open_ones.filter(~Exists(later), campaign__state=CampaignState.DRAFT)


def split_handed_in(workspace_id: int, *, actor: str) -> tuple[list[int], list[int]]:
    """What waits for approval: campaigns that the actor may decide, and those the actor has a hand in.

    By who made them alone: whether the actor's role allows it is asked elsewhere.
    """
    own = set(people_behind(actor))
    to_decide: list[int] = []
    others: list[int] = []
    handed_in = _handed_in(workspace_id)
    rows = handed_in.values_list("campaign_id", "campaign__authors", "submitted_by")
    makers_of: dict[str, set[str]] = {}  # a key is asked for its person once
    for campaign_id, authors, submitted_by in rows.order_by("campaign_id"):
        if submitted_by not in makers_of:
            makers_of[submitted_by] = set(people_behind(submitted_by))
        is_own = not own.isdisjoint({*authors, *makers_of[submitted_by]})
        (others if is_own else to_decide).append(campaign_id)
    return to_decide, others

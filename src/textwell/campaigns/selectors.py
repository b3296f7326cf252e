"""Reads of campaigns. The workspace comes first; what is foreign is not found."""

from django.db.models import QuerySet

from textwell.campaigns.models import Campaign, CampaignState
from textwell.contacts.models import FieldDefinition
from textwell.core.errors import NotFound
from textwell.messaging.compose import BUILT_IN_FIELDS
from textwell.messaging.models import Tally
from textwell.messaging.selectors import equation
from textwell.messaging.types import Equation


def access_campaign(workspace_id: int, campaign_id: int) -> Campaign:
    """The campaign, or NotFound (also for another workspace's)."""
    campaign = Campaign.objects.filter(workspace_id=workspace_id, id=campaign_id).first()
    if campaign is None:
        raise NotFound("campaign", campaign_id)
    return campaign


def list_campaigns(
    workspace_id: int,
    *,
    states: list[str] | None = None,
    search: str = "",
    before_id: int | None = None,
    limit: int = 50,
) -> list[Campaign]:
    """Campaigns, newest first, a page at a time."""
    found: QuerySet[Campaign] = Campaign.objects.filter(workspace_id=workspace_id)
    if states:
        found = found.filter(state__in=states)
    if search:
        found = found.filter(name__icontains=search)
    if before_id is not None:
        found = found.filter(id__lt=before_id)
    return list(found.order_by("-id")[:limit])


def present_audience(campaign: Campaign) -> int:
    """While the plan is being made, the audience is what is planned so far."""
    is_planning = campaign.state == CampaignState.PLANNING
    return campaign.planned_count if is_planning else campaign.audience_count


def campaign_equation(campaign: Campaign) -> Equation:
    """The send equation, from one small read."""
    return equation(campaign.id, audience=present_audience(campaign))


def known_fields(workspace_id: int) -> frozenset[str]:
    """Names that a text may use: built-in ones and the workspace's own fields."""
    own = FieldDefinition.objects.filter(workspace_id=workspace_id).values_list("name", flat=True)
    return frozenset(BUILT_IN_FIELDS) | frozenset(own)


def sending_campaign_ids() -> list[int]:
    """Campaigns of every workspace that are sending now."""
    return list(
        Campaign.objects.filter(state=CampaignState.SENDING).values_list("id", flat=True),
    )


def canceled_with_held_ids() -> list[int]:
    """Canceled campaigns of every workspace that have held messages all the same."""
    held = Tally.objects.filter(state="held", message_count__gt=0).values("campaign_id")
    canceled = Campaign.objects.filter(state=CampaignState.CANCELED, id__in=held)
    return list(canceled.values_list("id", flat=True))

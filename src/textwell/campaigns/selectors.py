"""Reads of campaigns. The workspace comes first; what is foreign is not found."""

from collections.abc import Sequence

from django.db.models import Count, Prefetch, QuerySet

from textwell.campaigns.models import OPEN_STATES, Campaign, CampaignState, Stop, StoppedCampaign
from textwell.campaigns.waiting import Waiting, find_waiting
from textwell.contacts.models import FieldDefinition
from textwell.core.errors import NotFound
from textwell.messaging.compose import BUILT_IN_FIELDS
from textwell.messaging.models import Tally
from textwell.messaging.selectors import equation, equations
from textwell.messaging.types import Equation


def access_campaign(workspace_id: int, campaign_id: int) -> Campaign:
    """The campaign, or NotFound (also for another workspace's)."""
    campaign = Campaign.objects.filter(workspace_id=workspace_id, id=campaign_id).first()
    if campaign is None:
        raise NotFound("campaign", campaign_id)
    return campaign


def find_campaigns(
    workspace_id: int,
    *,
    states: list[str] | None = None,
    search: str = "",
    waiting: Waiting | None = None,
    actor: str = "",
) -> QuerySet[Campaign]:
    """Campaigns that all of it holds for; `actor` is who asks for what waits for them."""
    found: QuerySet[Campaign] = Campaign.objects.filter(workspace_id=workspace_id)
    if waiting is not None:
        found = find_waiting(workspace_id, waiting, actor=actor)
    if states:
        found = found.filter(state__in=states)
    return found.filter(name__icontains=search) if search else found


def list_campaigns(
    workspace_id: int,
    *,
    states: list[str] | None = None,
    search: str = "",
    waiting: Waiting | None = None,
    actor: str = "",
    before_id: int | None = None,
    limit: int = 50,
) -> list[Campaign]:
    """The same, newest first, a page at a time."""
    found = find_campaigns(workspace_id, states=states, search=search, waiting=waiting, actor=actor)
    if before_id is not None:
        found = found.filter(id__lt=before_id)
    return list(found.order_by("-id")[:limit])


def count_open(workspace_id: int) -> dict[str, int]:
    """Campaigns that are not over, by state: those of no state that none has are not in it."""
    found = Campaign.objects.filter(workspace_id=workspace_id, state__in=OPEN_STATES)
    return dict(found.order_by().values_list("state").annotate(n=Count("id")))


def list_scheduled(workspace_id: int, *, limit: int) -> list[Campaign]:
    """Those that wait for their time, the next first."""
    found = Campaign.objects.filter(workspace_id=workspace_id, state=CampaignState.SCHEDULED)
    return list(found.order_by("scheduled_at", "id")[:limit])


def list_paused(workspace_id: int, *, limit: int) -> list[Campaign]:
    """The newest paused ones."""
    found = Campaign.objects.filter(workspace_id=workspace_id, state=CampaignState.PAUSED)
    return list(found.order_by("-id")[:limit])


def list_launched(workspace_id: int, *, limit: int) -> list[Campaign]:
    """Campaigns that were launched, the latest made first."""
    found = Campaign.objects.filter(workspace_id=workspace_id, launched_at__isnull=False)
    return list(found.order_by("-created_at")[:limit])


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


def stop_counts(found: Equation) -> dict[str, int]:
    """What a stop keeps of a campaign's equation, by the names of `StoppedCampaign`."""
    return {
        "planned_count": found.total - found["skipped"],
        "handed_count": found.handed_count,
        "waiting_count": found["waiting"],
    }


def present_stop(workspace_id: int) -> Stop | None:
    """The stop that holds now; None: sending may go on."""
    return Stop.objects.filter(workspace_id=workspace_id, lifted_at=None).first()


def access_stop(workspace_id: int, stop_id: int) -> Stop:
    """The stop, or NotFound (also for another workspace's)."""
    stop = Stop.objects.filter(workspace_id=workspace_id, id=stop_id).first()
    if stop is None:
        raise NotFound("stop", stop_id)
    return stop


def list_stops(workspace_id: int, *, before_id: int | None = None, limit: int = 20) -> list[Stop]:
    """Stops, newest first, each with its campaigns; the counts of one that holds are of now."""
    found = Stop.objects.filter(workspace_id=workspace_id)
    if before_id is not None:
        found = found.filter(id__lt=before_id)
    campaigns = Prefetch(
        "campaigns", StoppedCampaign.objects.select_related("campaign").order_by("campaign_id")
    )
    stops = list(found.prefetch_related(campaigns).order_by("-id")[:limit])
    rows = [row for stop in stops if stop.lifted_at is None for row in stop.campaigns.all()]
    count_now(rows)
    return stops


def count_now(rows: Sequence[StoppedCampaign]) -> None:
    """Give the rows the counts of this moment, unsaved."""
    counts = equations({row.campaign_id: 0 for row in rows})
    for row in rows:
        for name, count in stop_counts(counts[row.campaign_id]).items():
            setattr(row, name, count)


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

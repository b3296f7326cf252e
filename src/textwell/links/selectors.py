"""Reads of link domains and clicks for others.

A person's click is `kind = human`; the other kinds count apart.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db.models import Count, Min, Q

from textwell.core.errors import NotFound
from textwell.core.settings import load_settings
from textwell.links.models import Click, LinkHost

Dimension = Literal["link_number", "device", "os", "browser", "country"]


@dataclass(frozen=True, slots=True)
class ClickCounts:
    """`people`: distinct messages with a human click (a campaign sends one to each person)."""

    people: int
    human_clicks: int
    machine_clicks: int
    unsure_clicks: int


@dataclass(frozen=True, slots=True)
class ClickShare:
    value: str
    people: int
    human_clicks: int


def count_clicks(workspace_id: int, campaign_id: int) -> ClickCounts:
    """All clicks of a campaign, by kind."""
    is_human = Q(kind="human")
    found = Click.objects.filter(workspace_id=workspace_id, campaign_id=campaign_id).aggregate(
        people=Count("message_id", distinct=True, filter=is_human),
        human_clicks=Count("id", filter=is_human),
        machine_clicks=Count("id", filter=Q(kind="machine")),
        unsure_clicks=Count("id", filter=Q(kind="unsure")),
    )
    return ClickCounts(**found)


def count_clicks_by(workspace_id: int, campaign_id: int, dimension: Dimension) -> list[ClickShare]:
    """Human clicks of a campaign by link, device, system, browser or country; most people first."""
    rows = (
        Click.objects.filter(workspace_id=workspace_id, campaign_id=campaign_id, kind="human")
        .values_list(dimension)
        .annotate(people=Count("message_id", distinct=True), clicks=Count("id"))
        .order_by("-people", dimension)
    )
    return [ClickShare(str(value), people, clicks) for value, people, clicks in rows]


def list_clicked_messages(
    workspace_id: int, campaign_id: int, *, after_id: int = 0, limit: int = 1000
) -> list[tuple[int, datetime]]:
    """Message ids with a human click and the time of the first one, by message id."""
    rows = (
        Click.objects.filter(
            workspace_id=workspace_id,
            campaign_id=campaign_id,
            kind="human",
            message_id__gt=after_id,
        )
        .values_list("message_id")
        .annotate(first_at=Min("at"))
        .order_by("message_id")[:limit]
    )
    return [(message_id, first_at) for message_id, first_at in rows]


def list_message_clicks(workspace_id: int, message_id: int) -> list[Click]:
    """Every request of a message's links, oldest first: for a person's timeline."""
    clicks = Click.objects.filter(workspace_id=workspace_id, message_id=message_id)
    return list(clicks.order_by("at", "id"))


def find_link_host(workspace_id: int) -> LinkHost | None:
    """The workspace's present link domain, checked or not."""
    return LinkHost.objects.filter(workspace_id=workspace_id, retired_at=None).first()


def access_link_host(workspace_id: int) -> LinkHost:
    """The workspace's present link domain. Raises NotFound where it has none."""
    found = find_link_host(workspace_id)
    if found is None:
        raise NotFound("link domain")
    return found


def installation_prefix() -> str:
    """The beginning of short links of workspaces without a domain of their own, with the slash."""
    return load_settings().link_url.rstrip("/") + "/"


def link_prefix(workspace_id: int) -> str:
    """The beginning of a workspace's new short links, with the slash."""
    return prefix_of_new_links(find_link_host(workspace_id))


def prefix_of_new_links(host: LinkHost | None) -> str:
    """With which new links of a workspace begin that has this domain, or none."""
    return host.prefix if host is not None and host.is_used else installation_prefix()

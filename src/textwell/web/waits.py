"""What waits and why: campaigns that wait for their time, and texts that are not handed off yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from textwell.accounts.models import Workspace
from textwell.campaigns.models import Campaign, CampaignState
from textwell.campaigns.selectors import list_scheduled
from textwell.gateways.models import Gateway
from textwell.gateways.selectors import is_down
from textwell.messaging.states import State
from textwell.reports.figures import Figure
from textwell.reports.waiting import WaitingTexts, list_waiting_texts
from textwell.web.formats import format_count
from textwell.web.words import HELD_WHY, gateway_trouble, word

MOST_SHOWN = 10
WAITING = "waiting"  # the term of the equation


@dataclass(frozen=True, slots=True)
class Wait:
    """One row. `count` None: it is not known before the campaign begins."""

    campaign_id: int | None
    name: str
    why: str
    count: int | None = None
    figure: Figure | None = None

    @property
    def id(self) -> int | None:
        """The campaign's: by it a number finds the list of its people."""
        return self.campaign_id


def list_waits(
    workspace: Workspace, gateways: Sequence[Gateway], *, scheduled_count: int
) -> list[Wait]:
    """At most `MOST_SHOWN`: texts first, then campaigns by their time."""
    waits = _of_texts(workspace, {gateway.id: gateway for gateway in gateways})
    if scheduled_count:
        waits += [_of_time(each) for each in list_scheduled(workspace.id, limit=MOST_SHOWN)]
    return waits[:MOST_SHOWN]


def _of_time(campaign: Campaign) -> Wait:
    assert campaign.scheduled_at is not None
    return Wait(
        campaign.id, campaign.name, _("Begins %(at)s") % {"at": _moment(campaign.scheduled_at)}
    )


def _moment(at: datetime) -> str:
    return date_format(timezone.localtime(at), "DATETIME_FORMAT")


def _of_texts(workspace: Workspace, gateways: Mapping[int, Gateway]) -> list[Wait]:
    """One row for each campaign, or gateway of single texts, and each reason."""
    owners: dict[tuple[int | None, str], dict[str, list[WaitingTexts]]] = {}
    for texts in list_waiting_texts(workspace.id):
        why = _why(workspace, gateways.get(texts.gateway_id or 0), texts)
        by_why = owners.setdefault((texts.campaign_id, texts.name), {})
        by_why.setdefault(why, []).append(texts)
    return [
        _row(campaign_id, name, why, texts, is_all=len(by_why) == 1)
        for (campaign_id, name), by_why in owners.items()
        for why, texts in by_why.items()
    ]


def _row(
    campaign_id: int | None, name: str, why: str, texts: Sequence[WaitingTexts], *, is_all: bool
) -> Wait:
    """`is_all`: nothing else of it waits for another reason."""
    count = sum(each.count for each in texts)
    if campaign_id is None:
        text = ngettext("%(n)s single text, %(gateway)s", "%(n)s single texts, %(gateway)s", count)
        return Wait(None, text % {"n": format_count(count), "gateway": name}, why)
    figure = Figure(term=WAITING) if is_all else Figure(term=WAITING, reason=texts[0].reason)
    return Wait(campaign_id, name, why, count, figure)


def _why(workspace: Workspace, gateway: Gateway | None, texts: WaitingTexts) -> str:
    if workspace.is_stopped:
        return _("All sending is stopped.")
    if texts.campaign_state == CampaignState.PAUSED:
        return _("The campaign is paused.")
    if gateway is None:
        return _("Their gateway is not there any more.")
    if is_down(gateway):
        return _("%(gateway)s: %(trouble)s") % {
            "gateway": gateway.name,
            "trouble": gateway_trouble(gateway),
        }
    if texts.state == State.HELD:
        return word(HELD_WHY, texts.reason)
    if texts.is_later and texts.campaign_state == CampaignState.SENDING:
        return word(HELD_WHY, "quiet_hours")
    if texts.campaign_state == CampaignState.PLANNING:
        return _("The campaign is being planned.")
    return _("In line: %(gateway)s takes %(rate)s segments a second.") % {
        "gateway": gateway.name,
        "rate": f"{gateway.segments_per_second:g}",
    }

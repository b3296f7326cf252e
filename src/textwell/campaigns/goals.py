"""What a campaign is for, and what each goal presets: words, class, metric, time and holdout.

A preset is a beginning: all of it is stored on the draft and can be changed there.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from textwell.accounts.models import Workspace
from textwell.campaigns.counting import sample_workspace
from textwell.campaigns.models import Campaign, Goal, Metric
from textwell.contacts.tracked.selectors import list_recent_names
from textwell.contacts.zones import list_zones
from textwell.core.clock import now
from textwell.core.errors import FieldError
from textwell.core.zones import DAY_HOURS, may_be_night
from textwell.inbox.keywords import find_way_out
from textwell.messaging.purposes import is_marketing
from textwell.segments.selectors import count_audience
from textwell.segments.types import Audience, parse_audience

LEAST_HELD_OUT: Final = 100  # people; of fewer nothing can be told from chance
USUAL_PERCENT: Final = 10  # held out, where somebody is
USUAL_HOUR: Final = 10  # local, of a text that has the choice
_STRETCH_PEOPLE: Final = 8  # of each of the sample's stretches
_MOST_NIGHT: Final = 0.1  # of the sample: beyond this share a text waits for the morning
_ORDER_WORDS: Final = {"order", "orders", "ordered", "purchase", "purchases", "purchased"}
_NO_ORDER_STARTS: Final = (  # of a word: order_cancelled
    "abandon", "cancel", "fail", "refund", "remind", "return", "view",
)  # fmt: skip
_FALLBACK: Final = gettext_noop("dear customer")


@dataclass(frozen=True, slots=True)
class Preset:
    """What a goal is worth as a beginning. Texts are catalog messages, said in each language."""

    body: str
    purpose: str = "marketing"
    metrics: tuple[Metric, ...] = (Metric.CLICKS,)  # the first that can be counted
    holdout_percent: int = 0


PRESETS: Final[dict[Goal, Preset]] = {
    Goal.DISCOUNT: Preset(
        gettext_noop("%(brand)s: {{ first_name }}, %(what)s until %(date)s."),
        metrics=(Metric.EVENTS, Metric.CLICKS),
        holdout_percent=USUAL_PERCENT,
    ),
    Goal.PRODUCT: Preset(
        gettext_noop("%(brand)s: {{ first_name }}, new for you: %(what)s."),
        metrics=(Metric.EVENTS, Metric.CLICKS),
        holdout_percent=USUAL_PERCENT,
    ),
    Goal.EVENT: Preset(
        gettext_noop("%(brand)s: {{ first_name }}, join us on %(date)s at %(time)s: %(what)s."),
    ),
    Goal.WIN_BACK: Preset(
        gettext_noop("%(brand)s: {{ first_name }}, we miss you. For your next visit: %(what)s."),
        metrics=(Metric.EVENTS, Metric.CLICKS),
        holdout_percent=USUAL_PERCENT,
    ),
    Goal.NEWS: Preset(gettext_noop("%(brand)s: {{ first_name }}, %(what)s.")),
    Goal.SERVICE: Preset(
        gettext_noop("%(brand)s: {{ first_name }}, %(what)s."),
        purpose="transactional",
        metrics=(Metric.DELIVERED,),
    ),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What only a person can say."""

    what: str  # in a few words: 20 % off all bread
    at: datetime | None = None  # the end of the offer, the beginning of the event
    url: str = ""


def preset_values(workspace: Workspace, goal: Goal, asked: Asked) -> dict[str, Any]:
    """The fields of a draft to everybody, as `create_campaign` takes them; no sender is chosen.

    Any: values of many kinds.
    """
    preset = PRESETS[goal]
    metric, event = _choose_metric(workspace.id, preset)
    people_count = count_audience(workspace.id, Audience(is_everybody=True))
    holds_out = metric == Metric.EVENTS and _is_worth_it(people_count, preset.holdout_percent)
    return {
        "name": asked.what[:120],
        "goal": goal.value,
        "goal_at": asked.at,
        "purpose": preset.purpose,
        "audience": {"all": True},
        "body": write_text(workspace, goal, asked, language=workspace.language),
        "fallbacks": write_fallbacks(workspace.language),
        "links": [{"url": asked.url}] if asked.url else [],
        "utm": _utm(goal) if asked.url else {},
        "metric": metric.value,
        "metric_event": event,
        "holdout_percent": preset.holdout_percent if holds_out else 0,
        "scheduled_at": choose_start(workspace, goal, asked.at),
    }


def write_text(workspace: Workspace, goal: Goal, asked: Asked, *, language: str) -> str:
    """The goal's text in a language that there is a catalog of, else in English.

    Marketing says how to stop it, by the word of the workspace's country.
    """
    with override(language):
        local = asked.at.astimezone(ZoneInfo(workspace.zone)) if asked.at else None
        said = _(PRESETS[goal].body) % {
            "brand": workspace.name,
            "what": asked.what.strip().rstrip("."),
            "date": date_format(local, "MONTH_DAY_FORMAT") if local else "…",
            "time": date_format(local, "TIME_FORMAT") if local else "…",
        }
        parts = [said, "{{ link }}" if asked.url else ""]
        if is_marketing(PRESETS[goal].purpose):
            word = find_way_out(workspace.country, language)
            parts.append(_("Reply %(word)s to end.") % {"word": word})
    return " ".join(filter(None, parts))


def write_fallbacks(language: str) -> dict[str, str]:
    """What stands for people whose name is not known."""
    with override(language):
        return {"first_name": _(_FALLBACK)}


def _utm(goal: Goal) -> dict[str, str]:
    return {
        "utm_source": "textwell",
        "utm_medium": "sms",
        "utm_campaign": "{{ campaign }}",
        "utm_content": goal.value,
    }


def _choose_metric(workspace_id: int, preset: Preset) -> tuple[Metric, str]:
    """The first metric of the goal that can be counted here, and the event that it counts."""
    if preset.metrics[0] != Metric.EVENTS:
        return preset.metrics[0], ""
    event = next(filter(_is_order, list_recent_names(workspace_id)), "")
    return (Metric.EVENTS, event) if event else (preset.metrics[1], "")


def _is_order(name: str) -> bool:
    """By whole words: neither a preorder nor a border that is crossed is an order."""
    words = re.split(r"[_.]", name)
    is_named = not _ORDER_WORDS.isdisjoint(words) or "checkout_completed" in name
    return is_named and not any(word.startswith(_NO_ORDER_STARTS) for word in words)


def choose_start(workspace: Workspace, goal: Goal, at: datetime | None) -> datetime | None:
    """When the text should leave; None: as soon as it is launched.

    For an event the day before, at the hour that is day for most people where they are; else at
    once, or in the morning while it may be night for more than a few of them.
    """
    zones, home = _sample_zones(workspace), ZoneInfo(workspace.zone)
    if goal == Goal.EVENT and at is not None:
        day = at.astimezone(home) - timedelta(days=1)
        start = _best_hour(day, zones)
        return start if start > now() else None
    if goal == Goal.SERVICE or _night_share(zones, now()) <= _MOST_NIGHT:
        return None
    today = now().astimezone(home)
    start = _best_hour(today, zones)
    return start if start > now() else _best_hour(today + timedelta(days=1), zones)


def _sample_zones(workspace: Workspace) -> list[tuple[str, ...]]:
    people = sample_workspace(workspace.id, each=_STRETCH_PEOPLE)
    return list_zones(people) if people else [(workspace.zone,)]


def _night_share(zones: Sequence[tuple[str, ...]], at: datetime) -> float:
    return sum(may_be_night(names, at) for names in zones) / len(zones)


def _best_hour(day: datetime, zones: Sequence[tuple[str, ...]]) -> datetime:
    """Of that day's full hours the one that is night for the fewest, the nearest to the usual one."""
    hours = [day.replace(hour=n, minute=0, second=0, microsecond=0) for n in range(*DAY_HOURS)]
    return min(hours, key=lambda at: (_night_share(zones, at), abs(at.hour - USUAL_HOUR)))


def explain_no_holdout(campaign: Campaign) -> str:
    """Why nobody is held out of a campaign; empty where somebody could be, and its author chose not to."""
    if not is_marketing(campaign.purpose):
        return _("Nobody is held out: everyone needs a text of this purpose.")
    if campaign.metric != Metric.EVENTS:
        return _(
            "Nobody is held out: who gets no text can neither click nor answer, so that there would be"
            " nothing to compare. Orders or other events of yours can be compared."
        )
    try:
        people_count = count_audience(campaign.workspace_id, parse_audience(campaign.audience))
    except FieldError:  # what is wrong with the audience is said elsewhere
        return ""
    if _is_worth_it(people_count, USUAL_PERCENT):
        return ""
    return _("Nobody is held out: of fewer than 100 people nothing can be told from chance.")


def _is_worth_it(people_count: int, percent: int) -> bool:
    return people_count * percent >= LEAST_HELD_OUT * 100

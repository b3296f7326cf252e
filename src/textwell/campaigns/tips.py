"""What does not fit the goal of a campaign: said in place, and keeps nobody from launching."""

from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from textwell.accounts.models import Workspace
from textwell.campaigns.goals import LEAST_HELD_OUT
from textwell.campaigns.models import ENDING_GOALS, Campaign, Goal, Metric
from textwell.campaigns.named_dates import find_other_date
from textwell.campaigns.types import Problem
from textwell.contacts.tracked.selectors import list_recent_names
from textwell.core.clock import now
from textwell.core.errors import FieldError
from textwell.messaging.purposes import is_marketing
from textwell.segments.selectors import count_audience
from textwell.segments.types import parse_audience


def list_tips(campaign: Campaign) -> list[Problem]:
    """In the order of the page."""
    return [
        *_moment_tips(campaign),
        *_date_tips(campaign),
        *_event_tips(campaign),
        *_link_tips(campaign),
        *_holdout_tips(campaign),
    ]


def _moment_tips(campaign: Campaign) -> list[Problem]:
    if campaign.goal not in ENDING_GOALS:
        return []
    is_offer, at = campaign.goal == Goal.DISCOUNT, campaign.goal_at
    if at is None:
        if is_offer:
            problem, mend = _("The offer has no end."), _("Say when it ends.")
        else:
            problem, mend = _("The event has no date."), _("Say when it begins.")
        return [Problem("goal_at", problem, mend)]
    return []


def _date_tips(campaign: Campaign) -> list[Problem]:
    """A text that still names the date that was given before."""
    if campaign.goal_at is None:
        return []
    workspace = Workspace.objects.get(id=campaign.workspace_id)
    day = campaign.goal_at.astimezone(ZoneInfo(workspace.zone)).date()
    bodies = [("body", campaign.body)]
    bodies += [("versions", version.get("body", "")) for version in campaign.versions]
    mend = _("Write the date that holds, or change it in the goal.")
    found = []
    for field, body in bodies:
        said, right = find_other_date(body, day)
        if said:
            problem = _("The text says “%(said)s”; the date of its goal is “%(date)s”.")
            found.append(Problem(field, problem % {"said": said, "date": right}, mend))
    return found


def _event_tips(campaign: Campaign) -> list[Problem]:
    name = campaign.metric_event
    if campaign.metric != Metric.EVENTS or not name:
        return []
    if name in list_recent_names(campaign.workspace_id):
        return []
    problem = _("No event “%(name)s” came in lately.") % {"name": name}
    return [Problem("metric_event", problem, _("See that the name is written as it is sent."))]


def _link_tips(campaign: Campaign) -> list[Problem]:
    needs_link = campaign.goal == Goal.DISCOUNT or campaign.metric == Metric.CLICKS
    if not needs_link or campaign.links:
        return []
    if campaign.metric == Metric.CLICKS:
        problem = _("It is measured by clicks and has no link.")
    else:
        problem = _("The offer has no link.")
    return [Problem("links", problem, _("Give the address where one finds out more."))]


def _holdout_tips(campaign: Campaign) -> list[Problem]:
    if not campaign.holdout_percent:
        return []
    if not is_marketing(campaign.purpose):
        problem = _("Some people would not get a text that everyone needs.")
        return [Problem("holdout_percent", problem, _("Hold out nobody."))]
    if campaign.metric != Metric.EVENTS:
        problem = _("Who is held out can neither click nor answer: there is nothing to compare.")
        mend = _("Choose events of yours, such as orders, as the measure, or hold out nobody.")
        return [Problem("holdout_percent", problem, mend)]
    try:
        count = count_audience(campaign.workspace_id, parse_audience(campaign.audience))
    except FieldError:  # what is wrong with the audience is among the problems
        return []
    held_out = count * campaign.holdout_percent // 100
    if held_out >= LEAST_HELD_OUT:
        return []
    problem = _("About %(count)s people would be held out: too few to tell more than chance.")
    mend = _("Hold out a larger share, or nobody.")
    return [Problem("holdout_percent", problem % {"count": held_out}, mend)]


def list_goal_problems(campaign: Campaign) -> list[Problem]:
    """What keeps it from being launched."""
    if campaign.metric == Metric.EVENTS and not campaign.metric_event:
        mend = _("Name it as your shop sends it, such as “order_completed”.")
        return [Problem("metric_event", _("Which event counts is not said."), mend)]
    if campaign.goal_at is None:
        return []
    if campaign.goal_at <= now():
        over = {Goal.DISCOUNT: _("The offer is over."), Goal.EVENT: _("The event is past.")}
        problem = over.get(Goal(campaign.goal)) if campaign.goal else None
        mend = _("Give a time to come, or none.")
        return [Problem("goal_at", problem or _("The moment given for it is past."), mend)]
    if campaign.goal_at <= (campaign.scheduled_at or now()):
        problem = _("It would begin when its offer or event is over.")
        return [Problem("scheduled_at", problem, _("Choose an earlier time."))]
    return []

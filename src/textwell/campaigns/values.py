"""What a campaign's values must be to be stored, beyond their types: known, ours, not in the past."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from textwell.contacts.models import ContactList
from textwell.contacts.tracked.names import LONGEST_NAME, is_event_name
from textwell.core.clock import FIRST_YEAR, LAST_YEAR, is_meant, now
from textwell.core.errors import FieldError
from textwell.gateways.models import Gateway
from textwell.links.targets import judge_targets
from textwell.links.tokens import MAX_LINK_NUMBER
from textwell.messaging.checks import check_versions
from textwell.segments.types import parse_audience

UTM_NAMES = (
    "utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "utm_id",
)  # fmt: skip
_AUDIENCE_NAMES = ("all", "list_id", "tag", "filters", "match")
_LATE = timedelta(minutes=2)  # a form that says "now" and is sent a moment later


def check_given(workspace_id: int, values: Mapping[str, Any]) -> None:
    """Judge only what is given: a draft may lack anything.

    Raises:
        FieldError: the first value that cannot be used.
    """
    if values.get("utm"):
        _refuse_unknown("utm", values["utm"], UTM_NAMES)
    _check_links(values)
    if values.get("audience"):
        _check_audience(workspace_id, values["audience"])
    if values.get("versions"):
        check_versions(values["versions"])
    if values.get("gateway_id") is not None:
        mine = Gateway.objects.filter(workspace_id=workspace_id, id=values["gateway_id"])
        if not mine.exists():
            mend = _("Choose one of your gateways.")
            raise FieldError("gateway_id", _("is no gateway of yours"), mend)
    if values.get("metric_event") and not is_event_name(values["metric_event"]):
        mend = _("Write it as it is kept: small letters, digits, _ and ., %(most)s at most.")
        problem = _("is no name that an event can have")
        raise FieldError("metric_event", problem, mend % {"most": LONGEST_NAME})
    for name in ("goal_at", "scheduled_at", "expires_at"):
        if values.get(name) is not None:
            _check_year(name, values[name])
    if values.get("scheduled_at") is not None:
        check_start(values["scheduled_at"])


def link_values(name: str) -> dict[str, str]:
    """What `{{ … }}` in UTM parameters stands for in the links of a campaign of this name."""
    return {"campaign": name}


def find_link_errors(
    links: Sequence[Mapping[str, Any]], utm: Mapping[str, str], *, name: str
) -> list[FieldError]:
    """What keeps these links from being made when the campaign is planned, or a test of it sent.

    Errors are on `links`, `links.<number>.url`, from 0 as in JSON, or `utm.<name>`.
    """
    if len(links) > MAX_LINK_NUMBER:
        problem = _("A message has 1 to %(most)s links, not %(count)s.") % {
            "most": MAX_LINK_NUMBER,
            "count": len(links),
        }
        return [FieldError("links", problem, _("Leave out the rest."))]
    targets = [str(link.get("url", "")) for link in links]
    _ready, errors = judge_targets(targets, utm=utm, values=link_values(name))
    return [FieldError(_own_field(error.field), error.problem, error.mend) for error in errors]


def _own_field(field: str) -> str:
    kind, _dot, rest = field.partition(".")
    return f"links.{int(rest) - 1}.url" if kind == "targets" else field


def _check_links(values: Mapping[str, Any]) -> None:
    utm, name = values.get("utm") or {}, values.get("name") or ""
    links = values.get("links") or ([{"url": "https://example.org/"}] if utm else [])
    errors = find_link_errors(links, utm, name=name)
    if errors:
        raise errors[0]


def _check_year(field: str, at: datetime) -> None:
    if not is_meant(at):
        mend = _("Give a time of the years %(first)s to %(last)s.")
        years = {"first": FIRST_YEAR, "last": LAST_YEAR}
        raise FieldError(field, _("is too far away"), mend % years)


def check_start(at: datetime) -> None:
    """Raises FieldError on `scheduled_at` if it is over or too far away."""
    _check_year("scheduled_at", at)
    if at < now() - _LATE:
        mend = _("Give a time to come. To begin at once, launch a draft without a time.")
        raise FieldError("scheduled_at", _("lies in the past"), mend)


def _check_audience(workspace_id: int, audience: Mapping[str, Any]) -> None:
    _refuse_unknown("audience", audience, _AUDIENCE_NAMES)
    list_id = parse_audience(audience).list_id
    mine = ContactList.objects.filter(workspace_id=workspace_id, id=list_id or 0)
    if list_id is not None and not mine.exists():
        mend = _("Choose one of your lists.")
        raise FieldError("audience.list_id", _("The chosen list is not there any more."), mend)


def _refuse_unknown(field: str, given: Mapping[str, Any], known: tuple[str, ...]) -> None:
    unknown = sorted(set(given) - set(known))
    if unknown:
        mend = _("Use one of: %(known)s.") % {"known": ", ".join(known)}
        raise FieldError(f"{field}.{unknown[0]}", _("is unknown."), mend)

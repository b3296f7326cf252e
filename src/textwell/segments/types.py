"""The audience of a campaign as a value: everybody, a list, a tag, or a first filter over fields."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from textwell.core.errors import FieldError

MATCHES = ("all", "any")


@dataclass(frozen=True, slots=True)
class Condition:
    """One field compared with a value; see selectors.OPERATORS for what goes with which kind."""

    field: str
    op: str
    value: Any = None  # JSON: text, number, yes or no, or a list of two for "between"


@dataclass(frozen=True, slots=True)
class Audience:
    """Who is meant. Exactly one of the four ways is set."""

    is_everybody: bool = False
    list_id: int | None = None
    tag: str = ""
    conditions: tuple[Condition, ...] = ()
    match: str = "all"


@dataclass(frozen=True, slots=True)
class Sql:
    """A condition over alias `c` of contacts_contact, every value bound."""

    where: str
    params: dict[str, Any]  # text, numbers, dates, lists: whatever psycopg binds


def _refuse(problem: str, mend: str) -> FieldError:
    return FieldError("audience", problem, mend)


def _condition(value: object, place: int) -> Condition:
    if not isinstance(value, Mapping) or not {"field", "op"} <= set(value):
        problem = _("filter %(place)s has no field or no comparison.") % {"place": place}
        raise _refuse(problem, _('Write it as {"field": "city", "op": "is", "value": "Hanoi"}.'))
    return Condition(str(value["field"]), str(value["op"]), value.get("value"))


def parse_audience(data: Mapping[str, Any]) -> Audience:
    """From the JSON kept with a campaign.

    Raises:
        FieldError: on `audience`, with what is wrong and its mend.
    """
    ways = [name for name in ("all", "list_id", "tag", "filters") if data.get(name)]
    if len(ways) != 1:
        problem = _("says not exactly one way to choose people.")
        raise _refuse(problem, _("Choose everybody, a list, a tag or filters."))
    if ways == ["all"]:
        return Audience(is_everybody=True)
    if ways == ["tag"]:
        return Audience(tag=str(data["tag"]))
    if ways == ["list_id"]:
        if isinstance(data["list_id"], bool) or not str(data["list_id"]).isdigit():
            raise _refuse(_("names no list."), _("Choose one of your lists."))
        return Audience(list_id=int(data["list_id"]))
    return _filtered(data)


def _filtered(data: Mapping[str, Any]) -> Audience:
    filters, match = data["filters"], data.get("match", "all")
    if not isinstance(filters, list):
        raise _refuse(_("has filters that are no list."), _("Give a list of filters."))
    if match not in MATCHES:
        problem = _("matches “%(match)s”, which is unknown.") % {"match": match}
        raise _refuse(problem, _('Use "all" or "any".'))
    conditions = tuple(_condition(value, place) for place, value in enumerate(filters, start=1))
    return Audience(conditions=conditions, match=match)

"""The audience of a campaign as a value: everybody, a list, a tag, or a first filter over fields."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from textwell.core.errors import FieldError

MATCHES = ("all", "any")
_ID = re.compile(r"[1-9][0-9]{0,17}")  # as one writes it: nothing before it, and a bigint


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


def refuse(place: str, problem: str, mend: str) -> FieldError:
    """What to raise for a part of an audience, such as `filters.0.value`; "" is all of it."""
    return FieldError(f"audience.{place}" if place else "audience", problem, mend)


def is_storable(text: str) -> bool:
    """PostgreSQL takes no null character and no half of a surrogate pair."""
    return "\x00" not in text and not any("\ud800" <= c <= "\udfff" for c in text)


def parse_audience(data: Mapping[str, Any]) -> Audience:
    """From the JSON kept with a campaign.

    Raises:
        FieldError: on `audience` or a part of it (`audience.filters.0.op`), with what is wrong and
            its mend.
    """
    ways = [name for name in ("all", "list_id", "tag", "filters") if data.get(name)]
    if len(ways) != 1:
        problem = _("says not exactly one way to choose people.")
        raise refuse("", problem, _("Choose everybody, a list, a tag or filters."))
    return _READERS[ways[0]](data)


def _everybody(data: Mapping[str, Any]) -> Audience:
    if data["all"] is not True:
        raise refuse("all", _("is neither true nor left out."), _("Give true, or leave it out."))
    return Audience(is_everybody=True)


def read_list_id(value: object) -> int | None:
    """The id of a list as JSON or a form gives it: 3, 3.0 or "3"; None for anything else."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    is_number = isinstance(value, str) and _ID.fullmatch(value)
    return int(str(value)) if is_number else None


def _of_list(data: Mapping[str, Any]) -> Audience:
    list_id = read_list_id(data["list_id"])
    if list_id is None:
        raise refuse("list_id", _("names no list."), _("Choose one of your lists."))
    return Audience(list_id=list_id)


def _of_tag(data: Mapping[str, Any]) -> Audience:
    if not isinstance(data["tag"], str) or not is_storable(data["tag"]):
        raise refuse("tag", _("is no tag."), _("Choose one of your tags."))
    return Audience(tag=data["tag"])


def _filtered(data: Mapping[str, Any]) -> Audience:
    filters, match = data["filters"], data.get("match", "all")
    if not isinstance(filters, list):
        raise refuse("filters", _("is no list of filters."), _("Give a list of filters."))
    if match not in MATCHES:
        raise refuse("match", _("is unknown."), _('Use "all" or "any".'))
    conditions = tuple(_condition(value, place) for place, value in enumerate(filters))
    return Audience(conditions=conditions, match=match)


def _condition(value: object, place: int) -> Condition:
    mend = _('Write it as {"field": "city", "op": "is", "value": "Hanoi"}.')
    number = {"number": place + 1}
    if not isinstance(value, Mapping):
        raise refuse(f"filters.{place}", _("Filter %(number)s is no filter.") % number, mend)
    problems = {
        "field": _("Filter %(number)s has no field.") % number,
        "op": _("Filter %(number)s has no comparison.") % number,
    }
    for part, problem in problems.items():
        if not isinstance(value.get(part), str) or not value[part]:
            raise refuse(f"filters.{place}.{part}", problem, mend)
    return Condition(value["field"], value["op"], value.get("value"))


_READERS = {"all": _everybody, "list_id": _of_list, "tag": _of_tag, "filters": _filtered}

"""Segment's calls as events, and as what they tell of people."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import orjson
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from textwell.contacts.identified import LONGEST_ID, Identified
from textwell.core.wire import EventItem
from textwell.text import parse_number

KINDS: Final = ("identify", "track", "page", "screen", "group", "alias")
MOST_OCTETS: Final = 32_768  # of one call, as Segment has it
MOST_DEEP: Final = 20
_NAME = re.compile(r"[^\w.]+")
_LONGEST_NAME: Final = 60
# Traits that are columns of a person, by Segment's own names and those that libraries use.
_COLUMNS: Final = {
    "firstName": "first_name", "first_name": "first_name", "lastName": "last_name",
    "last_name": "last_name", "language": "language", "locale": "language", "timezone": "zone",
}  # fmt: skip
_TAKEN: Final = frozenset({*_COLUMNS, "phone", "email"})
Call = Mapping[str, Any]  # Any: JSON values


class Unusable(ValueError):
    """Why a call cannot be used, in words."""


@dataclass(frozen=True, slots=True)
class Read:
    """One call: the event, and what it tells of a person if it identifies one."""

    event: EventItem
    identified: Identified | None = None


def read_call(
    call: object, *, kind: str, workspace_id: int, received: float, ahead_s: float
) -> Read:
    """One call. `ahead_s` is by how much the sender's clock goes before ours.

    Raises:
        Unusable: it names nobody, is too large, or is none of Segment's kinds.
    """
    if not isinstance(call, dict):
        raise Unusable(_("is no object"))
    kind = kind or str(call.get("type", ""))
    if kind not in KINDS:
        raise Unusable(_("has no known type"))
    octets = orjson.dumps(call, option=orjson.OPT_SORT_KEYS)
    if len(octets) > MOST_OCTETS:
        raise Unusable(_("has more than 32 KB"))
    if _depth(call) > MOST_DEEP:
        raise Unusable(_("is nested too deeply"))
    external_id = _read_id(call, "userId") or _read_id(call, "anonymousId")
    if not external_id:
        raise Unusable(_("has neither userId nor anonymousId"))
    traits = _read_traits(call, kind)
    event = EventItem(
        workspace_id=workspace_id,
        name=_read_name(call, kind),
        at=_read_time(call, received, ahead_s),
        source_key=_read_key(call, octets),
        msisdn=_read_phone(traits),
        external_id=external_id,
        properties=_read_properties(call, kind),
    )
    return Read(event, _identify(call, event, traits) if kind == "identify" else None)


def _depth(value: object) -> int:
    deepest, waiting = 0, [(value, 1)]
    while waiting and deepest <= MOST_DEEP:
        each, level = waiting.pop()
        parts: list[object] = []
        if isinstance(each, dict):
            parts = list(each.values())
        elif isinstance(each, list):
            parts = each
        if parts:
            deepest = max(deepest, level)
        waiting += [(part, level + 1) for part in parts]
    return deepest


def _read_id(call: Call, name: str) -> str:
    value = call.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    text = str(value).replace("\x00", "").strip()
    if len(text) > LONGEST_ID:
        raise Unusable(
            _("%(name)s has more than %(most)d characters") % {"name": name, "most": LONGEST_ID}
        )
    return text


def _read_key(call: Call, octets: bytes) -> str:
    """By which a call is known again: its messageId, else all that it says."""
    given = call.get("messageId")
    usable = isinstance(given, str) and 0 < len(given) <= LONGEST_ID and "\x00" not in given
    return f"segment:{given if usable else hashlib.sha256(octets).hexdigest()}"


def _read_name(call: Call, kind: str) -> str:
    if kind != "track":
        return kind
    given = call.get("event")
    name = (
        _NAME.sub("_", given.casefold()).strip("_.")[:_LONGEST_NAME]
        if isinstance(given, str)
        else ""
    )
    if not name:
        raise Unusable(_("has no event name"))
    return name


def _read_time(call: Call, received: float, ahead_s: float) -> float:
    """When it happened by our clock; never later than now."""
    moment = read_moment(call.get("timestamp"))
    return received if moment is None else min(received, moment - ahead_s)


def read_moment(given: object) -> float | None:
    """Seconds since the epoch of an ISO 8601 time; None if it is none."""
    if not isinstance(given, str) or len(given) > 40:  # noqa: PLR2004 - longer than any time
        return None
    try:
        moment = parse_datetime(given)
        if moment is None:
            return None
        seconds = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None
    return seconds if seconds > _EPOCH else None


_EPOCH: Final = datetime(1971, 1, 1, tzinfo=UTC).timestamp()


def _read_traits(call: Call, kind: str) -> Call:
    context = call.get("context")
    own = call.get("traits") if kind == "identify" else None
    inside = context.get("traits") if isinstance(context, dict) else None
    return {
        **(inside if isinstance(inside, dict) else {}),
        **(own if isinstance(own, dict) else {}),
    }


def _read_phone(traits: Call) -> str:
    given = traits.get("phone")
    if not isinstance(given, str) or len(given) > 40:  # noqa: PLR2004 - longer than any number
        return ""
    return parse_number(given.replace("\x00", "")).e164 or ""


def _read_properties(call: Call, kind: str) -> dict[str, Any]:
    """What is kept of a call: its properties or traits, and the names that its kind has."""
    given = call.get("traits" if kind in {"identify", "group"} else "properties")
    kept = dict(given) if isinstance(given, dict) else {}
    for name in {"page": ("name", "category"), "screen": ("name", "category"),
                 "group": ("groupId",), "alias": ("previousId",)}.get(kind, ()):  # fmt: skip
        if isinstance(call.get(name), str | int):
            kept.setdefault(name, call[name])
    return kept


def _identify(call: Call, event: EventItem, traits: Call) -> Identified:
    texts = {
        column: traits[name].replace("_", "-") if column == "language" else traits[name]
        for name, column in _COLUMNS.items()
        if isinstance(traits.get(name), str)
    }
    email = traits.get("email")
    return Identified(
        source_key=event.source_key,
        external_id=_read_id(call, "userId"),
        msisdn=event.msisdn,
        email=email if isinstance(email, str) and "\x00" not in email else "",
        texts=texts,
        traits={name: value for name, value in traits.items() if name not in _TAKEN},
    )

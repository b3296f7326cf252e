"""A case in JSON to values: the form of `textwell inspect gate` and of the vectors in packs.

Every error is a ValueError whose text begins with the field at fault. Unknown keys are ignored.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final, TypeVar

from textwell.compliance.hours import WindowError, read_agreed, zone_of
from textwell.compliance.types import (
    Case,
    Consent,
    ConsentKind,
    Layer,
    MessageClass,
    Recent,
    Recipient,
    RegisterEntry,
    Sender,
)

FIRST_YEAR, LAST_YEAR = 1990, 2100
SHOWN: Final = frozenset(("brand", "legal_name", "address", "contact", "opt_out"))
SENDER_KINDS: Final = frozenset(
    ("alphanumeric", "long_code", "short_code", "toll_free", "modem", "phone", "sim")
)
_COUNTRY: Final = re.compile(r"[A-Za-z]{2}")
_SUBDIVISION: Final = re.compile(r"[A-Za-z]{2}-[A-Za-z0-9]{1,3}")

Json = Mapping[str, object]
_E = TypeVar("_E", bound=StrEnum)


def read_case(case: Json) -> Case:
    """One case. Raises ValueError that names the field."""
    return Case(
        at=_time(case, "at"),
        recipient=_recipient(_mapping(case, "recipient")),
        message_class=_word(case, "class", MessageClass),
        consent=_consent(_mapping(case, "consent")),
        layer=_word(case, "layer", Layer) if case.get("layer") is not None else Layer.RECOMMENDED,
        subject=_text(case, "subject"),
        text=_text(case, "text"),
        sender=_sender(case),
        recent=tuple(_recent(entry, f"recent.{index}") for index, entry in _items(case, "recent")),
        registers=_registers(case),
        shows=_shows(case),
        batch_count=_count(case, "batch"),
    )


def _mapping(case: Json, name: str) -> Json:
    value = case.get(name)
    if not isinstance(value, Mapping):
        raise ValueError(f"{name}: must be an object")  # noqa: TRY004 (one error for bad cases)
    return value


def _items(case: Json, name: str, path: str = "") -> list[tuple[int, object]]:
    value = case.get(name)
    if value is None:
        return []
    if not isinstance(value, list):
        raise ValueError(f"{path or name}: must be a list")  # noqa: TRY004
    return list(enumerate(value))


def _text(case: Json, name: str, path: str = "") -> str | None:
    value = case.get(name)
    if value is not None and not isinstance(value, str):
        raise ValueError(f"{path or name}: must be a string")
    return value


def _count(case: Json, name: str) -> int | None:
    value = case.get(name)
    if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
        raise ValueError(f"{name}: must be a whole number")
    return value


def _flag(value: object, path: str) -> bool | None:
    if value is not None and not isinstance(value, bool):
        raise ValueError(f"{path}: must be true or false")
    return value


def _word(case: Json, name: str, words: type[_E], path: str = "") -> _E:
    value = case.get(name)
    try:
        return words(str(value))
    except ValueError:
        known = ", ".join(words)
        raise ValueError(f"{path or name}: must be one of {known}, not {value!r}") from None


def _time(case: Json, name: str, path: str = "") -> datetime:
    return _moment(case.get(name), path or name)


def _optional_time(case: Json, name: str, path: str) -> datetime | None:
    return None if case.get(name) is None else _moment(case.get(name), path)


def _moment(value: object, path: str) -> datetime:
    problem = f"{path}: must be a time with an offset, such as 2026-11-27T09:00:00+01:00"
    if not isinstance(value, str):
        raise ValueError(problem)  # noqa: TRY004
    try:
        moment = datetime.fromisoformat(value.strip())
    except ValueError:
        raise ValueError(problem) from None
    if moment.tzinfo is None:
        raise ValueError(problem)
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ValueError(f"{path}: must be of the years {FIRST_YEAR} to {LAST_YEAR}")
    return moment


def _recipient(case: Json) -> Recipient:
    country = _text(case, "country", "recipient.country") or ""
    if not _COUNTRY.fullmatch(country):
        raise ValueError(
            f"recipient.country: must be an ISO 3166-1 code such as FR, not {country!r}"
        )
    subdivision = _text(case, "subdivision", "recipient.subdivision") or ""
    if subdivision and not _SUBDIVISION.fullmatch(subdivision):
        raise ValueError(
            f"recipient.subdivision: must be an ISO 3166-2 code such as US-FL, not {subdivision!r}"
        )
    return Recipient(
        country=country.upper(),
        subdivision=subdivision.upper(),
        number=_text(case, "number", "recipient.number") or "",
        zones=tuple(_zone(zone, index) for index, zone in _items(case, "zones", "recipient.zones")),
    )


def _zone(value: object, index: int) -> str:
    if not isinstance(value, str):
        raise ValueError(f"recipient.zones.{index}: must be the name of a zone")  # noqa: TRY004
    try:
        zone_of(value)
    except ValueError as error:
        raise ValueError(f"recipient.zones.{index}: {error}") from None
    return value


def _consent(case: Json) -> Consent:
    extras = case.get("extras") or {}
    if not isinstance(extras, Mapping):
        raise ValueError("consent.extras: must be an object")  # noqa: TRY004
    hours = _text(extras, "hours", "consent.extras.hours") or ""
    try:
        read_agreed(hours)
    except WindowError as error:
        raise ValueError(f"consent.extras.hours: {error}") from None
    return Consent(
        kind=_word(case, "kind", ConsentKind, "consent.kind"),
        given_at=_optional_time(case, "given_at", "consent.given_at"),
        revoked_at=_optional_time(case, "revoked_at", "consent.revoked_at"),
        agrees_to_night=bool(_flag(extras.get("night"), "consent.extras.night")),
        agreed_hours=hours,
    )


def _recent(value: object, path: str) -> Recent:
    if not isinstance(value, Mapping):
        return Recent(_moment(value, path))
    has_class = value.get("class") is not None
    return Recent(
        at=_time(value, "at", f"{path}.at"),
        message_class=(
            _word(value, "class", MessageClass, f"{path}.class")
            if has_class
            else MessageClass.MARKETING
        ),
        subject=_text(value, "subject", f"{path}.subject"),
        channel=_text(value, "channel", f"{path}.channel") or "sms",
    )


def _sender(case: Json) -> Sender | None:
    if case.get("sender") is None:
        return None
    sender = _mapping(case, "sender")
    kind = _text(sender, "kind", "sender.kind") or ""
    if kind not in SENDER_KINDS:
        known = ", ".join(sorted(SENDER_KINDS))
        raise ValueError(f"sender.kind: must be one of {known}, not {kind!r}")
    template = sender.get("template") or {}
    if not isinstance(template, Mapping):
        raise ValueError("sender.template: must be an object")  # noqa: TRY004
    return Sender(
        kind=kind,
        value=_text(sender, "value", "sender.value") or "",
        is_registered=_flag(sender.get("registered"), "sender.registered"),
        is_template_registered=_flag(template.get("registered"), "sender.template.registered"),
    )


def _registers(case: Json) -> dict[str, RegisterEntry]:
    if case.get("registers") is None:
        return {}
    entries = {
        name: _entry(value, f"registers.{name}")
        for name, value in _mapping(case, "registers").items()
    }
    return {name: entry for name, entry in entries.items() if entry is not None}


def _entry(value: object, path: str) -> RegisterEntry | None:
    """None: nothing is known of it."""
    given = value if isinstance(value, Mapping) else {"listed": value}
    is_listed = _flag(given.get("listed"), f"{path}.listed" if given is value else path)
    checked_at = _optional_time(given, "checked_at", f"{path}.checked_at")
    return None if is_listed is None else RegisterEntry(is_listed, checked_at)


def _shows(case: Json) -> frozenset[str] | None:
    if case.get("shows") is None:
        return None
    shown = [value for _, value in _items(case, "shows")]
    for index, value in enumerate(shown):
        if not isinstance(value, str) or value not in SHOWN:
            known = ", ".join(sorted(SHOWN))
            raise ValueError(f"shows.{index}: must be one of {known}, not {value!r}")
    return frozenset(str(value) for value in shown)

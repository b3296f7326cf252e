"""The list of messages: Twilio's filters and pages, newest first."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from django.http import QueryDict
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from textwell.api.doors.twilio import refusals
from textwell.api.doors.twilio.refusals import TwilioRefusal
from textwell.api.doors.twilio.sids import MESSAGE, read_sid
from textwell.contacts.actions import read_msisdn
from textwell.core.errors import FieldError
from textwell.messaging.types import NewestQuery

DEFAULT_SIZE: Final = 50
MOST: Final = 1_000
_KEPT: Final = ("To", "From", "DateSent", "DateSent<", "DateSent>", "PageSize")
_DAY: Final = timedelta(days=1)
_NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)


@dataclass(frozen=True, slots=True)
class ListAsked:
    """What was asked for. `nobody`: no person can have this number."""

    query: NewestQuery
    page: int
    size: int
    kept: dict[str, str]  # what the addresses of other pages repeat
    is_nobody: bool = False


def read_list(given: QueryDict) -> ListAsked:
    """Raises TwilioRefusal for a filter or a page that cannot be read."""
    size = min(_read_number(given, "PageSize", DEFAULT_SIZE), MOST) or DEFAULT_SIZE
    before_id, after_id = _read_token(given.get("PageToken", ""))
    since, until = _read_span(given)
    msisdn, is_nobody = _read_to(given.get("To", ""))
    query = NewestQuery(
        msisdn=msisdn,
        sender=given.get("From", ""),
        handed_since=since,
        handed_until=until,
        before_id=before_id,
        after_id=after_id,
    )
    kept = {name: str(given[name]) for name in _KEPT if given.get(name)}
    page = _read_number(given, "Page", 0)
    return ListAsked(query, page, size, {**kept, "PageSize": str(size)}, is_nobody)


def _read_to(text: str) -> tuple[str, bool]:
    if not text:
        return "", False
    try:
        return read_msisdn(text[:40]).e164 or "", False
    except FieldError:
        return "", True


def _read_number(given: QueryDict, name: str, default: int) -> int:
    text = given.get(name) or str(default)
    if not _NUMBER.fullmatch(text):
        raise TwilioRefusal(refusals.INVALID, _("%(name)s is no number.") % {"name": name})
    return int(text)


def _read_token(token: str) -> tuple[int | None, int | None]:
    """(before, after): a page goes on behind the last sid of one, or ends before the first."""
    if not token:
        return None, None
    message_id = read_sid(MESSAGE, token[2:])
    if message_id is None or token[:2] not in {"PA", "PB"}:
        raise TwilioRefusal(refusals.INVALID, _("PageToken is none that was given out."))
    return (message_id, None) if token[:2] == "PA" else (None, message_id)


def _read_span(given: QueryDict) -> tuple[datetime | None, datetime | None]:
    """`DateSent` is one day (UTC) or a moment's day; `<` and `>` include their end."""
    on, until, since = (given.get(f"DateSent{sign}", "") for sign in ("", "<", ">"))
    if on:
        begin = _read_moment(on).replace(hour=0, minute=0, second=0, microsecond=0)
        return begin, begin + _DAY
    end = None
    if until:
        end = _read_moment(until) + (_DAY if len(until) <= len("2026-11-24") else timedelta(0))
    return (_read_moment(since) if since else None), end


def _read_moment(text: str) -> datetime:
    try:
        day = parse_date(text)
        moment = datetime(day.year, day.month, day.day, tzinfo=UTC) if day else None
        moment = moment or parse_datetime(text.replace(" ", "+"))
        if moment is not None:
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    message = _("DateSent is no date. Write it like 2026-11-24.")
    raise TwilioRefusal(refusals.INVALID, message)

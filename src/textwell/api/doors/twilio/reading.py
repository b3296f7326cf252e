"""Twilio's form fields as a message of API v1."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.http import QueryDict
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from textwell.accounts.types import KeyHolder
from textwell.api.doors.base import find_null
from textwell.api.doors.twilio import refusals
from textwell.api.doors.twilio.refusals import TwilioRefusal
from textwell.api.doors.twilio.sids import SERVICE, read_sid
from textwell.api.schemas.messages import NewMessage, Purpose
from textwell.core.clock import now

LONGEST_VALIDITY_S: Final = 36_000  # Twilio's own: ten hours
LONGEST_BODY: Final = 1600
# Twilio's `MessageIntent`; whatever else it says, the key's purpose holds.
_INTENTS: Final = {
    "otp": Purpose.OTP, "notifications": Purpose.TRANSACTIONAL, "marketing": Purpose.MARKETING,
    "customercare": Purpose.CARE,
}  # fmt: skip


def check_fields(form: QueryDict) -> None:
    """Raises TwilioRefusal for a null character."""
    field = find_null(form.lists())
    if field is not None:
        code = {"To": refusals.BAD_TO, "From": refusals.BAD_FROM}.get(field, refusals.INVALID)
        shown = field.replace("\x00", "")[:60]
        message = _("%(field)s: holds a null character. Remove it.") % {"field": shown}
        raise TwilioRefusal(code, message)


def read_message(form: QueryDict, holder: KeyHolder) -> NewMessage:
    """What to send.

    Raises:
        TwilioRefusal: something is missing, or cannot be had here.
        ValidationError: a value cannot be used.
    """
    _require(form)
    values: dict[str, Any] = {
        "to": form["To"],
        "body": form["Body"],
        "purpose": _purpose(form, holder),
        **_read_origin(form),
        **_read_times(form),
    }
    return NewMessage(**values)


def _require(form: QueryDict) -> None:
    if not form.get("To"):
        raise TwilioRefusal(refusals.NO_TO, _("A 'To' phone number is required."))
    if ":" in form["To"]:
        message = _("%(to)s names another channel: this server sends texts to telephone numbers.")
        raise TwilioRefusal(refusals.BAD_TO, message % {"to": form["To"][:40]})
    if not form.get("From") and not form.get("MessagingServiceSid"):
        message = _("A 'From' sender or a 'MessagingServiceSid' is required.")
        raise TwilioRefusal(refusals.NO_FROM, message)
    if form.get("MediaUrl"):
        message = _("Media cannot be sent: this server sends texts. Leave 'MediaUrl' out.")
        raise TwilioRefusal(refusals.BAD_MEDIA, message)
    if not form.get("Body"):
        raise TwilioRefusal(refusals.NO_BODY, _("Message body is required."))
    if len(form["Body"]) > LONGEST_BODY:
        message = _("The message body exceeds the limit of %(most)d characters.")
        raise TwilioRefusal(refusals.TOO_LONG, message % {"most": LONGEST_BODY})


def _purpose(form: QueryDict, holder: KeyHolder) -> Purpose:
    return _INTENTS.get(form.get("MessageIntent", ""), Purpose(holder.door_purpose))


def _read_origin(form: QueryDict) -> Mapping[str, object]:
    """`From` is a sender, or the sid of a service as some clients write it there."""
    sender, service = form.get("From", ""), form.get("MessagingServiceSid", "")
    if not service and read_sid(SERVICE, sender) is not None:
        sender, service = "", sender
    gateway_id = read_sid(SERVICE, service) if service else None
    if service and gateway_id is None:
        message = _("The Messaging Service %(sid)s does not exist.") % {"sid": service[:40]}
        raise TwilioRefusal(refusals.NO_SERVICE, message)
    return {"sender": sender or None, "gateway_id": gateway_id}


def _read_times(form: QueryDict) -> Mapping[str, datetime]:
    times: dict[str, datetime] = {}
    send_at = form.get("SendAt", "")
    if send_at:
        times["send_at"] = read_time(send_at)
    elif form.get("ScheduleType"):
        raise TwilioRefusal(refusals.NO_SEND_AT, _("'SendAt' is required for a scheduled message."))
    validity = form.get("ValidityPeriod", "")
    if validity:
        begins = max(now(), times.get("send_at", now()))
        times["expires_at"] = begins + timedelta(seconds=_read_validity(validity))
    return times


def read_time(text: str) -> datetime:
    """ISO 8601 with an offset."""
    try:
        moment = parse_datetime(text.replace(" ", "+"))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        message = _("'SendAt' is no time. Write it like 2026-11-24T09:00:00Z.")
        raise TwilioRefusal(refusals.BAD_SEND_AT, message)
    return moment


def _read_validity(text: str) -> int:
    seconds = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0  # noqa: PLR2004 - digits
    if not 1 <= seconds <= LONGEST_VALIDITY_S:
        message = _("'ValidityPeriod' must be from 1 to %(most)d seconds.")
        raise TwilioRefusal(refusals.INVALID, message % {"most": LONGEST_VALIDITY_S})
    return seconds

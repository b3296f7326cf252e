"""What a small firm sends by hand: a reminder of a booking, and the request for a review.

A reminder is about what the person booked (transactional). A request for a review is marketing: it needs
their consent, and counts for the workspace's cap.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from textwell.accounts.models import Workspace
from textwell.consent.pausing import find_pause
from textwell.consent.selectors import consent_state
from textwell.contacts.actions import read_msisdn, upsert_contact
from textwell.contacts.models import Contact
from textwell.contacts.selectors import access_contact
from textwell.contacts.zones import find_zones
from textwell.core.clock import now
from textwell.core.errors import Conflict, FieldError
from textwell.core.zones import may_be_night
from textwell.gateways.models import GatewayState, Sender
from textwell.gateways.selectors import find_gateway, is_simulated
from textwell.inbox.answering import PURPOSE, Reached, reach, read_text, text_to
from textwell.inbox.errors import NotAgreed
from textwell.inbox.listing import FAILED
from textwell.links.selectors import link_prefix
from textwell.links.targets import prepare_target
from textwell.links.tokens import TOKEN_LENGTH
from textwell.messaging.actions import LONGEST_AHEAD, SingleMessage, send_single
from textwell.messaging.barred import refuse_barred
from textwell.messaging.caps import judge_person
from textwell.messaging.models import Batch, BatchState, Message
from textwell.messaging.plan_law import law_layer
from textwell.messaging.reasons import GATE_REASONS
from textwell.messaging.states import State

DAY: Final = timedelta(days=1)
LEAST_NOTICE: Final = timedelta(hours=1)  # before the booking; later it helps nobody
LONGEST_REVIEW_URL: Final = 300  # characters, as it is stored
LONGEST_BOOKING: Final = LONGEST_AHEAD + DAY  # its reminder goes the day before
_STEP: Final = timedelta(minutes=15)
_ROOM: Final = timedelta(minutes=45)
_LINK: Final = "{{ link }}"
_DAY_MARK, _TIME_MARK = "{day}", "{time}"
_WAITS: Final = (State.PLANNED, State.QUEUED, State.HELD)
_FAILED: Final = tuple(state for state in FAILED if state is not State.UNKNOWN)  # may be there


@dataclass(frozen=True, slots=True)
class Sent:
    """A text that is recorded: it goes at `due_at`, or not at all from `expires_at` on."""

    message_id: int
    contact: Contact
    due_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Noted:
    """A single text that waits for its time."""

    message: Message
    contact: Contact | None  # None: erased meanwhile
    text: str


def ready_reminder(workspace: Workspace) -> str:
    """The text in the workspace's language; {day} and {time} stand for the booking's."""
    with translation.override(workspace.language):
        words = _(
            "%(brand)s: your booking is on {day} at {time}. If you cannot come, answer this text."
        )
        return words % {"brand": workspace.name}


def ready_request(workspace: Workspace) -> str:
    """The text in the workspace's language; the link follows it."""
    with translation.override(workspace.language):
        words = _("%(brand)s: thank you for your visit. How was it? Reply STOP to opt out.")
        return words % {"brand": workspace.name}


def remind_of_booking(
    *,
    workspace: Workspace,
    number: str,
    name: str,
    booking_at: datetime,
    text: str,
    actor: str,
    contact_id: int | None = None,
) -> Sent:
    """One text the day before the booking, in the person's day; sooner if that is over already.

    To the person of `contact_id`, or of the number where none is given. What cannot go before the night
    or the booking does not go. A form that is sent twice is refused the second time.

    Raises:
        FieldError: on `number`, `day` or `text`; nothing is recorded.
        Conflict: the same reminder is noted already.
    """
    at = now()
    _refuse_booking(booking_at, at)
    if _DAY_MARK not in text and _TIME_MARK not in text:
        problem = _("does not say when the booking is.")
        raise FieldError("text", problem, _("Write {day} or {time} where that shall stand."))
    body = read_text(_fill(workspace, text, booking_at))
    with transaction.atomic():
        contact = _find_person(workspace, number, name, actor, contact_id)
        reached = _reach(contact, purpose=PURPOSE)
        zones = _zones(workspace, contact, max(at, booking_at - DAY))
        due_at = reminder_time(zones, booking_at, at=at)
        if due_at is None:
            raise FieldError("day", _("is too soon for a reminder."), _("Better call the person."))
        message = _build(contact, reached, body=body, purpose="transactional", lane="care")
        expires_at = min(booking_at, day_end(zones, due_at))
        return _record(message, contact, due_at=due_at, expires_at=expires_at, actor=actor)


def ask_for_review(
    *,
    workspace: Workspace,
    number: str,
    text: str,
    actor: str,
    contact_id: int | None = None,
) -> Sent:
    """One text with the firm's review link, at once or when the person's night is over.

    What cannot go before the next night does not go.

    Raises:
        NotAgreed: there is no consent to marketing; a new number's contact stays, to record it.
        FieldError: on `number`, `text` or `review_url`; nothing is recorded.
        Conflict: the same request is noted already.
    """
    if not workspace.review_url:
        mend = _("Give it in the settings, Small business.")
        raise FieldError("review_url", _("There is no review link yet."), mend)
    body = read_text(text)
    with transaction.atomic():
        contact = _find_person(workspace, number, "", actor, contact_id)
        reached = _reach(contact, purpose="marketing")
    _require_consent(workspace, contact)
    at = now()
    zones = _zones(workspace, contact, at)
    due_at = _lawful_time(workspace, contact, reached, zones, at)
    refuse_barred(contact, reached.route.sender if reached.route else "", due_at)
    with transaction.atomic():
        message = _build(
            contact,
            reached,
            body=f"{body} {_LINK}",
            purpose="marketing",
            lane="bulk",
            link=workspace.review_url,
        )
        expires_at = day_end(zones, due_at)
        return _record(message, contact, due_at=due_at, expires_at=expires_at, actor=actor)


_MOST_TRIES: Final = 8  # days of which one is a weekday everywhere


def _lawful_time(
    workspace: Workspace, contact: Contact, reached: Reached, zones: Collection[str], at: datetime
) -> datetime:
    """The first moment that is day for the person and allowed for marketing by the rules of the country.

    Raises:
        FieldError: on `number`: there is none.
    """
    route = reached.route
    gateway = find_gateway(workspace.id, route.gateway_id) if route else None
    layer = law_layer(
        purpose="marketing",
        is_simulated=gateway is not None and is_simulated(gateway),
        layer=workspace.law,
    )
    due_at = first_day_time(zones, at)
    for _try in range(_MOST_TRIES):
        law = judge_person(contact, due_at, layer)
        if not law.reason:
            return due_at
        if law.lawful_at is None:
            break
        due_at = first_day_time(zones, law.lawful_at)
    raise FieldError("number", str(GATE_REASONS[law.reason or "no_lawful_time"]))


def check_review_url(value: str) -> str:
    """An address that a text may link to, or ''. Raises FieldError on `review_url`."""
    ready = prepare_target(value.strip(), field="review_url") if value.strip() else ""
    if len(ready) > LONGEST_REVIEW_URL:  # each é is six characters there
        problem = _("The address is longer than %(most)d characters in ASCII.")
        raise FieldError("review_url", problem % {"most": LONGEST_REVIEW_URL}, _("Shorten it."))
    return ready


def takes_answers(workspace: Workspace) -> bool:
    """Whether people at home can answer any of the senders: nobody can answer a name."""
    senders = Sender.objects.filter(
        workspace_id=workspace.id,
        gateway__state=GatewayState.ACTIVE,
        is_active=True,
        country__in=["", workspace.country],
    )
    return senders.exclude(kind="alphanumeric").exists()


def list_noted(workspace: Workspace, *, limit: int) -> list[Noted]:
    """Single texts that wait for their time, the next first; also those of a program."""
    waits = Message.objects.filter(id=OuterRef("first_message_id"), state=State.PLANNED)
    batches = Batch.objects.filter(
        Exists(waits), workspace_id=workspace.id, campaign_id=None, state=BatchState.PLANNED
    )
    texts = {row.first_message_id: row.body for row in batches.order_by("due_at", "id")[:limit]}
    found = Message.objects.in_bulk(texts)
    rows = [(found[row_id], text) for row_id, text in texts.items() if row_id in found]
    people = Contact.objects.filter(workspace_id=workspace.id).in_bulk(
        [message.contact_id for message, _text in rows]
    )
    return [Noted(each, people.get(each.contact_id), text) for each, text in rows]


def reminder_time(zones: Collection[str], booking_at: datetime, *, at: datetime) -> datetime | None:
    """The day before at the same hour, or the nearest one of the day that leaves it room before night.

    At once, or after the night, where that is over; None: nothing is left before the booking.
    """
    wish = booking_at - DAY
    steps = range(DAY // _STEP) if wish > at else ()
    near = (wish + sign * number * _STEP for number in steps for sign in (-1, 1))
    for moment in near:
        if at < moment <= booking_at - LEAST_NOTICE and _has_room(zones, moment):
            return moment
    due_at = first_day_time(zones, max(wish, at))
    return due_at if due_at <= booking_at - LEAST_NOTICE else None


def first_day_time(zones: Collection[str], at: datetime) -> datetime:
    """`at`, or the first moment after it at which it is night in none of the zones.

    Raises:
        ValueError: they share no such moment: see `day_zones`.
    """
    found = _find_day(zones, at)
    if found is None:
        raise ValueError(f"no hour is day in all of {sorted(zones)}")
    return found


def day_end(zones: Collection[str], at: datetime) -> datetime:
    """When after `at`, which is in the day, night begins in the first of the zones."""
    found = at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0)
    while not may_be_night(zones, found):
        found += _STEP
    return found


def day_zones(names: Collection[str], firm_zone: str, at: datetime) -> Collection[str]:
    """Where it must be day for somebody whose number allows these zones, around `at`.

    There and in the firm's, whose visitors mostly live nearby whatever their number says; the
    firm's alone where they share no hour of the day, or nothing is known.
    """
    zones = {*names, firm_zone}
    return zones if _find_day(zones, at) else (firm_zone,)


# -- inside --------------------------------------------------------------------------------


def _fill(workspace: Workspace, text: str, booking_at: datetime) -> str:
    local = timezone.localtime(booking_at, ZoneInfo(workspace.zone))
    with translation.override(workspace.language):
        # Hours as every language reads them: “p.m.” would bring its dot before ours.
        day, hour = formats.date_format(local, "DATE_FORMAT"), f"{local:%H:%M}"
    return text.replace(_DAY_MARK, day).replace(_TIME_MARK, hour)


def _has_room(zones: Collection[str], at: datetime) -> bool:
    """Whether it is day, and still is after what a backlog or a gateway's pause may well cost."""
    return not may_be_night(zones, at) and not may_be_night(zones, at + _ROOM)


def _find_day(zones: Collection[str], at: datetime) -> datetime | None:
    steps = (at + number * _STEP for number in range(2 * DAY // _STEP))
    return next((each for each in steps if not may_be_night(zones, each)), None)


def _zones(workspace: Workspace, contact: Contact, at: datetime) -> Collection[str]:
    """Where it must be day: the person's own zone, or else what `day_zones` says of the number."""
    found = find_zones(contact)
    if found.is_given and _find_day(found.names, at):
        return found.names
    return day_zones(found.names, workspace.zone, at)


def _refuse_booking(booking_at: datetime, at: datetime) -> None:
    """Before any arithmetic: the first and the last years have no day before or after."""
    if booking_at <= at:
        raise FieldError("day", _("is over already."), _("Choose a day to come."))
    if booking_at > at + LONGEST_BOOKING:
        mend = _("Choose a day within the next %(count)d days.")
        raise FieldError("day", _("is too far ahead."), mend % {"count": LONGEST_BOOKING.days})


def _reach(contact: Contact, *, purpose: str) -> Reached:
    reached = reach(contact.workspace_id, contact.id, purpose=purpose)
    if reached.refusal is not None:
        raise FieldError("number", reached.refusal.problem, reached.refusal.mend)
    return reached


def _find_person(
    workspace: Workspace, number: str, name: str, actor: str, contact_id: int | None
) -> Contact:
    if contact_id is not None:
        return access_contact(workspace.id, contact_id)
    try:
        msisdn = read_msisdn(number, workspace.country).e164
    except FieldError as error:
        raise FieldError("number", error.problem, error.mend) from None
    assert msisdn is not None
    people = Contact.objects.filter(workspace_id=workspace.id, msisdn=msisdn)
    is_named = people.exclude(first_name="").exists()  # what is known beats what is typed in haste
    first_name = None if is_named else name.strip() or None
    return upsert_contact(
        workspace_id=workspace.id, msisdn=msisdn, first_name=first_name, actor=actor
    )


def _require_consent(workspace: Workspace, contact: Contact) -> None:
    state = consent_state(workspace.id, contact.id)
    if state is None or not state.is_granted:
        raise NotAgreed(contact)
    pause = find_pause(workspace.id, contact.id)
    if pause is not None:
        raise FieldError("number", str(GATE_REASONS["person_paused"]), _("Ask after its end."))


def _build(
    contact: Contact, reached: Reached, *, body: str, purpose: str, lane: str, link: str = ""
) -> SingleMessage:
    message = text_to(
        reached,
        workspace_id=contact.workspace_id,
        contact_id=contact.id,
        body=body,
        purpose=purpose,
        lane=lane,
    )
    return replace(message, link_targets=(link,) if link else ())


def _record(
    message: SingleMessage,
    contact: Contact,
    *,
    due_at: datetime,
    expires_at: datetime,
    actor: str,
) -> Sent:
    Contact.objects.select_for_update(no_key=True).get(id=contact.id)  # of two presses one waits
    if _is_noted(message):
        raise Conflict(_("The same text to this person is noted already."))
    whole = replace(message, due_at=due_at, expires_at=expires_at)
    return Sent(send_single(whole, actor=actor), contact, due_at, expires_at)


def _is_noted(message: SingleMessage) -> bool:
    """Whether the very text still waits for the person, or was noted for them since yesterday."""
    theirs = Message.objects.filter(
        workspace_id=message.workspace_id, contact_id=message.contact_id, campaign_id=None
    )
    alike = theirs.filter(Q(state__in=_WAITS) | Q(planned_at__gte=now() - DAY))
    ids = list(alike.exclude(state__in=_FAILED).values_list("id", flat=True))
    bodies = Batch.objects.filter(first_message_id__in=ids).values_list("body", flat=True)
    if not message.link_targets:
        return bodies.filter(body=message.body).exists()
    begins = message.body.removesuffix(_LINK) + link_prefix(message.workspace_id)
    length = len(begins) + TOKEN_LENGTH  # each has a link of its own
    return any(body.startswith(begins) and len(body) == length for body in bodies)

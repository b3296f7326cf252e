"""Reads of the message ledger. The workspace comes first; what is foreign is not found."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Count, Min, QuerySet

from textwell.contacts.models import Contact
from textwell.core.errors import NotFound
from textwell.messaging import sql
from textwell.messaging.models import Batch, DeliveryReport, Message, Outcome, Tally, Window
from textwell.messaging.states import State, equation_term
from textwell.messaging.types import (
    EMPTY_TERMS,
    Equation,
    MessageRow,
    NewestQuery,
    TimelineEntry,
)

_SECOND = timedelta(microseconds=999_999)
_ROW_FIELDS = tuple(field.name for field in fields(MessageRow))


def equation(campaign_id: int, *, audience: int) -> Equation:
    """The send equation from the kept tallies: one small read however large the campaign is."""
    return equations({campaign_id: audience})[campaign_id]


def equations(audiences: Mapping[int, int]) -> dict[int, Equation]:
    """The send equations of campaigns in one read; `audiences` by campaign id."""
    found: dict[int, list[Tally]] = {campaign_id: [] for campaign_id in audiences}
    for tally in Tally.objects.filter(campaign_id__in=list(audiences)):
        found[tally.campaign_id].append(tally)
    return {key: add_up(audiences[key], tallies) for key, tallies in found.items()}


def add_up(audience: int, tallies: Iterable[Tally]) -> Equation:
    """The send equation of the campaign whose tallies these are."""
    terms = dict(EMPTY_TERMS)
    handed = handed_segments = segments = cost = refused = refused_segments = not_sent = 0
    for each in tallies:
        terms[equation_term(State(each.state))] += each.message_count
        handed += each.handed_count
        handed_segments += each.handed_segments
        segments += each.segment_count
        cost += each.cost_micros
        if each.state == State.NOT_SENT:
            not_sent += each.message_count
        if each.state == State.REJECTED:
            refused += each.message_count - each.handed_count
            refused_segments += each.segment_count - each.handed_segments
    return Equation(
        audience,
        terms,
        handed,
        handed_segments,
        segments,
        cost,
        refused,
        refused_segments,
        not_sent,
    )


def tally_by_reason(campaign_id: int) -> list[tuple[str, str, int]]:
    """(state, reason, messages) of a campaign, largest first."""
    with connection.cursor() as cursor:
        cursor.execute(sql.COUNT_BY_STATE, {"campaign_id": campaign_id})
        rows = [(state, reason, count) for state, reason, count, *_sums in cursor.fetchall()]
    return sorted(rows, key=lambda row: -row[2])


def find_batch_problem(campaign_id: int) -> str:
    """Why texts of a campaign wait whose content cannot be read, for who mends it; '' if none does."""
    unread = _unread_batches().filter(campaign_id=campaign_id)
    return unread.values_list("problem", flat=True).first() or ""


def count_unread_batches() -> dict[int, tuple[int, str]]:
    """By gateway: batches whose content cannot be read, and one's reason."""
    rows = _unread_batches().values_list("gateway_id").annotate(Count("id"), Min("problem"))
    return {gateway_id: (count, problem) for gateway_id, count, problem in rows}


def _unread_batches() -> QuerySet[Batch]:
    return Batch.objects.filter(state="leased").exclude(problem="")


def states_of_term(term: str) -> list[str]:
    """The states that a term of the equation sums."""
    return sorted(state.value for state in State if equation_term(state) == term)


def list_messages(
    workspace_id: int,
    *,
    campaign_id: int | None = None,
    contact_id: int | None = None,
    states: list[str] | None = None,
    reason: str | None = None,
    country: str | None = None,
    after_id: int | None = None,
    limit: int = 50,
) -> list[MessageRow]:
    """Messages by rising id, a page at a time."""
    found = Message.objects.filter(workspace_id=workspace_id)
    filters = {
        "campaign_id": campaign_id,
        "contact_id": contact_id,
        "state__in": states,
        "reason": reason,
        "country": country,
        "id__gt": after_id,
    }
    found = found.filter(**{name: value for name, value in filters.items() if value is not None})
    return [MessageRow(*row) for row in found.order_by("id").values_list(*_ROW_FIELDS)[:limit]]


def list_newest(workspace_id: int, query: NewestQuery, *, limit: int) -> list[Message]:
    """Messages by falling id, a page at a time."""
    found = Message.objects.filter(workspace_id=workspace_id)
    if query.msisdn:  # messages have an index by person, none by number
        person = Contact.objects.filter(workspace_id=workspace_id, msisdn=query.msisdn)
        found = found.filter(contact_id=person.values("id")[:1], msisdn=query.msisdn)
    filters = {
        "sender": query.sender or None,
        "handed_at__gte": query.handed_since,
        "handed_at__lt": query.handed_until,
        "id__lt": query.before_id,
        "id__gt": query.after_id,
    }
    found = found.filter(**{name: value for name, value in filters.items() if value is not None})
    if query.after_id is None:
        return list(found.order_by("-id")[:limit])
    return list(found.order_by("id")[:limit])[::-1]


def message_texts(message_ids: Collection[int]) -> dict[int, str]:
    """Texts as they were handed over; of single messages before that, as they were given."""
    singles = Batch.objects.filter(first_message_id__in=message_ids, campaign_id=None)
    texts = dict(singles.order_by("-id").values_list("first_message_id", "body"))
    handed = Outcome.objects.filter(message_id__in=message_ids).exclude(text="")
    return texts | dict(handed.order_by("id").values_list("message_id", "text"))


def access_message(workspace_id: int, message_id: int) -> Message:
    """The message, or NotFound (also for another workspace's)."""
    message = Message.objects.filter(workspace_id=workspace_id, id=message_id).first()
    if message is None:
        raise NotFound("message", message_id)
    return message


def find_tested_campaign(message: Message) -> int | None:
    """Of a test send: the campaign whose text it is. None for every other message."""
    if message.campaign_id is not None:
        return None
    batch = Batch.objects.filter(first_message_id=message.id, campaign_id=None).first()
    return batch.extra.get("trial_of") if batch else None


def handed_times(message_ids: Collection[int]) -> dict[int, float]:
    """When messages were handed off, as far as it is recorded yet; seconds since the epoch."""
    found = Message.objects.filter(id__in=message_ids, handed_at__isnull=False)
    return {row_id: at.timestamp() for row_id, at in found.values_list("id", "handed_at") if at}


def number_countries(message_ids: Collection[int]) -> dict[int, str]:
    """The country of each message's number."""
    return dict(Message.objects.filter(id__in=message_ids).values_list("id", "country"))


def last_message_to(workspace_id: int, contact_id: int) -> Message | None:
    """The latest text that was handed off to a person: what a reply answers."""
    found = Message.objects.filter(workspace_id=workspace_id, contact_id=contact_id)
    return found.exclude(state__in=["skipped", "canceled"]).order_by("-id").first()


def was_sent_single(workspace_id: int, contact_id: int, purpose: str, *, since: datetime) -> bool:
    """Whether a person was sent a single message of a purpose since, whatever became of it."""
    theirs = Message.objects.filter(
        workspace_id=workspace_id, contact_id=contact_id, campaign_id=None, planned_at__gt=since
    )
    batches = Batch.objects.filter(first_message_id__in=theirs.values("id"), campaign_id=None)
    return batches.filter(extra__purpose=purpose).exists()


_BY_HAND = {"submitted": "found_sent", "not_sent": "found_not_sent", "planned": "sent_again"}


def _outcome_entries(message_id: int) -> list[TimelineEntry]:
    rows = Outcome.objects.filter(message_id=message_id).order_by("id")
    return [_outcome_entry(row, row.facts or {}) for row in rows]


def _outcome_entry(row: Outcome, facts: Mapping[str, object]) -> TimelineEntry:
    if row.reason == "by_hand":
        data = {name: facts[name] for name in ("by", "why") if name in facts}
        return TimelineEntry(row.at, _BY_HAND[row.outcome], data=data)
    data = {
        "text": row.text,
        "segments": row.segment_count,
        "encoding": row.encoding,
        "provider_message_id": row.provider_message_id,
        "rules": facts.get("rules"),
    }
    return TimelineEntry(row.at, row.outcome, row.reason, row.code, data)


def _receipt_entries(message_id: int, keys: list[int]) -> list[TimelineEntry]:
    found = DeliveryReport.objects.filter(message_id=message_id)
    if keys:
        found = found | DeliveryReport.objects.filter(message_id=None, provider_key__in=keys)
    return [
        TimelineEntry(row.received_at, "receipt", row.state, row.code, {"reason": row.reason})
        for row in found.order_by("id")
    ]


def message_timeline(workspace_id: int, message_id: int) -> list[TimelineEntry]:
    """Everything that happened to one message: planned, marked, handed, answers, receipts."""
    message = access_message(workspace_id, message_id)
    entries = [TimelineEntry(message.planned_at, "planned")]
    marked = Window.objects.filter(
        first_message_id__lte=message_id, last_message_id__gte=message_id
    )
    entries += [TimelineEntry(w.marked_at, "marked", w.connector) for w in marked.order_by("id")]
    entries += _outcome_entries(message_id)
    found = Outcome.objects.filter(message_id=message_id).values_list("provider_key", flat=True)
    keys = [key for key in found if key is not None]
    entries += _receipt_entries(message_id, keys)
    return sorted(entries, key=_place)


def _place(entry: TimelineEntry) -> datetime:
    """Receipts are kept to the second in which they came: after all that happened in it."""
    return entry.at + _SECOND if entry.kind == "receipt" else entry.at

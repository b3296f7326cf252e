"""Recording what people answered, and doing at once what the law wants done at once."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import structlog
from django.db import transaction

from textwell.consent.actions import record_opt_in, record_opt_out
from textwell.consent.types import EVERYTHING
from textwell.contacts.models import Contact
from textwell.core.clock import now
from textwell.core.db import cursor
from textwell.core.events import publish_now
from textwell.core.wire import MoItem
from textwell.gateways.models import Gateway
from textwell.inbox.automatic import (
    answer_help,
    answer_why,
    are_opted_out,
    confirm_opt_out,
    hold_askers,
    pause_as_asked,
)
from textwell.inbox.events import ArrivedText, TextsArrived
from textwell.inbox.keywords import is_help_word
from textwell.inbox.languages import guess_language
from textwell.inbox.models import Reply
from textwell.inbox.narrowing import Narrow, find_narrow
from textwell.inbox.normal import normalise
from textwell.inbox.places import shorten
from textwell.inbox.sql import END_WAITING_BEFORE, INSERT_REPLIES, TOUCH_THREADS
from textwell.inbox.whys import asks_why, is_bare
from textwell.inbox.words import Understanding, understand
from textwell.messaging.models import Message
from textwell.messaging.selectors import last_message_to
from textwell.text import parse_number

log = structlog.get_logger()

SOURCE = "reply"
ACTOR = "mo"
ACTED_ON = ("opt_out", "opt_in")  # the rest waits for a person
KEY_LENGTH = 120
SHORT_CODE_LENGTH = 7  # the longest that is dialled within one country alone
NUMBER_LENGTH = 16  # of a contact and of a suppression: E.164 with its plus sign


@dataclass(frozen=True, slots=True)
class _Mo:
    """A text with what we know of its sender."""

    workspace_id: int
    gateway_id: int
    source_key: str
    msisdn: str
    recipient: str
    text: str
    received_at: datetime
    contact: Contact | None
    understanding: Understanding
    narrow: tuple[Narrow, ...] = ()  # what alone an opt-out is about


def record_replies(items: list[MoItem]) -> int:
    """Store texts and do what they ask, in one transaction; answers how many were new.

    Safe to call again with the same texts: (gateway_id, source_key) is stored and acted on once.
    An opt-out revokes consent, suppresses the number and skips waiting messages before this
    returns; from an unknown number it suppresses. Texts of a gateway that no longer exists are
    logged and passed over.
    """
    with transaction.atomic():
        mos = _read(items)
        fresh = _insert(mos)
        # Before anything else is locked: who waits here must hold nothing that we need.
        hold_askers([mo.contact for mo in fresh if mo.contact and _asks(mo)])
        opted_out = _opted_out_before(fresh)  # locks all of them, in one order
        left: list[_Mo] = []
        # Consent before threads: whoever records an opt-out elsewhere locks in this order too.
        for number, said in enumerate(_turns(fresh)):
            turn = _know_again(said) if number else said
            left += _take(turn, _opted_out_before(turn) if number else opted_out)
        _touch_threads(left)
    return len(fresh)


def _turns(mos: list[_Mo]) -> list[list[_Mo]]:
    """The first text of each number, then the second of each: what somebody said last holds.

    Nearly always there is one turn, so that others read once for all texts of a batch.
    """
    turns: list[list[_Mo]] = []
    counts: Counter[tuple[int, str]] = Counter()
    for mo in sorted(mos, key=lambda mo: mo.received_at):
        number = (mo.workspace_id, mo.msisdn)
        if counts[number] == len(turns):
            turns.append([])
        turns[counts[number]].append(mo)
        counts[number] += 1
    return turns


def _take(mos: list[_Mo], opted_out: set[int]) -> list[_Mo]:
    """Do what one text of each number asks; answers those that were left to the inbox."""
    left = [_narrow(mo) for mo in _offer(mos) if not _answer(mo)]
    for mo in left:
        _act(mo, opted_out)
    return left


def _narrow(mo: _Mo) -> _Mo:
    said = mo.understanding
    if said.intent != "opt_out" or said.days is not None or mo.contact is None:
        return mo
    return replace(mo, narrow=find_narrow(mo.contact, mo.text, said_at=mo.received_at))


def _know_again(mos: list[_Mo]) -> list[_Mo]:
    """A stranger may have become a contact by an earlier text of theirs in this batch."""
    strange = [mo for mo in mos if mo.contact is None and _has_phone(mo)]
    if not strange:
        return mos
    people = _list_people({mo.workspace_id for mo in strange}, {mo.msisdn for mo in strange})
    found = []
    for mo in mos:
        contact = people.get((mo.workspace_id, mo.msisdn)) if mo.contact is None else None
        if contact is not None:
            rows = Reply.objects.filter(gateway_id=mo.gateway_id, source_key=mo.source_key)
            rows.update(contact_id=contact.id)
        found.append(replace(mo, contact=contact) if contact else mo)
    return found


def _offer(mos: list[_Mo]) -> list[_Mo]:
    """Let others act first on what is no opt-out: keywords of programmes; answers what is left."""
    offered = [mo for mo in mos if mo.understanding.intent != "opt_out" and _has_phone(mo)]
    texts = tuple(_arrived(mo) for mo in offered)
    if texts:
        publish_now(TextsArrived(texts))
    taken = {(each.gateway_id, each.source_key): each for each in texts if each.taken_by}
    for (gateway_id, source_key), each in sorted(taken.items()):
        rows = Reply.objects.filter(gateway_id=gateway_id, source_key=source_key)
        rows.update(contact_id=each.taken_by, handled_at=now())
    return [mo for mo in mos if (mo.gateway_id, mo.source_key) not in taken]


def _has_phone(mo: _Mo) -> bool:
    return mo.msisdn.startswith("+") and len(mo.msisdn) <= NUMBER_LENGTH


def _arrived(mo: _Mo) -> ArrivedText:
    return ArrivedText(
        workspace_id=mo.workspace_id,
        msisdn=mo.msisdn,
        recipient=mo.recipient,
        text=mo.text,
        received_at=mo.received_at,
        source_key=mo.source_key,
        gateway_id=mo.gateway_id,
        understanding=mo.understanding,
        contact_id=mo.contact.id if mo.contact else None,
    )


def _read(items: Iterable[MoItem]) -> list[_Mo]:
    """Each text once, by key, so that two writers take the rows in the same order."""
    once = {(item.gateway_id, _key(item)): item for item in items}
    workspaces = dict(
        Gateway.objects.filter(id__in={key[0] for key in once}).values_list("id", "workspace_id")
    )
    people = _find_people(once.values(), workspaces)
    found = []
    for (gateway_id, source_key), item in sorted(once.items(), key=lambda pair: pair[0]):
        workspace_id = workspaces.get(gateway_id)
        if workspace_id is None:
            log.warning("reply_of_unknown_gateway", gateway_id=gateway_id)
            continue
        msisdn, country = _read_number(item.msisdn)
        contact = people.get((workspace_id, msisdn))
        language = contact.language if contact else None
        found.append(
            _Mo(
                workspace_id=workspace_id,
                gateway_id=gateway_id,
                source_key=source_key,
                msisdn=msisdn,
                recipient=_storable(item.recipient)[:24],
                text=_storable(item.text),
                received_at=_time_of(item),
                contact=contact,
                understanding=understand(item.text, country, language),
            )
        )
    return found


def _find_people(
    items: Iterable[MoItem], workspaces: dict[int, int]
) -> dict[tuple[int, str], Contact]:
    numbers = {_read_number(item.msisdn)[0] for item in items}
    return _list_people(set(workspaces.values()), numbers)


def _list_people(workspace_ids: set[int], numbers: set[str]) -> dict[tuple[int, str], Contact]:
    found = Contact.objects.filter(workspace_id__in=workspace_ids, msisdn__in=numbers)
    return {(contact.workspace_id, contact.msisdn): contact for contact in found}


def _read_number(value: str) -> tuple[str, str | None]:
    """E.164 and its country; a short code or a name stays as it came, without a country."""
    given = _storable(value).strip()
    dialled = f"+{given}" if given.isdecimal() and len(given) > SHORT_CODE_LENGTH else given
    number = parse_number(dialled, None)
    return (number.e164, number.region) if number.e164 else (dialled[:24], None)


def _key(item: MoItem) -> str:
    """A key longer than its column is stored by its hash, which is as unique."""
    key = _storable(item.source_key)
    return key if len(key) <= KEY_LENGTH else hashlib.sha256(key.encode()).hexdigest()


def _storable(text: str) -> str:
    """PostgreSQL stores no NUL and no half of a surrogate pair."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def _time_of(item: MoItem) -> datetime:
    """A gateway's clock may be ahead; what was said was not said after now."""
    return min(datetime.fromtimestamp(item.received_at, UTC), now())


def _insert(mos: list[_Mo]) -> list[_Mo]:
    """The texts that were not stored before."""
    if not mos:
        return []
    rows = [_row(mo) for mo in mos]
    with cursor() as raw:
        raw.execute(INSERT_REPLIES, [list(column) for column in zip(*rows, strict=True)])
        stored = {(gateway_id, key) for gateway_id, key in raw.fetchall()}
    return [mo for mo in mos if (mo.gateway_id, mo.source_key) in stored]


def _touch_threads(mos: list[_Mo]) -> None:
    """Let each person wait whose text is left to somebody; what was handled at once opens nothing."""
    rows = [
        (mo.workspace_id, mo.contact.id, mo.received_at, shorten(mo.text))
        for mo in mos
        if mo.contact and mo.understanding.intent not in ACTED_ON
    ]
    if rows:
        with cursor() as raw:
            raw.execute(TOUCH_THREADS, [list(column) for column in zip(*rows, strict=True)])
    _end_waiting(mos)


def _end_waiting(mos: list[_Mo]) -> None:
    """Whoever said stop cannot be answered: what they asked before stays in sight, and waits no more."""
    rows = [
        (mo.workspace_id, mo.contact.id, mo.received_at)
        for mo in mos
        if mo.contact and mo.understanding.intent == "opt_out" and not mo.narrow
    ]
    if rows:
        with cursor() as raw:
            raw.execute(END_WAITING_BEFORE, [list(column) for column in zip(*rows, strict=True)])


def _row(mo: _Mo) -> tuple[object, ...]:
    message: Message | None = None
    if mo.contact:
        message = last_message_to(mo.workspace_id, mo.contact.id)
    said = mo.understanding
    return (
        mo.workspace_id, mo.gateway_id, mo.source_key, mo.contact.id if mo.contact else None,
        mo.msisdn, mo.recipient, mo.text, mo.received_at, said.intent, said.certainty,
        (said.language or "")[:8], message.id if message else None,
        message.campaign_id if message else None, now() if said.intent in ACTED_ON else None,
    )  # fmt: skip


def _asks(mo: _Mo) -> bool:
    """Whether a text may be answered by itself."""
    intent = mo.understanding.intent
    return intent == "help" or (intent not in ACTED_ON and asks_why(mo.text))


def _answer(mo: _Mo) -> bool:
    """Whether a text asked for no more than what was answered by itself; else somebody looks at it."""
    if mo.contact is None or not _asks(mo):
        return False
    answer = _answer_help if mo.understanding.intent == "help" else _answer_why
    return answer(mo, mo.contact)


def _answer_help(mo: _Mo, contact: Contact) -> bool:
    is_sent = answer_help(contact, spoken=mo.understanding.language) is not None
    if not is_sent or not is_help_word(mo.text):
        return False
    _note_answered(mo, "help")
    return True


def _answer_why(mo: _Mo, contact: Contact) -> bool:
    """From the ledger. Somebody looks at a longer question as well: it may hold more than that."""
    plain = normalise(mo.text)
    if answer_why(contact, spoken=guess_language(mo.text, plain)) is None:
        return False
    _note_answered(mo, "question")
    return is_bare(plain)


def _note_answered(mo: _Mo, intent: str) -> None:
    rows = Reply.objects.filter(gateway_id=mo.gateway_id, source_key=mo.source_key)
    rows.update(intent=intent, handled_at=now())


def _opted_out_before(mos: list[_Mo]) -> set[int]:
    stops = [mo.contact for mo in mos if mo.contact and mo.understanding.intent == "opt_out"]
    workspaces = {contact.workspace_id for contact in stops}
    return {
        contact_id
        for workspace_id in sorted(workspaces)
        for contact_id in are_opted_out(
            workspace_id, [each for each in stops if each.workspace_id == workspace_id]
        )
    }


def _pause(mo: _Mo) -> bool:
    """Whether the text asked for a pause, and it was carried out; who cannot be paused is opted out."""
    said = mo.understanding
    if mo.contact is None or said.days is None:
        return False
    return pause_as_asked(
        mo.contact, days=said.days, spoken=said.language, said_at=mo.received_at, source=SOURCE
    )


def _confirm(mo: _Mo, opted_out: set[int]) -> None:
    """Once: who was opted out before, or has said it twice in these texts, hears nothing more."""
    if mo.contact is None or mo.contact.id in opted_out:
        return
    if mo.narrow:
        what = ", ".join(each.name for each in mo.narrow)
        spoken = mo.understanding.language
        confirm_opt_out(mo.contact, spoken=spoken, said_at=mo.received_at, what=what)
        return
    opted_out.add(mo.contact.id)
    confirm_opt_out(mo.contact, spoken=mo.understanding.language, said_at=mo.received_at)


def _act(mo: _Mo, opted_out: set[int]) -> None:
    evidence = {
        "gateway_id": mo.gateway_id,
        "source_key": mo.source_key,
        "recipient": mo.recipient,
        "text": mo.text,
        "certainty": mo.understanding.certainty,
    }
    if mo.understanding.intent == "opt_out" and _pause(mo):
        return
    if mo.understanding.intent == "opt_out" and len(mo.msisdn) <= NUMBER_LENGTH:
        for scope in [each.scope for each in mo.narrow] or [EVERYTHING]:
            record_opt_out(
                workspace_id=mo.workspace_id,
                contact_id=mo.contact.id if mo.contact else None,
                msisdn=mo.msisdn,
                source=SOURCE,
                wording=mo.text,
                given_at=mo.received_at,
                actor=ACTOR,
                channel="sms",
                evidence=evidence,
                scope=scope,
            )
        _confirm(mo, opted_out)
    elif mo.understanding.intent == "opt_in" and mo.contact:
        record_opt_in(
            workspace_id=mo.workspace_id,
            contact_id=mo.contact.id,
            source=SOURCE,
            wording=mo.text,
            given_at=mo.received_at,
            actor=ACTOR,
            evidence=evidence,
            basis="express_written",  # their own text
        )

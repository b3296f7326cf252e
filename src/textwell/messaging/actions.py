"""Every write of the message ledger that is not the hot path of a connector."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, dataclass, field
from datetime import datetime, timedelta
from typing import Any

import orjson
from django.db import connection, transaction
from django.utils.translation import gettext as _

from textwell.accounts.actions import record_audit
from textwell.accounts.models import Workspace
from textwell.compliance.clock import HORIZON_DAYS
from textwell.compliance.completing import complete, lacks
from textwell.compliance.wording import NOTHING, Demands
from textwell.core.bus import publish_after_commit
from textwell.core.clock import now
from textwell.core.errors import Conflict, FieldError
from textwell.core.wire import BatchPointer, encode
from textwell.links.actions import define_links, define_opt_out_links
from textwell.links.selectors import link_prefix
from textwell.links.tokens import OPT_OUT_NUMBER, TOKEN_LENGTH, make_token
from textwell.messaging import sql
from textwell.messaging.adding import Single, asks_words, read_terms
from textwell.messaging.caps import NO_CAPS, Caps
from textwell.messaging.compose import OPT_OUT_LINK
from textwell.messaging.invitations import claim_single
from textwell.messaging.law import NO_LAW, place_of
from textwell.messaging.models import BatchState
from textwell.messaging.plan import reserve_block
from textwell.messaging.purposes import INVITATION, is_marketing
from textwell.messaging.selectors import access_message
from textwell.messaging.states import State
from textwell.messaging.unsaid import wording_problem

CLAIM_LIMIT = 500
LONGEST_AHEAD = timedelta(days=35)  # of a single message: what waits for it keeps its gateway
PUBLISH_AHEAD_S = 3  # of a gateway's rate: many looks of the scheduler, so that it never runs dry
PUBLISH_AHEAD_MESSAGES = 4_000  # and at least two batches, one of them for another campaign


@dataclass(frozen=True, slots=True)
class SingleMessage:
    """One text to one person: through the API, a test send, an automatic answer."""

    workspace_id: int
    contact_id: int
    msisdn: str
    country: str
    body: str  # the final text, but for {{ link }}, {{ link_2 }} … where targets are given; see `compose`
    purpose: str
    lane: str  # urgent | care | bulk
    gateway_id: int
    sender: str
    expires_at: datetime | None = None
    due_at: datetime | None = None  # not before this; None or past: at once
    validity_hours: int = 24
    link_targets: tuple[str, ...] = ()
    link_prefix: str = ""  # with which its links begin; empty: as the workspace has it
    utm: Mapping[str, str] = field(default_factory=dict)  # added to the targets
    link_values: Mapping[str, str] = field(default_factory=dict)  # of {{ … }} in these
    caps: Caps = NO_CAPS  # its campaign's own; the workspace's hold for marketing anyway
    compose: Callable[[Mapping[str, str]], str] | None = (
        None  # the text from its links, in place of `body`
    )
    topic: str = ""  # with the brand: the consent that it needs, as a campaign's
    brand: str = ""
    is_per_sender: bool = False  # that consent is for one sender, see consent.models.Topic
    is_simulated: bool = False  # known to reach no phone: nobody is asked what law has it say
    words: Single | None = None  # what law has it say; None: `send_single` asks
    trial_of: int | None = None  # the campaign whose text is tested by it: no cap counts it


def link_names(count: int) -> list[str]:
    """The places of links in a text: `{{ link }}`, `{{ link_2 }}` and so on."""
    return ["{{ link }}", *(f"{{{{ link_{number} }}}}" for number in range(2, count + 1))][:count]


def measured_text(body: str, link_count: int, prefix: str) -> str:
    """The text with links as long as they will be, to count its segments by."""
    return _place_links(body, [prefix + "0" * TOKEN_LENGTH] * link_count)


def _place_links(body: str, links: Sequence[str]) -> str:
    for name, link in zip(link_names(len(links)), links, strict=True):
        body = body.replace(name, link)
    return body


def demands_of_single(message: SingleMessage) -> tuple[Single, Demands]:
    """What law has one text say, asked of the store where the message does not tell."""
    words = message.words or read_terms(
        workspace_id=message.workspace_id,
        gateway_id=message.gateway_id,
        sender=message.sender,
        contact_id=message.contact_id,
        purpose=message.purpose,
        day=now().date(),
    )
    place = place_of(message.country, message.msisdn, "")
    return words, words.terms.demands(place, words.language)


def refuse_unsaid(text: str, demands: Demands) -> None:
    """Refuse a text that law lets nobody send as it is.

    Raises:
        FieldError: on `body` or `sender`; says what is missing and where it is told.
    """
    if demands.is_met and not (demands.asks_alone and lacks(text, demands)):
        return
    found = wording_problem(demands)
    raise FieldError(found.field, found.problem, found.mend)


def _final_text(message: SingleMessage, message_id: int, demands: Demands) -> str:
    """The text with its short links, which work like those of a campaign, and what law has it say."""
    links = _make_links(message, message_id, demands)
    way_out = links.pop() if demands.needs_link else ""
    if message.compose is None:
        text = _place_links(message.body, links)
    else:
        names = [name.strip("{ }") for name in link_names(len(links))]
        own = dict(zip(names, links, strict=True)) | ({OPT_OUT_LINK: way_out} if way_out else {})
        text = message.compose(own)
    refuse_unsaid(text, demands)
    return complete(text, demands, way_out).text


def _make_links(message: SingleMessage, message_id: int, demands: Demands) -> list[str]:
    """Its links in their order, and last the one where the person stops, if it is asked for."""
    if message.link_targets:
        define_links(
            workspace_id=message.workspace_id,
            campaign_id=None,
            first_message_id=message_id,
            last_message_id=message_id,
            targets=message.link_targets,
            utm=message.utm,
            values=message.link_values,
        )
    elif demands.needs_link:
        define_opt_out_links(
            workspace_id=message.workspace_id,
            campaign_id=None,
            first_message_id=message_id,
            last_message_id=message_id,
        )
    else:
        return []
    key = bytes(Workspace.objects.values_list("link_key", flat=True).get(id=message.workspace_id))
    prefix = message.link_prefix or link_prefix(message.workspace_id)
    numbers = [*range(1, len(message.link_targets) + 1)]
    numbers += [OPT_OUT_NUMBER] if demands.needs_link else []
    return [prefix + make_token(key, message_id, number) for number in numbers]


def send_single(message: SingleMessage, *, actor: str) -> int:
    """Record one message and put it on the work stream after commit; answers its id.

    The gate judges it at hand-off like any other. Calling twice makes two messages: callers that
    may repeat (the API) keep an idempotency key.

    Raises:
        FieldError: `gateway_id`: it was taken away since it was chosen; nothing is recorded.
    """
    moment = now()
    # No savepoint: callers on the hot path have a transaction, and a failure is theirs to roll back.
    with transaction.atomic(savepoint=False):
        message_id, _last = reserve_block(1)
        row = single_row(message, message_id, actor=actor, moment=moment)
        with connection.cursor() as cursor:
            cursor.execute(sql.ADD_SINGLES, {"rows": orjson.dumps([row]).decode()})
            added = cursor.fetchone()
            if message.purpose == INVITATION:
                claim_single(cursor, message_id, topic=message.topic, brand=message.brand)
        if added is None:
            raise FieldError("gateway_id", _("was taken away just now"), _("Choose another."))
        batch_id = int(added[0])
        if row["state"] == BatchState.PLANNED:  # the scheduler publishes it when it is due
            return message_id
        publish_after_commit(
            submit_subject(message.gateway_id, message.lane),
            encode(BatchPointer(batch_id=batch_id)),
        )
    return message_id


def single_row(
    message: SingleMessage, message_id: int, *, actor: str, moment: datetime
) -> dict[str, Any]:
    """What `sql.ADD_SINGLES` reads of one message; its links are defined in the present transaction."""
    words, demands = _words_of(message)
    is_later = message.due_at is not None and message.due_at > moment
    return {
        "id": message_id,
        "workspace_id": message.workspace_id,
        "contact_id": message.contact_id,
        "msisdn": message.msisdn,
        "country": message.country,
        "gateway_id": message.gateway_id,
        "sender": message.sender,
        "lane": message.lane,
        "is_counted": is_marketing(message.purpose) and message.trial_of is None,
        "now": moment,
        "due_at": message.due_at if is_later else moment,
        "state": (BatchState.PLANNED if is_later else BatchState.QUEUED).value,
        "expires_at": message.expires_at,
        "body": _final_text(message, message_id, demands),
        "extra": {
            "purpose": message.purpose,
            "actor": actor,
            "validity_hours": message.validity_hours,
            "cap_count": message.caps.count,
            "cap_hours": message.caps.hours,
            **({} if message.trial_of is None else {"trial_of": message.trial_of}),
            **_scope(message),
            **({} if words is None else {"speaker": astuple(words.terms.speaker)}),
        },
    }


def _scope(message: SingleMessage) -> dict[str, object]:
    """What names another consent than the general one."""
    named = {
        "topic": message.topic,
        "brand": message.brand,
        "is_per_sender": message.is_per_sender,
    }
    return {name: value for name, value in named.items() if value}


def _words_of(message: SingleMessage) -> tuple[Single | None, Demands]:
    """None where law asks nothing of its words but a label, which is there once it is recorded."""
    is_asked = asks_words(message.purpose, message.country, now().date())
    if message.is_simulated or not is_asked:
        return None, NOTHING
    words, demands = demands_of_single(message)
    if not is_marketing(message.purpose):
        return None, demands
    return (None, NOTHING) if words.terms.layer == NO_LAW else (words, demands)


def cancel_single(*, workspace_id: int, message_id: int, actor: str) -> None:
    """Withdraw one message outside campaigns that no window has marked. Twice is once.

    Raises:
        NotFound: there is no such message, or it is another workspace's.
        Conflict: it belongs to a campaign, or may have left already.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        params: dict[str, Any] = {
            "workspace_id": workspace_id,
            "message_id": message_id,
            "now": now(),
        }
        cursor.execute(sql.CANCEL_SINGLE, params)
        is_canceled = bool(cursor.fetchone()[0])
        if is_canceled:
            record_audit(
                workspace_id=workspace_id,
                actor=actor,
                action="messages.canceled",
                subject=f"message:{message_id}",
            )
    if not is_canceled and access_message(workspace_id, message_id).state != State.CANCELED:
        raise Conflict(_("The message can no longer be canceled."))


def submit_subject(gateway_id: int, lane: str) -> str:
    """Where pointers to the batches of a gateway and lane go."""
    return f"submit.{gateway_id}.{lane}"


def claim_due_batches(*, limit: int = CLAIM_LIMIT) -> list[tuple[int, int, str]]:
    """Batches that are due: (batch id, gateway id, lane), now marked as published, in fair order.

    A crash after this and before the publishing costs thirty seconds: they are claimed again then.
    """
    with connection.cursor() as cursor:
        params: dict[str, Any] = {
            "now": now(),
            "limit": limit,
            "ahead_s": PUBLISH_AHEAD_S,
            "ahead_messages": PUBLISH_AHEAD_MESSAGES,
        }
        cursor.execute(sql.CLAIM_DUE_BATCHES, params)
        rows = sorted(cursor.fetchall(), key=lambda row: (row[3], row[4], row[0]))
        return [(batch_id, gateway_id, lane) for batch_id, gateway_id, lane, _turn, _due in rows]


def wake_held(
    *,
    campaign_ids: Sequence[int],
    stopped_workspace_ids: Sequence[int] = (),
    limit: int = 20_000,
) -> int:
    """Put held messages whose time has come into batches again; answers how many ended their wait.

    What was held for HORIZON_DAYS for a fact that could not be read, or for who speaks to be told, is
    skipped for that reason.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        params: dict[str, Any] = {
            "now": now(),
            "limit": limit,
            "campaign_ids": list(campaign_ids),
            "stopped_ids": list(stopped_workspace_ids),
            "most_days": HORIZON_DAYS,
        }
        cursor.execute(sql.WAKE_HELD, params)
        return int(cursor.fetchone()[0])


def tidy_held() -> None:
    """Bring the notes of held messages in line with the messages. Calling twice is safe."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [sql.FOLD_LOCK])
        cursor.execute(sql.FORGET_HELD)
        cursor.execute(sql.IS_HELD_UNNOTED)
        if cursor.fetchone()[0]:
            cursor.execute(sql.NOTE_ALL_HELD)


def skip_waiting(
    *, workspace_id: int, contact_ids: Sequence[int], reason: str = "opted_out"
) -> int:
    """Skip everything that waits for these people, in the caller's transaction.

    `reason` is the gate's: they opted out, or their numbers were suppressed.
    """
    if not contact_ids:
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        params: dict[str, Any] = {
            "workspace_id": workspace_id,
            "contact_ids": list(contact_ids),
            "reason": reason,
            "now": now(),
        }
        cursor.execute(sql.SKIP_WAITING, params)
        return int(cursor.fetchone()[0])


def pause_messages(*, campaign_id: int) -> None:
    """Take a campaign's batches away from the connectors: their next mark finds them gone."""
    with connection.cursor() as cursor:
        cursor.execute(sql.PAUSE_BATCHES, {"campaign_id": campaign_id})


def resume_messages(*, campaign_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.RESUME_BATCHES, {"campaign_id": campaign_id})


def republish_messages(*, workspace_id: int) -> None:
    """Put what the stop of a workspace turned away on the work stream again. Twice is safe."""
    with connection.cursor() as cursor:
        cursor.execute(sql.REPUBLISH_BATCHES, {"workspace_id": workspace_id})


def cancel_messages(*, campaign_id: int) -> int:
    """Withdraw all of a campaign that no window has marked; answers how many messages.

    What is marked may have left and keeps its own fate.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.CANCEL_BATCHES, {"campaign_id": campaign_id})
        ranges = cursor.fetchall()
        canceled = 0
        if ranges:
            firsts, lasts = zip(*ranges, strict=True)
            params: dict[str, Any] = {
                "campaign_id": campaign_id,
                "firsts": list(firsts),
                "lasts": list(lasts),
                "now": now(),
            }
            cursor.execute(sql.CANCEL_MESSAGES, params)
            canceled = int(cursor.fetchone()[0])
        cursor.execute(sql.CANCEL_HELD, {"campaign_id": campaign_id, "now": now()})
        return canceled + int(cursor.fetchone()[0])


def cancel_held(*, campaign_id: int) -> int:
    """Withdraw what was held when its canceled campaign was; answers how many messages."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.CANCEL_HELD, {"campaign_id": campaign_id, "now": now()})
        return int(cursor.fetchone()[0])


def make_log_leaves() -> None:
    """Next month's partition of the receipt log. Calling it twice is safe."""
    with connection.cursor() as cursor:
        for moment in (now(), now() + timedelta(days=31)):
            cursor.execute("SELECT messaging_make_dlr_leaf(%s)", [moment.date()])

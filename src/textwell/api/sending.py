"""Taking one text to one person, judged by the gate: the one way for every door of the API."""

import re
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from textwell.accounts.types import KeyHolder
from textwell.api.errors import NoRoute, RefusedByGate
from textwell.api.found import Found, gate_facts, law_of, read_facts, with_promise
from textwell.api.schemas.messages import Lane, NewMessage, Purpose
from textwell.compliance.completing import Completed, complete
from textwell.compliance.wording import Element
from textwell.consent.actions import record_opt_in
from textwell.consent.topics import check_scopes, is_per_sender
from textwell.consent.types import ConsentScope
from textwell.contacts.actions import read_msisdn, upsert_contact
from textwell.core.clock import now
from textwell.core.errors import FieldError
from textwell.gateways.models import GatewayState
from textwell.gateways.selectors import find_gateway
from textwell.links.selectors import link_prefix
from textwell.links.targets import prepare_target
from textwell.links.tokens import TOKEN_LENGTH
from textwell.messaging.actions import (
    LONGEST_AHEAD,
    SingleMessage,
    demands_of_single,
    link_names,
    measured_text,
    refuse_unsaid,
    send_single,
)
from textwell.messaging.adding import asks_words
from textwell.messaging.gate import Decision, Reason, Rule, Verdict, decide
from textwell.messaging.law import Law
from textwell.messaging.purposes import check_lane
from textwell.messaging.render import link_number
from textwell.messaging.showing import missing_registration
from textwell.messaging.template_words import asked_texts, template_problem
from textwell.text import Encoding, Number, count_segments

# With what stands in it, as far as it is closed.
_PLACE = re.compile(r"\{[{%](?:[^{}]*[%}]\})?")
MAX_SEGMENTS = 10  # longer texts are cut or dropped by carriers
_MOST_ID = 2**63 - 1  # what the ledger cannot even be asked for; a whole group would fail over it
_LANES = {Purpose.MARKETING: Lane.BULK, Purpose.INVITATION: Lane.BULK, Purpose.OTP: Lane.URGENT}


def _read_number(new: NewMessage) -> Number:
    try:
        return read_msisdn(new.to, new.region)
    except FieldError as error:
        field = "to" if error.field == "msisdn" else error.field
        raise FieldError(field, error.problem, error.mend) from None


def _lane(new: NewMessage) -> Lane:
    lane = new.lane or _LANES.get(new.purpose, Lane.CARE)
    check_lane(purpose=new.purpose.value, lane=lane.value)
    return lane


def _refuse_without_route(workspace_id: int, new: NewMessage, found: Found) -> None:
    """A clear word where no sender fits, before the gate says so in general."""
    if found.gateway_id is not None:
        return
    chosen = find_gateway(workspace_id, new.gateway_id)
    if new.gateway_id is not None and chosen is None:
        raise _no_gateway()
    if chosen is not None and chosen.state == GatewayState.RETIRED:
        raise FieldError("gateway_id", _("is retired"), _("GET /v1/gateways lists yours."))
    problem = _("has no active sender for %(country)s") % {"country": found.country or "?"}
    field = "gateway_id" if new.sender is None else "sender"
    raise NoRoute(field, problem, _("Add the sender to an active gateway, or choose another."))


def _no_gateway() -> FieldError:
    mend = _("GET /v1/gateways lists yours.")
    return FieldError("gateway_id", _("is no gateway of yours"), mend)


def _mend(reason: str) -> str:
    mends = {
        "no_consent": _("Ask the person first; give `consent` if they agreed elsewhere."),
        "opted_out": _("The person said stop. Respect it; only a new consent changes this."),
        "email_only": _("The person chose to be reached by e-mail alone."),
        "consent_too_weak": _("Ask for a yes of the kind that the country's rules name."),
        "consent_expired": _("The consent is too old to count: record a new one."),
        "invitation_barred": _(
            "The country's rules let nobody text who never agreed. Ask them by another way."
        ),
        "already_agreed": _("The person agreed to texts. Send it as marketing."),
        "already_invited": _("One invitation for ever: silence or another answer means no."),
        "person_paused": _("The person asked for a pause. Give a `send_at` after its end."),
        "suppressed": _("The number is on the suppression list: see why before lifting it."),
        "register_listed": _("The country's register names the number: it gets no marketing."),
        "register_missing": _("Record the consent in the country's register, and import it anew."),
        "register_stale": _("Import the latest list: `textwell registers import`."),
        "sender_not_promised": _("Send by a promised sender, or publish the promise anew."),
        "topic_not_promised": _("Write about a promised topic, or publish the promise anew."),
        "frequency_cap": _(
            "The person had enough marketing texts. Wait, or change the cap in the settings."
        ),
        "sample_person": _("A sample person has no telephone. Give another number."),
        "expired": _("Give an `expires_at` in the future, or none; see the hours of the country."),
        "no_pack": _("Marketing goes to countries with a rule pack alone: `textwell packs list`."),
        "no_lawful_time": _("Give a `send_at` at which the country's rules allow marketing."),
    }
    return mends.get(reason, "")


def _judge(new: NewMessage, found: Found, law: Law) -> None:
    """Ask the gate as hand-off will.

    Raises:
        RefusedByGate: it would skip the message now.
    """
    decision = decide(gate_facts(new, found, law))
    if decision.verdict is Verdict.SKIP:
        message = _("The gate refuses it: %(reason)s.") % {"reason": decision.reason}
        raise RefusedByGate(decision, message, _mend_for(new, found, decision.reason))


def _mend_for(new: NewMessage, found: Found, reason: str) -> str:
    if reason != Reason.SENDER_UNREGISTERED:
        return _mend(reason)
    missing = missing_registration(found.sender, found.country, new.purpose.value, on=now().date())
    mend = _("Put it into the sender registry once it is approved: POST /v1/registrations.")
    return f"{missing} {mend}"


def _scope_of(workspace_id: int, new: NewMessage) -> ConsentScope:
    """What the yes that comes with a message is to: just what the message needs."""
    sender = (new.sender or "") if is_per_sender(workspace_id, new.topic) else ""
    return ConsentScope(new.topic, new.brand, sender)


def _record_consent(workspace_id: int, new: NewMessage, msisdn: str, actor: str) -> None:
    if new.consent is None:
        return
    if new.purpose is Purpose.INVITATION:
        mend = _("Leave it out, or send the text as marketing.")
        raise FieldError("consent", _("does not go with an invitation"), mend)
    contact = upsert_contact(workspace_id=workspace_id, msisdn=msisdn, actor=actor)
    record_opt_in(
        workspace_id=workspace_id,
        contact_id=contact.id,
        source=new.consent.source,
        wording=new.consent.wording,
        given_at=new.consent.given_at,
        purpose=new.purpose.value,
        evidence=dict(new.consent.evidence),
        actor=actor,
        scope=_scope_of(workspace_id, new),
        basis=new.consent.basis.value if new.consent.basis else "",
    )


@dataclass(frozen=True, slots=True)
class Taken:
    """A message that was recorded."""

    id: int
    message: SingleMessage
    encoding: str
    segment_count: int
    adds: tuple[Element, ...] = ()  # what law has it say beside its body


@dataclass(frozen=True, slots=True)
class ReadMessage:
    """What a caller wants, as far as it can be judged without the ledger."""

    new: NewMessage
    number: Number
    lane: Lane
    prefix: str  # with which its links begin
    encoding: str
    segment_count: int


def read_message(new: NewMessage, find_prefix: Callable[[], str]) -> ReadMessage:
    """Judge what the ledger need not be asked for; `find_prefix` is called where there are links.

    Raises:
        FieldError: a value cannot be used.
    """
    number, lane = _read_number(new), _lane(new)
    if new.gateway_id is not None and abs(new.gateway_id) > _MOST_ID:
        raise _no_gateway()
    _check_links(new)
    _check_send_at(new)
    prefix = find_prefix() if new.links else ""
    encoding, segment_count = _measure(measured_text(new.body, len(new.links), prefix))
    return ReadMessage(new, number, lane, prefix, encoding.value, segment_count)


def take_message(holder: KeyHolder, new: NewMessage) -> Taken:
    """Record one message if the gate allows it now; it judges again at hand-off.

    Calling twice makes two messages: callers keep an idempotency key.

    Raises:
        FieldError: a value cannot be used; NoRoute where no active sender fits.
        RefusedByGate: nothing was recorded.
    """
    read = read_message(new, lambda: link_prefix(holder.workspace_id))
    # With evidence the gate judges what that adds, and a refusal takes it back: one transaction.
    with transaction.atomic() if new.consent else nullcontext():
        message = _prepare(holder, read)
        message, completed = _with_words(message, read)
        _refuse_unapproved(message, completed.text if completed else _shown_text(message, read))
        message_id = send_single(message, actor=holder.actor)
    if completed is None:
        return Taken(message_id, message, read.encoding, read.segment_count)
    encoding, segment_count = _measure(completed.text)
    return Taken(message_id, message, encoding.value, segment_count, completed.adds)


def _with_words(
    message: SingleMessage, read: ReadMessage
) -> tuple[SingleMessage, Completed | None]:
    """What law has it say, with a link as long as its own will be; None where law asks nothing.

    Raises:
        FieldError: it may not be sent as it is, and nothing can be added.
    """
    is_asked = asks_words(message.purpose, message.country, now().date())
    if message.is_simulated or not is_asked:
        return message, None
    words, demands = demands_of_single(message)
    prefix = read.prefix or (link_prefix(message.workspace_id) if demands.needs_link else "")
    text = measured_text(message.body, len(message.link_targets), prefix)
    refuse_unsaid(text, demands)
    completed = complete(text, demands, f"{prefix}{'0' * TOKEN_LENGTH}")
    return replace(message, words=words, link_prefix=prefix), completed


def _shown_text(message: SingleMessage, read: ReadMessage) -> str:
    """Where nothing is added: with links as long as they will be."""
    return measured_text(message.body, len(message.link_targets), read.prefix)


def _refuse_unapproved(message: SingleMessage, text: str) -> None:
    """Raises RefusedByGate where only approved texts get through, and this is none."""
    if message.is_simulated:
        return
    texts = asked_texts(
        message.workspace_id, message.gateway_id, sender=message.sender, country=message.country,
        purpose=message.purpose, on=now().date(),
    )  # fmt: skip
    if texts is None:
        return
    told = template_problem(
        text, texts, sender=message.sender, country=message.country, purpose=message.purpose
    )
    if told:
        reason = Reason.TEMPLATE_UNREGISTERED.value
        rule = Rule("template", is_passed=False, inputs={"templates": len(texts)})
        problem = _("The gate refuses it: %(reason)s.") % {"reason": reason}
        mend = _("Put the template into the registry: POST /v1/registrations/{id}/templates.")
        decision = Decision(Verdict.SKIP, reason, rules=(rule,))
        raise RefusedByGate(decision, problem, f"{told} {mend}")


def _measure(text: str) -> tuple[Encoding, int]:
    encoding, segment_count = count_segments(text)
    if segment_count > MAX_SEGMENTS:
        problem = _("takes %(count)d segments") % {"count": segment_count}
        raise FieldError("body", problem, _("Shorten it to %(most)d.") % {"most": MAX_SEGMENTS})
    return encoding, segment_count


def _prepare(holder: KeyHolder, read: ReadMessage) -> SingleMessage:
    """The message as it goes out, once the gate has allowed it; its person exists."""
    new, number = read.new, read.number
    assert number.e164 is not None
    if new.topic or new.brand:
        check_scopes(holder.workspace_id, [ConsentScope(new.topic, new.brand)])
    _record_consent(holder.workspace_id, new, number.e164, holder.actor)
    found = read_facts(holder.workspace_id, new, number)
    _refuse_without_route(holder.workspace_id, new, found)
    law = law_of(new, found)
    if law.lawful_at is not None:  # the cap holds for the hour at which it goes
        found = read_facts(holder.workspace_id, new, number, cap_at=law.lawful_at)
        law = law_of(new, found)
    due_at = law.lawful_at or new.send_at or now()
    found = with_promise(holder.workspace_id, new, found, at=max(due_at, now()))
    _judge(new, found, law)
    contact_id = found.contact_id or _make_contact(holder, number.e164)
    return build_single(holder, read, found, contact_id, lawful_at=law.lawful_at)


def build_single(
    holder: KeyHolder,
    read: ReadMessage,
    found: Found,
    contact_id: int,
    *,
    lawful_at: datetime | None = None,
) -> SingleMessage:
    """The message that was read, on the route that was found; not before `lawful_at`."""
    assert read.number.e164 is not None
    assert found.gateway_id is not None
    new = read.new
    return SingleMessage(
        workspace_id=holder.workspace_id,
        contact_id=contact_id,
        msisdn=read.number.e164,
        country=found.country,
        body=new.body,
        purpose=new.purpose.value,
        topic=new.topic,
        brand=new.brand,
        is_per_sender=found.is_per_sender,
        lane=read.lane.value,
        gateway_id=found.gateway_id,
        sender=found.sender,
        expires_at=new.expires_at,
        due_at=lawful_at or new.send_at,
        link_targets=tuple(new.links),
        link_prefix=read.prefix,
        is_simulated=found.is_simulated,
    )


def refuse_places(new: NewMessage) -> None:
    """Refuse what looks like a field of a campaign: a single text is sent as it is.

    For our own door alone: programs made for another vendor's send such braces as they stand.

    Raises:
        FieldError: on `body`, with the first of them.
    """
    body = new.body
    for name in link_names(len(new.links)):
        body = body.replace(name, "")
    found = _PLACE.search(body)
    if found is None:
        return
    place = found.group()
    if link_number(place.strip("{} ")):
        mend = _("Give its address in `links`, and write it with one space: {{ link }}.")
    else:
        mend = _("Put the value there yourself: a single text is not made for each person.")
    problem = _("holds “%(place)s”, which nothing fills in") % {"place": place[:60]}
    raise FieldError("body", problem, mend)


def _check_links(new: NewMessage) -> None:
    for number, (name, target) in enumerate(
        zip(link_names(len(new.links)), new.links, strict=True)
    ):
        prepare_target(target, field=f"links.{number}")
        if name not in new.body:
            problem = _("has no place in the body")
            raise FieldError(
                f"links.{number}", problem, _("Write %(name)s there.") % {"name": name}
            )


def _make_contact(holder: KeyHolder, msisdn: str) -> int:
    made = upsert_contact(workspace_id=holder.workspace_id, msisdn=msisdn, actor=holder.actor)
    return made.id


def _check_send_at(new: NewMessage) -> None:
    if new.send_at is None:
        return
    if new.send_at > now() + LONGEST_AHEAD:
        mend = _("Give a time within the next %(count)d days.") % {"count": LONGEST_AHEAD.days}
        raise FieldError("send_at", _("is too far ahead"), mend)
    if new.expires_at is not None and new.expires_at <= new.send_at:
        mend = _("Give a later `expires_at`, or none.")
        raise FieldError("expires_at", _("is not after `send_at`"), mend)

"""The rows of a marked window judged and composed: who goes with which text, who stays and why."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any, Final, NamedTuple

import structlog

from textwell.compliance.wording import Demands
from textwell.gateways.approved import find_approved, find_nearest_approved
from textwell.gateways.providers.base import ApprovedText, GatewaySpec, Handoff
from textwell.messaging.compose import person_of
from textwell.messaging.errors import TemplateRefused
from textwell.messaging.gate import Decision, Facts, Reason, decide, is_clear
from textwell.messaging.law import (
    ALLOWED,
    LONGEST_VALIDITY_H,
    NO_LAW,
    Law,
    Place,
    closes_at,
    judge_law,
    place_of,
)
from textwell.messaging.plan_law import law_layer
from textwell.messaging.promised import find_unpromised, list_unpromised
from textwell.messaging.proof.collecting import Seen
from textwell.messaging.proof.judged import Terms
from textwell.messaging.purposes import binding_suppression
from textwell.runtime.connector.content import Content
from textwell.runtime.connector.way import Way, way_of
from textwell.runtime.connector.window import (
    LeasedBatch,
    LeftOut,
    Pending,
    Prepared,
    Row,
    Window,
)
from textwell.runtime.connector.words import Words, kinds_of
from textwell.text.segments import count_segments

log = structlog.get_logger()

UNTOLD_WAIT: Final = timedelta(hours=1)  # for who speaks to be told in the settings


# Columns of messaging.sql.READ_WINDOW.
(_ID, _CONTACT, _MSISDN, _COUNTRY, _SENDER, _EXPIRES, _DUE, _KNOWN, _SUPPRESSION, _GRANTED, _HAS_RECORD,
 _RECENT, _FIRST, _LAST, _LANGUAGE, _FIELDS, _EMAIL, _EXTERNAL, _SAMPLE, _ZONE,
 _PAUSED_UNTIL, _CONSENT, _HANDED, _REGISTER, _AGREED, _TERMS, _INVITED) = range(27)  # fmt: skip


# What the gate judges by, of a row itself.
_JUDGED: Final = (
    _SENDER, _COUNTRY, _KNOWN, _SUPPRESSION, _GRANTED, _HAS_RECORD, _EXPIRES, _SAMPLE, _PAUSED_UNTIL,
    _REGISTER, _TERMS, _INVITED,
)  # fmt: skip
_values_of = itemgetter(*_JUDGED)


def _facts(
    row: Mapping[int, Any],
    *,
    batch: LeasedBatch,
    way: Way,
    at: datetime,
    law: Law,
    asks_law: bool,
    recent_count: int,
    of_workspace: tuple[int, int],
) -> Facts:
    """`row`: its values by the columns JUDGED."""
    sender, country = row[_SENDER], row[_COUNTRY]
    workspace_recent_count, workspace_cap_count = of_workspace
    return Facts(
        at=at,
        is_known=row[_KNOWN],
        is_sample=row[_SAMPLE],
        is_simulated=way.is_simulated,
        suppression=binding_suppression(batch.content.purpose, row[_SUPPRESSION]),
        needs_consent=batch.content.needs_consent,
        is_granted=row[_GRANTED],
        has_consent_record=row[_HAS_RECORD],
        is_sender_allowed=way.find_kind(sender, country) is not None,
        sender_reason=way.sender_reason(sender, country, batch.content.purpose),
        recent_count=recent_count,
        cap_count=batch.caps.count,
        workspace_recent_count=workspace_recent_count,
        workspace_cap_count=workspace_cap_count,
        expires_at=row[_EXPIRES],
        law_reason=law.reason,
        lawful_at=law.lawful_at,
        paused_until=row[_PAUSED_UNTIL],
        consent_reason=row[_TERMS],
        invitation_reason=row[_INVITED],
        register_reason=row[_REGISTER] if asks_law else "",
        promise_reason=_promise_reason(batch, sender, country),
    )


def _promise_reason(batch: LeasedBatch, sender: str, country: str) -> str:
    unpromised = list_unpromised(batch.caps.named, sender, batch.content.scope.topic)
    return find_unpromised(unpromised, country)


def _layer(batch: LeasedBatch, way: Way) -> str:
    """Which rules about hours hold for a batch."""
    content = batch.content
    return law_layer(
        purpose=content.purpose,
        is_simulated=way.is_simulated or way.is_sandbox,
        layer=content.law_layer,
    )


def _place(row: Row) -> Place:
    return place_of(row[_COUNTRY], row[_MSISDN], row[_ZONE])


def _law(place: Place | None, at: datetime, layer: str, handed: Sequence[datetime] | None) -> Law:
    """What law says of this hour at the person's place, after what they were handed before."""
    return ALLOWED if place is None else judge_law(place, at, layer, handed or ())


def _left_out(row: Row, decision: Decision, window_id: int) -> LeftOut:
    proof = [
        {"rule": rule.rule, "passed": rule.is_passed, "inputs": _plain(rule.inputs)}
        for rule in decision.rules
    ]
    facts: dict[str, object] = {"rules": proof}
    if decision.until is not None:
        # Found again by its window: the message goes out in another one, see messaging.sql.lease.
        facts |= {"until": decision.until.isoformat(), "window": window_id}
        return LeftOut(row[_ID], "held", decision.reason, facts, row[_CONTACT])
    outcome = "expired" if decision.reason == "expired" else "skipped"
    return LeftOut(row[_ID], outcome, decision.reason, facts, row[_CONTACT])


def _plain(inputs: dict[str, object]) -> dict[str, object]:
    return {
        key: value.isoformat() if isinstance(value, datetime) else value
        for key, value in inputs.items()
    }


def prepare(
    rows: list[Row], *, window: Window, spec: GatewaySpec, at: datetime, into: Prepared
) -> None:
    """Judge and compose rows of a window that was just marked and read, `into` what it has already."""
    Preparing(window, spec=spec, at=at, into=into).take(rows)


class _Alike(NamedTuple):
    """What is the same for all of a window who are alike to the gate."""

    seen: Seen
    decision: Decision | None  # None: they may go


class Preparing:
    """Judges and composes the rows of one window, slice after slice, as of one moment."""

    def __init__(self, window: Window, *, spec: GatewaySpec, at: datetime, into: Prepared) -> None:
        batch = window.batch
        self._window, self._batch, self._content = window, batch, batch.content
        self._spec, self._at, self._into = spec, at, into
        self._way = way_of(spec, at)
        self._layer = _layer(batch, self._way)
        is_real = not (self._way.is_simulated or self._way.is_sandbox)
        self._words = Words(
            batch.content, layer=self._layer, kinds=kinds_of(spec), day=at.date(), is_real=is_real
        )
        self._known: dict[object, _Alike] = {}
        self._open: dict[Place, int] = {}

    def take(self, rows: Sequence[Row]) -> None:
        """The next rows of the window, in their order."""
        going = []
        for row in rows:
            place = None if self._layer == NO_LAW else _place(row)
            alike = self._judge(row, place)
            if alike.decision is not None:
                self._leave_out(
                    row, alike.seen, place, _left_out(row, alike.decision, self._window.id)
                )
                continue
            demands = self._demands(row, place)
            if demands.is_met:
                going.append((row, place, alike.seen, demands))
            else:
                untold = _untold(row, demands, self._window, self._at)
                self._leave_out(row, alike.seen, place, untold)
        links = self._content.make_links(
            [row[_ID] for row, *_ in going], with_opt_out=any(d.needs_link for *_, d in going)
        )
        for (row, place, seen, demands), mine in zip(going, links, strict=True):
            composed = _compose(row, self._content, mine, demands, self._words)
            if not isinstance(composed, LeftOut):
                composed = self._approve(row, composed)
            if isinstance(composed, LeftOut):
                self._leave_out(row, seen, place, composed)
            else:
                self._prove(row, seen, place, composed[0])
                self._into.pending.append(self._pending(row, place, *composed))

    def _approve(self, row: Row, composed: tuple[str, str, int]) -> tuple[str, str, int] | LeftOut:
        """The text, where it is what the country lets through: words that were approved there."""
        texts = self._way.texts_of(row[_SENDER], row[_COUNTRY], self._content.purpose)
        if texts is None or find_approved(composed[0], texts) is not None:
            return composed
        return _unapproved(row, composed[0], texts)

    def _demands(self, row: Row, place: Place | None) -> Demands:
        if place is None:
            return self._words.of_service(row[_COUNTRY], row[_LANGUAGE] or "", row[_SENDER])
        return self._words.demands(place, row[_LANGUAGE] or "", row[_SENDER])

    def _judge(self, row: Row, place: Place | None) -> _Alike:
        """What the gate says: judged once of all who are alike."""
        law = _law(place, self._at, self._layer, row[_HANDED])
        recent = row[_RECENT]
        of_workspace = self._batch.caps.judge_workspace(recent, row[_AGREED])
        values = _values_of(row)
        key = (law, recent[0], of_workspace, values)
        alike = self._known.get(key)
        if alike is None:
            # Facts see these columns and no other: one that the key lacks cannot be forgotten.
            alike = self._judge_first(
                dict(zip(_JUDGED, values, strict=True)), law, recent[0], of_workspace
            )
            self._known[key] = alike
        return alike

    def _judge_first(
        self, row: Mapping[int, Any], law: Law, recent_count: int, of_workspace: tuple[int, int]
    ) -> _Alike:
        batch, content = self._batch, self._content
        facts = _facts(
            row, batch=batch, way=self._way, at=self._at, law=law, asks_law=self._layer != NO_LAW,
            recent_count=recent_count, of_workspace=of_workspace,
        )  # fmt: skip
        terms = Terms(
            batch.campaign_id, self._spec.id, content.purpose, content.wording_hash, row[_SENDER],
            row[_COUNTRY], self._layer,
        )  # fmt: skip
        decision = None if is_clear(facts) else decide(facts)
        return _Alike(Seen(terms, facts, decision), decision)

    def _leave_out(self, row: Row, seen: Seen, place: Place | None, left: LeftOut) -> None:
        self._prove(row, seen, place, None)
        self._into.left_out.append(left)

    def _prove(self, row: Row, seen: Seen, place: Place | None, text: str | None) -> None:
        """Note what was judged, where proofs are kept of it."""
        if self._into.proofs is not None:
            self._into.proofs.note(
                self._batch.workspace_id,
                seen,
                message_id=row[_ID],
                msisdn=row[_MSISDN],
                text=text,
                consent_event_id=row[_CONSENT],
                place=place,
                handed=row[_HANDED],
            )

    def _pending(
        self, row: Row, place: Place | None, text: str, encoding: str, count: int
    ) -> Pending:
        price = int(self._spec.prices.get(row[_COUNTRY], self._spec.price_micros))
        expires, validity_s = None, self._content.validity_s
        if row[_EXPIRES] is not None:  # nor does the carrier deliver it when its time is over
            expires = row[_EXPIRES].timestamp()
            validity_s = max(1, min(validity_s, int(expires - self._at.timestamp())))
        if place is not None:  # nor in hours that are closed by then
            validity_s = min(validity_s, self._open_s(place))
        handoff = Handoff(row[_ID], row[_MSISDN], row[_SENDER], text, validity_s)
        return Pending(
            self._window, handoff, row[_CONTACT], count, encoding, count * price, expires, place
        )

    def _open_s(self, place: Place) -> int:
        """Seconds until marketing may reach a person there no more."""
        found = self._open.get(place)
        if found is None:
            end = closes_at(place, self._at, self._content.law_layer)
            longest = LONGEST_VALIDITY_H * 3600
            found = max(1, int((end - self._at).total_seconds())) if end else longest
            self._open[place] = found
        return found


def _text_failed(row: Row, error: str) -> LeftOut:
    return LeftOut(row[_ID], "skipped", "text_failed", {"error": error}, row[_CONTACT])


def _unsaid(row: Row, demands: Demands, lacking: Sequence[str] = ()) -> LeftOut:
    """What law has it say cannot be added: it is not sent without."""
    facts: dict[str, object] = {
        "missing": list(demands.missing),
        "why": demands.reason,
        "lacks": list(lacking),
    }
    return LeftOut(row[_ID], "skipped", "wording_missing", facts, row[_CONTACT])


def _unapproved(row: Row, text: str, texts: Sequence[ApprovedText]) -> LeftOut:
    """Where it leaves the template that it is nearest to is kept for whoever asks why."""
    facts: dict[str, object] = {}
    if nearest := find_nearest_approved(text, texts):
        template, difference = nearest
        facts = {"template": template.name, "reference": template.reference, **asdict(difference)}
    reason = Reason.TEMPLATE_UNREGISTERED.value
    return LeftOut(row[_ID], "skipped", reason, facts, row[_CONTACT])


def _untold(row: Row, demands: Demands, window: Window, at: datetime) -> LeftOut:
    """As `_unsaid`; but where the workspace need only tell who speaks, a campaign's text waits for that."""
    left = _unsaid(row, demands)
    if not demands.missing or window.batch.campaign_id is None:
        return left  # a single text is final, with who spoke when it was made
    until = {"until": (at + UNTOLD_WAIT).isoformat(), "window": window.id}
    return replace(left, outcome="held", facts=left.facts | until)


def _compose(
    row: Row, content: Content, links: dict[str, str], demands: Demands, words: Words
) -> tuple[str, str, int] | LeftOut:
    if content.composer is None:
        if lacking := words.find_lacking(content.text, demands, is_final=True):
            return _unsaid(row, demands, lacking)
        encoding, count = count_segments(content.text)
        return content.text, encoding.value, count
    person = person_of(
        first_name=row[_FIRST],
        last_name=row[_LAST],
        language=row[_LANGUAGE],
        country=row[_COUNTRY],
        email=row[_EMAIL],
        external_id=row[_EXTERNAL],
        fields=row[_FIELDS],
    )
    try:
        composed = content.composer.compose(person, links, demands)
    except (TemplateRefused, KeyError) as refused:
        return _text_failed(row, str(refused))
    except Exception as error:
        # Whatever else it is: it costs this person the text, and not the gateway everybody's.
        log.exception("text failed", message=row[_ID])
        return _text_failed(row, type(error).__name__)
    if lacking := words.find_lacking(composed.text, demands, is_final=False):
        return _unsaid(row, demands, lacking)
    return composed.text, composed.encoding, composed.segment_count

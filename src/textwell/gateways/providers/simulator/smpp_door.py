"""The SMPP door: submits in, answers after the network's latency, receipts and replies out."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from textwell.gateways.providers.simulator.carrier import THROTTLED, Carrier, ReceiptText
from textwell.gateways.providers.simulator.deliveries import build_receipt, build_replies
from textwell.gateways.providers.simulator.fates import ANSWER_TICK_S
from textwell.gateways.providers.simulator.texts import (
    SAME,
    Part,
    find_part,
    message_octets,
    read_octets,
)
from textwell.gateways.providers.simulator.wheel import Wheel
from textwell.smpp.commands import Command, Status
from textwell.smpp.events import Outcome
from textwell.smpp.pdu import Pdu
from textwell.smpp.server import Answer, Server, ServerConfig, ServerSession
from textwell.smpp.session_config import SessionConfig
from textwell.smpp.states import State

_PARTS_LAST_S: Final = 30.0
_RECEIPT_ASKED: Final = 0x03  # registered_delivery: on success or failure, or on failure only
_RETRY_S: Final = 1.0
_FOR_GOOD: Final = frozenset({int(Status.ESME_RX_P_APPN), int(Status.ESME_RX_R_APPN)})


class SmppAccount:
    """All sessions of one system_id and what waits for them: kept while none is bound."""

    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier
        self.sessions: list[ServerSession] = []
        self.waiting: deque[bytes] = deque()
        self.is_muted = False
        self._references = 0

    def receipts(self, receipts: list[ReceiptText]) -> None:
        with_tlvs = self._carrier.script.receipt_tlvs
        self.waiting.extend([build_receipt(one, with_tlvs=with_tlvs) for one in receipts])
        self.pump()

    def reply(self, msisdn: str, recipient: str, text: str) -> None:
        self._references = self._references % 255 + 1
        self.waiting.extend(build_replies(msisdn, recipient, text, self._references))
        self.pump()

    def pump(self) -> None:
        """Send what there is room for, to each receiver in turn."""
        waiting = self.waiting
        for session in self.sessions:
            if not waiting or self.is_muted:
                return
            if session.can_receive and (room := session.room):
                count = min(room, len(waiting))
                bodies = [waiting.popleft() for _ in range(count)]
                session.deliver_batch(zip(bodies, bodies, strict=True))

    def settle(self, outcomes: list[Outcome]) -> None:
        """Answers of the ESME: what it did not take is sent again."""
        again = [body for body, status, _ in outcomes if status and status not in _FOR_GOOD]
        if again:
            self.waiting.extend(again)  # type: ignore[arg-type] # the tokens are the bodies
            self._carrier.loop.call_later(_RETRY_S, self.pump)
        elif self.waiting:
            self.pump()


class _Later(NamedTuple):
    session: ServerSession
    answer: Answer


@dataclass(slots=True)
class _Long:
    """A long message on its way in."""

    since: float
    total: int
    parts: dict[int, bytes] = field(default_factory=dict)
    ids: dict[int, tuple[str, str]] = field(default_factory=dict)
    coding: int = 0
    wants_receipt: bool = False
    last_ids: tuple[str, str] = ("", "")


class SmppDoor:
    """One SMPP server in front of a carrier."""

    def __init__(self, carrier: Carrier, *, host: str, port: int) -> None:
        self._carrier = carrier
        self._accounts: dict[str, SmppAccount] = {}
        self._long: dict[tuple[str, str, int], _Long] = {}
        self._answers: Wheel[_Later] = Wheel(carrier.loop, ANSWER_TICK_S, self._answer_due)
        self._refusing = False
        session = SessionConfig(
            window=carrier.script.receipt_window, enquire_link_s=None, response_timeout_s=60.0
        )
        self._server = Server(
            ServerConfig(
                host=host, port=port, system_id="simulator", session=session, stop_timeout_s=1.0
            ),
            authenticate=self._authenticate,
            on_requests=self._take,
            on_outcomes=self._settle,
            on_state=self._on_state,
        )

    @property
    def port(self) -> int:
        return self._server.port

    @property
    def sessions(self) -> set[ServerSession]:
        return self._server.sessions

    async def start(self) -> None:
        """Listen. Raises OSError if the port is taken."""
        await self._server.start()

    async def stop(self) -> None:
        await self._server.stop()
        self.drop_parts(older_than_s=0.0)

    # -- binds -----------------------------------------------------------------------------

    def _authenticate(self, bind: Pdu) -> int:
        if self._carrier.faults.is_on("refuse_binds", self._carrier.loop.time()):
            return Status.ESME_RBINDFAIL
        accounts = self._carrier.script.accounts
        if not accounts:
            return Status.ESME_ROK
        wanted = accounts.get(bind.fields["system_id"])
        if wanted is None:
            return Status.ESME_RINVSYSID
        return Status.ESME_ROK if bind.fields["password"] == wanted else Status.ESME_RINVPASWD

    def _on_state(self, session: ServerSession, state: State) -> None:
        if state.is_bound:
            account = self._accounts.setdefault(session.system_id, SmppAccount(self._carrier))
            session.note = account
            account.sessions.append(session)
            account.pump()
        elif session.note is not None and session in session.note.sessions:
            session.note.sessions.remove(session)

    def _settle(self, session: ServerSession, outcomes: list[Outcome]) -> None:
        if session.note is not None:
            session.note.settle(outcomes)

    # -- submits ---------------------------------------------------------------------------

    def _take(self, session: ServerSession, pdus: list[Pdu]) -> list[Answer] | None:
        carrier = self._carrier
        now = carrier.loop.time()
        wall = time.time()
        lost = carrier.faults.is_on("lose_answers", now)
        throttled = carrier.faults.is_on("throttle", now)
        account: SmppAccount = session.note
        answers: list[Answer] = []
        first = self._answers.now_tick()
        carrier.begin_batch()
        for pdu in pdus:
            if pdu.command_id != Command.submit_sm:
                answers.append((pdu.sequence, Status.ESME_RINVCMDID, ""))
                continue
            if throttled:
                answers.append((pdu.sequence, THROTTLED, ""))
                continue
            status, message_id, ticks = self._take_one(account, pdu, wall, now, lost)
            answer = (pdu.sequence, status, message_id)
            if ticks and not lost:
                self._answers.bucket(first + ticks).append(_Later(session, answer))
            else:
                answers.append(answer)
        carrier.counts["submits"] += len(pdus)
        carrier.end_batch()
        if lost:
            session.forget([answer[0] for answer in answers])
            return None
        return answers

    def _take_one(
        self, account: SmppAccount, pdu: Pdu, wall: float, now: float, lost: bool
    ) -> tuple[int, str, int]:
        """Status, message id and ticks until the answer."""
        fields = pdu.fields
        msisdn = fields["destination_addr"].lstrip("+")
        octets = fields["short_message"]
        part = None
        if fields["esm_class"] or pdu.tlvs:
            part = find_part(pdu)
            octets = message_octets(pdu)
        carrier = self._carrier
        # Parts of one message share its fate, so the number of parts stands for the length.
        network, lot, fate = carrier.find_fate(msisdn, part.total if part else len(octets))
        if network.operator.limit and carrier.is_full(network, 1, now):
            return THROTTLED, "", fate.answer_ticks
        ids = ("", "") if fate.status else carrier.make_id()
        segments, coding = 1, fields["data_coding"]
        wants_receipt = bool(fields["registered_delivery"] & _RECEIPT_ASKED)
        if part is not None and part.total > 1:
            whole = self._join(fields, part, ids, wall, wants_receipt)
            if whole is None:
                return fate.status, ids[0], fate.answer_ticks
            octets = b"".join(whole.parts[number] for number in sorted(whole.parts))
            segments, wants_receipt = whole.total, whole.wants_receipt
            kept_ids = whole.last_ids
        else:
            octets = part.octets if part is not None else octets
            kept_ids = ids
        if coding != 0 or octets.translate(None, SAME):
            octets = read_octets(octets, coding).encode("utf-8", "surrogatepass")
        carrier.keep(
            account,
            msisdn=msisdn,
            sender=fields["source_addr"],
            ids=kept_ids,
            text=octets,
            segments=segments,
            fate=fate,
            lot=lot,
            taken_at=wall,
            status=fate.status,
            is_answered=not lost,
            wants_receipt=wants_receipt,
        )
        return fate.status, ids[0], fate.answer_ticks

    def _join(
        self,
        fields: dict[str, object],
        part: Part,
        ids: tuple[str, str],
        wall: float,
        wants_receipt: bool,
    ) -> _Long | None:
        """The whole message if this was its last missing part. A part said again counts once."""
        key = (str(fields["source_addr"]), str(fields["destination_addr"]), part.reference)
        known = self._long.get(key)
        if known is None or known.total != part.total or wall - known.since > _PARTS_LAST_S:
            known = self._long[key] = _Long(wall, part.total)
        known.parts[part.number] = part.octets
        if wants_receipt:
            known.wants_receipt = True
        if wants_receipt or not known.last_ids[0]:
            known.last_ids = ids
        if len(known.parts) < known.total:
            return None
        del self._long[key]
        return known

    def drop_parts(self, *, older_than_s: float = _PARTS_LAST_S) -> None:
        """Give up long messages that stayed incomplete, and say so in the log."""
        now = time.time()
        for key, one in list(self._long.items()):
            if now - one.since >= older_than_s:
                del self._long[key]
                self._carrier.log.extend(
                    [f"P\t{int(now * 1000)}\t+{key[1]}\t{key[0]}\t{len(one.parts)}\t{one.total}\n"]
                )

    def _answer_due(self, due: list[_Later]) -> None:
        if self._carrier.faults.is_on("half_open", self._carrier.loop.time()):
            self._answers.bucket(self._answers.now_tick() + 10).extend(due)
            return
        by_session: dict[ServerSession, list[Answer]] = {}
        for session, answer in due:
            by_session.setdefault(session, []).append(answer)
        for session, answers in by_session.items():
            session.answer(answers)

    # -- faults ----------------------------------------------------------------------------

    def drop_connections(self) -> int:
        """Cut every connection without a word; how many."""
        sessions = list(self._server.sessions)
        for session in sessions:
            session.drop()
        return len(sessions)

    def go_half_open(self, seconds: float) -> int:
        """Read and send nothing on the present connections for a while; how many."""
        sessions = list(self._server.sessions)
        for session in sessions:
            session.pause_reading()
        for account in self._accounts.values():
            account.is_muted = True
        self._carrier.loop.call_later(seconds, self._wake_up, sessions)
        return len(sessions)

    def _wake_up(self, sessions: list[ServerSession]) -> None:
        for session in sessions:
            session.resume_reading()
        for account in self._accounts.values():
            account.is_muted = False
            account.pump()

"""The SMPP door: submits in, answers after the network's latency, receipts and replies out."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from typing import Any, Final, NamedTuple

from textwell.gateways.providers.simulator.carrier import THROTTLED, Carrier, ReceiptText, ack_label
from textwell.gateways.providers.simulator.deliveries import build_receipt, build_replies
from textwell.gateways.providers.simulator.enquiries import Enquiries
from textwell.gateways.providers.simulator.fates import ANSWER_TICK_S
from textwell.gateways.providers.simulator.joins import Joins
from textwell.gateways.providers.simulator.memory import Taken
from textwell.gateways.providers.simulator.texts import (
    ONE_SEGMENT,
    SAME,
    count_parts,
    find_part,
    read_octets,
)
from textwell.gateways.providers.simulator.wheel import Wheel
from textwell.smpp.commands import Command, Status
from textwell.smpp.events import Outcome
from textwell.smpp.pdu import Pdu
from textwell.smpp.server import Answer, Server, ServerConfig, ServerSession
from textwell.smpp.session_config import SessionConfig
from textwell.smpp.states import State

_ASKED: Final = 0x03  # bits of registered_delivery that ask for the receipt at the end
_SUBMITS: Final = frozenset(
    {int(Command.submit_sm), int(Command.data_sm), int(Command.submit_multi)}
)
_PLACE: Final = ("dest_addr_ton", "dest_addr_npi", "destination_addr")
_ENQUIRIES: Final = frozenset(
    {int(Command.query_sm), int(Command.cancel_sm), int(Command.replace_sm)}
)
_RETRY_S: Final = 1.0
_FOR_GOOD: Final = frozenset({int(Status.ESME_RX_P_APPN), int(Status.ESME_RX_R_APPN)})

# What the log says once it is acknowledged ("" for nothing), and the body of its deliver_sm.
_Item = tuple[str, bytes]


class SmppAccount:
    """All sessions of one system_id and what waits for them: kept while none is bound."""

    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier
        self.sessions: list[ServerSession] = []
        self.waiting: deque[_Item] = deque()
        self.is_muted = False
        self._takes_tlvs = True  # as its youngest bind says: what waits is for all of its sessions
        self._references = 0

    def join(self, session: ServerSession) -> None:
        """One more session, just bound: it has its share of what waits."""
        self.sessions.append(session)
        self._takes_tlvs = session.takes_tlvs
        self.pump()

    def receipts(self, receipts: list[ReceiptText]) -> None:
        with_tlvs = self._carrier.script.receipt_tlvs and self._takes_tlvs
        self.waiting.extend(
            [(ack_label(one), build_receipt(one, with_tlvs=with_tlvs)) for one in receipts]
        )
        self.pump()

    def reply(self, msisdn: str, recipient: str, text: str) -> None:
        self._references = self._references % 255 + 1
        *before, last = build_replies(msisdn, recipient, text, self._references)
        self.waiting.extend([*(("", body) for body in before), (f"+{msisdn}", last)])
        self.pump()

    def pump(self) -> None:
        """Send what there is room for, to each receiver in turn."""
        waiting = self.waiting
        for session in self.sessions:
            if not waiting or self.is_muted:
                return
            if session.can_receive and (room := session.room):
                count = min(room, len(waiting))
                items = [waiting.popleft() for _ in range(count)]
                session.deliver_batch([(item, item[1]) for item in items])

    def settle(self, outcomes: list[Outcome]) -> None:
        """Answers of the ESME: what it did not take is sent again."""
        again: list[_Item] = []
        labels: list[str] = []
        for item, status, _ in outcomes:
            assert isinstance(item, tuple)
            if not status:
                labels.append(item[0])
            elif status not in _FOR_GOOD:
                again.append(item)
        self._carrier.log_acks(labels)
        if again:
            self.waiting.extend(again)
            self._carrier.loop.call_later(_RETRY_S, self.pump)
        elif self.waiting:
            self.pump()


class _Later(NamedTuple):
    session: ServerSession
    answer: Answer


class SmppDoor:
    """One SMPP server in front of a carrier."""

    def __init__(self, carrier: Carrier, *, host: str, port: int) -> None:
        self._carrier = carrier
        self._accounts: dict[str, SmppAccount] = {}
        self._joins = Joins(carrier)
        self._enquiries = Enquiries(carrier)
        self._answers: Wheel[_Later] = Wheel(carrier.loop, ANSWER_TICK_S, self._answer_due)
        self._held: set[ServerSession] = set()  # half-open
        self._waker: asyncio.TimerHandle | None = None
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
        self._joins.give_up(older_than_s=0.0)

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
            account.join(session)
        elif session.note is not None and session in session.note.sessions:
            session.note.sessions.remove(session)
            self._carrier.log_end(session.system_id)

    def _settle(self, session: ServerSession, outcomes: list[Outcome]) -> None:
        if session.note is not None:
            session.note.settle(outcomes)

    # -- submits ---------------------------------------------------------------------------

    def _take(self, session: ServerSession, pdus: list[Pdu]) -> list[Answer] | None:
        carrier = self._carrier
        now = carrier.loop.time()
        wall = time.time()
        lost = carrier.faults.is_on("lose_answers", now)
        refusal = carrier.refuses_all(now)
        account: SmppAccount = session.note
        answers: list[Answer] = []
        first = self._answers.now_tick()
        carrier.begin_batch()
        for pdu in pdus:
            if pdu.command_id not in _SUBMITS:
                answers += self._answer_other(session, pdu, is_lost=lost)
                continue
            if refusal:
                answers.append((pdu.sequence, refusal, ""))
                continue
            if pdu.command_id == Command.submit_multi:
                answers += self._take_multi(session, pdu, wall, now, lost)
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

    def _answer_other(self, session: ServerSession, pdu: Pdu, *, is_lost: bool) -> list[Answer]:
        """Answers to what is no submit_sm; none where it is answered already."""
        if pdu.command_id not in _ENQUIRIES:
            return [(pdu.sequence, Status.ESME_RINVCMDID, "")]
        status, parameters = self._enquiries.answer(session.note, pdu)
        if status or is_lost or not parameters:
            return [(pdu.sequence, status, "")]
        session.answer_with(pdu.sequence, **parameters)
        return []

    def _take_multi(
        self, session: ServerSession, pdu: Pdu, wall: float, now: float, lost: bool
    ) -> list[Answer]:
        """One id for all; each destination has a fate and a receipt of its own (3.4, 4.5)."""
        carrier, places = self._carrier, pdu.fields["dest_address"]
        if any("dl_name" in place for place in places):
            return [(pdu.sequence, Status.ESME_RINVDLNAME, "")]  # there are no lists here
        ids, slowest = carrier.make_id(), 0
        refused: list[dict[str, Any]] = []
        taken: list[Taken] = []
        for place in places:
            fields = pdu.fields | {"destination_addr": place["destination_addr"]}
            one = Pdu(Command.submit_sm, 0, pdu.sequence, fields, pdu.tlvs)
            status, _id, ticks = self._take_one(session.note, one, wall, now, lost, given=ids)
            slowest = max(slowest, ticks)
            if status:
                error = {"error_status_code": status}
                refused.append({name: place[name] for name in _PLACE} | error)
            else:
                taken += carrier.memory.find(ids[0])
        if not taken:
            statuses = {one["error_status_code"] for one in refused}
            status = statuses.pop() if len(statuses) == 1 else Status.ESME_RSUBMITFAIL
            return [(pdu.sequence, status, "")]
        carrier.memory.young[ids[0]] = taken
        if lost:
            return [(pdu.sequence, 0, "")]
        self._answer_multi(slowest * ANSWER_TICK_S, session, pdu.sequence, ids[0], refused)
        return []

    def _answer_multi(
        self,
        delay_s: float,
        session: ServerSession,
        sequence: int,
        message_id: str,
        refused: list[dict[str, Any]],
    ) -> None:
        loop = self._carrier.loop
        is_late = self._carrier.faults.is_on("half_open", loop.time() + delay_s)
        if delay_s or is_late:
            arguments = (session, sequence, message_id, refused)
            loop.call_later(delay_s or 10 * ANSWER_TICK_S, self._answer_multi, 0.0, *arguments)
            return
        session.answer_with(sequence, message_id=message_id, unsuccess_sme=refused)

    def _take_one(
        self,
        account: SmppAccount,
        pdu: Pdu,
        wall: float,
        now: float,
        lost: bool,
        *,
        given: tuple[str, str] | None = None,
    ) -> tuple[int, str, int]:
        """Status, message id and ticks until the answer. `given`: the ids, if they are made."""
        fields = pdu.fields
        msisdn = fields["destination_addr"].lstrip("+")
        if fields["esm_class"] or pdu.tlvs:
            octets = pdu.message
            part = find_part(pdu)
        else:
            part, octets = None, fields.get("short_message", b"")
        carrier = self._carrier
        # Parts of one message share its fate, so the number of parts stands for the length.
        network, lot, fate = carrier.find_fate(msisdn, part.total if part else len(octets))
        coding = fields["data_coding"]
        segments = 1 if part or len(octets) <= ONE_SEGMENT else count_parts(octets, coding)
        if network.operator.limit and network.is_full(segments, now):
            return THROTTLED, "", fate.answer_ticks
        kept_ids = ids = ("", "") if fate.status else given or carrier.make_id()
        asked = fields["registered_delivery"] & _ASKED
        whole = None
        if part is not None and part.total > 1:
            whole = self._joins.add(account, fields, part, ids, wall=wall, asked=asked)
            if whole is None:
                return fate.status, ids[0], fate.answer_ticks
            octets = b"".join(whole.parts[number] for number in sorted(whole.parts))
            segments, asked, kept_ids = whole.total, whole.asked, whole.last_ids
        elif part is not None:
            octets = part.data
        if coding != 0 or octets.translate(None, SAME):
            octets = read_octets(octets, coding).encode("utf-8", "surrogatepass")
        taken = carrier.keep(
            account, msisdn, fields["source_addr"], kept_ids, octets, segments, fate, lot,
            taken_at=wall,
            answer="lost" if lost else "sent",
            asked=asked,
            coding=coding,
            service_type=fields["service_type"],
        )  # fmt: skip
        if whole is not None and taken is not None:
            self._joins.settle(whole, taken)
        return fate.status, ids[0], fate.answer_ticks

    def drop_parts(self) -> None:
        """Give up long messages that stayed incomplete for too long."""
        self._joins.give_up()

    def _answer_due(self, due: list[_Later]) -> None:
        if self._carrier.faults.is_on("half_open", self._carrier.loop.time()):
            self._answers.bucket(self._answers.now_tick() + 10).extend(due)
            return
        by_session: dict[ServerSession, list[Answer]] = {}
        for session, answer in due:
            by_session.setdefault(session, []).append(answer)
        for session, answers in by_session.items():
            session.answer(answers)

    @property
    def first_account(self) -> SmppAccount | None:
        """Who bound first; None if nobody has."""
        return next(iter(self._accounts.values()), None)

    # -- faults ----------------------------------------------------------------------------

    def drop_connections(self) -> int:
        """Cut every connection without a word; how many."""
        sessions = list(self._server.sessions)
        for session in sessions:
            session.drop()
        return len(sessions)

    def go_half_open(self) -> int:
        """Read and send nothing on the present connections while the fault is on; how many.

        Called again, as when the fault is made longer, it holds them all until its new end.
        """
        sessions = set(self._server.sessions)
        for session in sessions:
            session.pause_reading()
        self._held |= sessions
        for account in self._accounts.values():
            account.is_muted = True
        self._wake_at_its_end()
        return len(sessions)

    def _wake_at_its_end(self) -> None:
        if self._waker is not None:
            self._waker.cancel()
        loop = self._carrier.loop
        rest_s = self._carrier.faults.rest_s("half_open", loop.time())
        self._waker = loop.call_later(rest_s, self.wake_up)

    def wake_up(self) -> None:
        """Read and send again what waited. Without an earlier `go_half_open` nothing happens."""
        if self._waker is not None:
            self._waker.cancel()
            self._waker = None
        held, self._held = self._held, set()
        for session in held:
            session.resume_reading()
        for account in self._accounts.values():
            account.is_muted = False
            account.pump()

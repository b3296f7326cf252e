"""One SMPP session without sockets: octets in, events out; octets to send on request.

The owner feeds `receive_data`, calls `on_time` now and then, writes what `data_to_send` gives and
acts on the events. No octets, however broken, make it raise. Times are seconds of any steady
clock, always given by the owner.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from textwell.smpp.codec import HEADER, HEADER_SIZE, Header, encode, response_id
from textwell.smpp.commands import RESPONSE_BIT, Command, Status, status_name
from textwell.smpp.errors import DecodeError, NotBound
from textwell.smpp.events import (
    BindAnswered,
    BindRequested,
    Event,
    Malformed,
    MustClose,
    OutbindReceived,
    Outcomes,
    Responses,
    StateChanged,
    Stray,
)
from textwell.smpp.fast import decode_message_id
from textwell.smpp.intake import Intake
from textwell.smpp.owed import Owed
from textwell.smpp.partial import Partial
from textwell.smpp.pdu import Pdu
from textwell.smpp.pending import Pending, Single
from textwell.smpp.reading import read_frame, read_message_id
from textwell.smpp.replies import bare, knows_tlvs, malformed_reply, nack, wrong_state_reply
from textwell.smpp.session_config import SessionConfig
from textwell.smpp.states import AFTER_BIND, Side, State, may_send
from textwell.smpp.timers import Due, Timers

_BINDS: Final = frozenset(AFTER_BIND)


class Session:
    """The protocol of one connection, from either side."""

    def __init__(self, side: Side, config: SessionConfig, *, now: float) -> None:
        self.side = side
        self.config = config
        self.state = State.OPEN
        self.pending = Pending(config.first_sequence)
        self._batch_command = int(Command.submit_sm if side is Side.ESME else Command.deliver_sm)
        self._owed = Owed()
        self._out: list[bytes] = []
        self._partial = Partial()
        self._timers = Timers(config, now=now)
        self._leaving = False
        self._is_deciding = False  # SMSC side: a bind waits for `answer_bind`

    # -- what the owner asks ---------------------------------------------------------------

    @property
    def is_over(self) -> bool:
        """Nothing more is to be said or heard: unbound, closed, or framing lost."""
        return self.state in {State.UNBOUND, State.CLOSED}

    @property
    def room(self) -> int:
        """Requests that may be sent now without passing the window; 0 unless bound for them."""
        if not may_send(self.side, self.state, self._batch_command) or self._leaving:
            return 0
        return max(0, self.config.window - len(self.pending))

    @property
    def owed_count(self) -> int:
        """Requests of the peer not answered yet."""
        return len(self._owed)

    def data_to_send(self) -> bytes:
        """Octets to write now; asking again gives only what came since."""
        if not self._out:
            return b""
        data = b"".join(self._out)
        self._out.clear()
        return data

    # -- our requests ----------------------------------------------------------------------

    def bind(self, command: Command, *, now: float, **fields: Any) -> None:
        """Send bind_transmitter, bind_receiver or bind_transceiver with its parameters."""
        if command not in _BINDS:
            raise ValueError(f"command: {command.name} is no bind")
        self.request(Pdu(command, fields={"interface_version": 0x34, **fields}), None, now=now)

    def unbind(self, *, now: float) -> None:
        """Send unbind; no request leaves after it. Calling twice is safe."""
        if self.state.is_bound and not self._leaving:
            self.request(Pdu(Command.unbind), None, now=now)
            self._leaving = True

    def outbind(self, *, system_id: str, password: str, now: float) -> None:
        """SMSC side: ask the ESME to bind."""
        fields = {"system_id": system_id, "password": password}
        self.request(Pdu(Command.outbind, fields=fields), None, now=now)
        self.state = State.OUTBOUND

    def request(self, pdu: Pdu, token: object, *, now: float) -> int:
        """Send one request; its whole response comes in Responses with `token`. The sequence used.

        Raises NotBound where this PDU may not travel now, EncodeError for a bad value; nothing was
        written then. Not held by the window: a caller who minds asks `room` first.
        """
        if self._leaving or not may_send(self.side, self.state, pdu.command_id):
            raise NotBound(
                f"{pdu.command or hex(pdu.command_id)} may not be sent: {self.state.value}"
            )
        sequence = self.pending.next_sequence()
        self._out.append(encode(Pdu(pdu.command_id, 0, sequence, pdu.fields, pdu.tlvs)))
        if response_id(pdu.command_id) != Command.generic_nack:
            limit = self.config.response_timeout_s
            if pdu.command_id in _BINDS:
                limit = self.config.bind_timeout_s
            deadline = now + limit if limit is not None else float("inf")
            self.pending.singles[sequence] = Single(token, pdu.command_id, deadline)
        return sequence

    def request_batch(self, messages: Iterable[tuple[object, bytes]], *, now: float) -> int:
        """Send submit_sm (ESME) or deliver_sm (SMSC) bodies; how many were taken, at most `room`.

        Each message is (token, octets after the header). Outcomes come with the tokens.
        """
        limit = self.config.response_timeout_s
        deadline = now + limit if limit is not None else float("inf")
        self._timers.business_at = now
        return self.pending.write_batch(
            self._batch_command, messages, self.room, deadline, self._out
        )

    # -- our answers -----------------------------------------------------------------------

    def answer(self, answers: Iterable[tuple[int, int, str]]) -> int:
        """Answer requests of the peer by (sequence, status, message_id); how many were open.

        A sequence that is not open (answered before, connection changed) is passed over, so that
        calling twice is safe. `message_id` is ignored where the response has none.
        """
        return self._owed.write(answers, self._out)

    def answer_with(self, sequence: int, *, status: int = 0, **fields: Any) -> bool:
        """Answer one request with the parameters of its response; False if it was not open."""
        tlvs = fields.pop("tlvs", {})
        octets = self._owed.write_one(sequence, status, fields, tlvs)
        self._out.append(octets)
        return bool(octets)

    def answer_bind(self, pdu: Pdu, *, status: int = 0, system_id: str = "") -> list[Event]:
        """SMSC side: accept (status 0) or refuse the bind of a BindRequested event.

        Who binds as 3.3 or older is sent no TLV (SMPP 3.4 section 3.4).
        """
        self._is_deciding = False
        fields = {} if status else {"system_id": system_id}
        tlvs = {"sc_interface_version": 0x34} if not status and knows_tlvs(pdu) else {}
        answer = Pdu(pdu.command_id | RESPONSE_BIT, status, pdu.sequence, fields, tlvs)
        self._out.append(encode(answer))
        if status:
            return []
        self.state = AFTER_BIND[pdu.command_id]
        return [StateChanged(self.state)]

    def forget(self, sequences: Iterable[int]) -> None:
        """Leave requests of the peer without an answer, for good."""
        self._owed.forget(sequences)

    # -- what time does --------------------------------------------------------------------

    def on_time(self, now: float) -> list[Event]:
        """Act on what is due: answers given up, enquire_link, unbind, close."""
        events: list[Event] = []
        self._owed.expire(now)
        unknown, over = self.pending.expire(now)
        if unknown:
            events.append(Outcomes(unknown))
        for _, single in over:
            events += self._single_is_over(single)
        if any(isinstance(event, MustClose) for event in events):
            return events
        return events + self._watch(now)

    def _single_is_over(self, single: Single) -> list[Event]:
        if single.command_id in _BINDS:
            return self._close("no answer to the bind in time")
        if single.command_id == Command.unbind:
            return self._close("no answer to unbind in time")
        if single.command_id == Command.enquire_link and single.token is _OWN:
            if self._timers.has_heard_since(single.deadline):
                return []  # the peer spoke meanwhile: it lives
            return self._close("no answer to enquire_link in time")
        return [Responses([(single.token, None)])]

    def _watch(self, now: float) -> list[Event]:
        due = self._timers.find_due(
            now,
            state=self.state,
            partial_since=self._partial.since,
            is_leaving=self._leaving,
        )
        if due is Due.BIND:
            return self._close("not bound in time")
        if due is Due.FRAME:
            fact = "a PDU was begun and not finished in time"
            return self._lose_framing(fact, self._partial.octets)
        if due is Due.UNBIND:
            self.unbind(now=now)
        elif due is Due.ENQUIRE and not self._asked():
            self.request(Pdu(Command.enquire_link), _OWN, now=now)
        return []

    def _asked(self) -> bool:
        return any(one.command_id == Command.enquire_link for one in self.pending.singles.values())

    def connection_lost(self) -> list[Event]:
        """Everything in flight becomes UNKNOWN; the session is over. Calling twice is safe."""
        if self.state is State.CLOSED:
            return []
        self.state = State.CLOSED
        self._owed.clear()
        self._out.clear()
        self._partial.clear()
        unknown, singles = self.pending.give_up_all()
        events: list[Event] = [Outcomes(unknown)] if unknown else []
        waiting = [(one.token, None) for one in singles if one.token is not _OWN]
        if waiting:
            events.append(Responses(list(waiting)))
        return [*events, StateChanged(State.CLOSED)]

    # -- what the peer sends ---------------------------------------------------------------

    def receive_data(self, data: bytes, *, now: float) -> list[Event]:
        """Take what one read brought; events in the order in which the PDUs came."""
        if self.is_over:
            return []
        self._timers.received_at = now
        buffer = self._partial.join(data)
        intake = Intake()
        position, size = 0, len(buffer)
        take, expected = self.pending.bulk.pop, self._batch_command | RESPONSE_BIT
        unpack, max_pdu = HEADER.unpack_from, self.config.max_pdu
        while size - position >= HEADER_SIZE:
            length, command_id, status, sequence = unpack(buffer, position)
            if not HEADER_SIZE <= length <= max_pdu:
                intake.flush()
                fact = f"command_length: {length} is outside of {HEADER_SIZE} to {max_pdu}"
                return intake.events + self._lose_framing(fact, buffer[position : position + 16])
            end = position + length
            if end > size:
                break
            if command_id == expected and (token := take(sequence, _ABSENT)) is not _ABSENT:
                message_id = decode_message_id(buffer, position + HEADER_SIZE, end)
                if message_id is None:
                    message_id = self._odd_message_id(buffer[position:end], intake)
                intake.outcomes.append((token, status, message_id))
            else:
                header = Header(length, command_id, status, sequence)
                self._take(header, buffer[position:end], intake)
                if intake.is_last:
                    position = end
                    break
            position = end
        self._partial.keep(buffer, position, now)
        intake.flush()
        if intake.has_business:
            self._timers.business_at = now
        return intake.events

    def _odd_message_id(self, frame: bytes, intake: Intake) -> str:
        try:
            return read_message_id(frame, strict=self.config.strict)
        except DecodeError as error:
            intake.add(Malformed(error.status, str(error), frame[:HEADER_SIZE]))
            return ""

    def _take(self, header: Header, frame: bytes, intake: Intake) -> None:
        """One PDU that is not an expected bulk response."""
        command_id = header.command_id
        try:
            pdu = read_frame(header, frame, strict=self.config.strict)
        except DecodeError as error:
            intake.add(Malformed(error.status, str(error), frame[:HEADER_SIZE]))
            self._out.append(malformed_reply(header, error))
            if command_id < RESPONSE_BIT or error.status == Status.ESME_RINVCMDID:
                return
            # Its status was readable, and whoever waits for it is told that much.
            pdu = Pdu(command_id, header.status, header.sequence)
        if command_id >= RESPONSE_BIT:
            self._take_response(pdu, intake)
        else:
            self._take_request(pdu, intake)

    def _take_request(self, pdu: Pdu, intake: Intake) -> None:
        command_id, sequence = pdu.command_id, pdu.sequence
        other = Side.SMSC if self.side is Side.ESME else Side.ESME
        if not may_send(other, self.state, command_id) or (
            self._is_deciding and command_id in _BINDS
        ):
            is_bound = self.state.is_bound or self._is_deciding
            self._out.append(wrong_state_reply(pdu, is_bound=is_bound))
        elif command_id == Command.enquire_link:
            self._out.append(bare(Command.enquire_link_resp, 0, sequence))
        elif command_id == Command.unbind:
            self._out.append(bare(Command.unbind_resp, 0, sequence))
            self.state = State.UNBOUND
            intake.add(StateChanged(State.UNBOUND))
            intake.add(MustClose("the peer unbound"))
        elif command_id in _BINDS:
            self._is_deciding = True
            intake.add(BindRequested(pdu))
        elif command_id == Command.outbind:
            self.state = State.OUTBOUND
            intake.add(OutbindReceived(pdu.fields["system_id"], pdu.fields["password"]))
        else:
            self._owed.add(command_id, sequence, self._timers.received_at)
            intake.requests.append(pdu)

    def _take_response(self, pdu: Pdu, intake: Intake) -> None:
        sequence, command_id = pdu.sequence, pdu.command_id
        is_nack = command_id == Command.generic_nack
        single = self.pending.singles.get(sequence)
        if single is not None and (is_nack or command_id == single.command_id | RESPONSE_BIT):
            del self.pending.singles[sequence]
            self._take_single(single, pdu, intake)
        elif is_nack and sequence in self.pending.bulk:
            # A nack with status 0 is nonsense, but it is surely no acceptance.
            status = pdu.status or int(Status.ESME_RUNKNOWNERR)
            intake.outcomes.append((self.pending.bulk.pop(sequence), status, ""))
        elif command_id == self._batch_command | RESPONSE_BIT and (
            late := self.pending.take_late(sequence)
        ):
            message_id = pdu.fields.get("message_id", "")
            intake.add(Outcomes([(late[0], pdu.status, message_id)], late=True))
        else:
            intake.add(Stray(pdu))

    def _take_single(self, single: Single, pdu: Pdu, intake: Intake) -> None:
        if single.command_id in _BINDS:
            status = pdu.status
            if pdu.command_id == Command.generic_nack:
                status = status or int(Status.ESME_RBINDFAIL)
            if status == 0:
                self.state = AFTER_BIND[single.command_id]
                intake.add(StateChanged(self.state))
            intake.add(BindAnswered(status, pdu.fields.get("system_id", "")))
        elif single.command_id == Command.unbind:
            self.state = State.UNBOUND
            intake.add(StateChanged(State.UNBOUND))
            intake.add(MustClose("unbound"))
        elif single.token is not _OWN:
            intake.add(Responses([(single.token, pdu)]))

    # -- ends ------------------------------------------------------------------------------

    def _lose_framing(self, fact: str, octets: bytes) -> list[Event]:
        """Where the next PDU begins is not known any more: say so and close."""
        sequence = HEADER.unpack_from(octets)[3] if len(octets) >= HEADER_SIZE else 0
        self._out.append(nack(Status.ESME_RINVCMDLEN, sequence))
        malformed = Malformed(Status.ESME_RINVCMDLEN, fact, octets[:HEADER_SIZE])
        return [malformed, *self._close(status_name(Status.ESME_RINVCMDLEN))]

    def _close(self, reason: str) -> list[Event]:
        self.state = State.UNBOUND
        self._partial.clear()
        return [StateChanged(State.UNBOUND), MustClose(reason)]


_OWN: Final = object()  # token of requests that the session makes for itself
_ABSENT: Final = object()

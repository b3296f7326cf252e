"""From a composed window to the carrier: as fast as rate and room allow, after a last look.

Who revoked, what expired and what was stopped since its window was marked is left out here.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime
from itertools import chain

import structlog

from textwell.gateways.providers.base import Connection, GatewaySpec
from textwell.messaging.law import judge_hours
from textwell.messaging.purposes import binding_suppression
from textwell.runtime.connector.again import Again
from textwell.runtime.connector.ledger import DATABASE_ERRORS, Ledger
from textwell.runtime.connector.link import LinkKeeper
from textwell.runtime.connector.rate import SegmentRate, take_all
from textwell.runtime.connector.settle import Settler
from textwell.runtime.connector.window import Pending, own_rates
from textwell.smpp.recent import Recent

log = structlog.get_logger()

GiveWay = Callable[[str], Awaitable[None]]  # is told the lane that is about to go

STALE_S = 1.0  # facts older than this are asked again before the hand-off
# Who is forgotten here is asked for in the ledger, which knows long before that. Nobody is forgotten
# sooner, however many they are: a bound in count would let a text go to one who said STOP.
REVOKED_KEPT_S = 600.0
NEVER = float("-inf")
HEARD_HOLD_S = 5.0  # until then the STOP that was heard is recorded, as a rule; else we hold again

# What becomes of a marked message that a second look keeps back: outcome and reason. All else skips it.
_WITHDRAWN = {
    "canceled": ("canceled", ""),
    "stopped": ("held", "stopped"),
    "paused": ("held", "paused"),
}


class HandOff:
    """Submits messages of one gateway; `is_stopped` is the red button of its workspace."""

    def __init__(
        self,
        *,
        spec: GatewaySpec,
        connection: Connection,
        link: LinkKeeper,
        ledger: Ledger,
        settler: Settler,
        again: Again,
        submit: Callable[[list[Pending]], None],
        stopping: asyncio.Event,
    ) -> None:
        self._connection = connection
        self._link = link
        self._ledger = ledger
        self._settler = settler
        self._again = again
        self._submit = submit
        self._stopping = stopping
        self._rate = SegmentRate(spec.segments_per_second)
        self._sender_rates = {sender: SegmentRate(rate) for sender, rate in own_rates(spec).items()}
        self._revoked: Recent[int, str] = Recent(most=None, age_s=REVOKED_KEPT_S)
        # Monotonic times: when a STOP was heard, when we were told of an opt-out, and of which one a
        # new consent was the end (NEVER: of none). What ends a STOP is kept for as long as any STOP.
        self._heard: Recent[str, float] = Recent(most=None, age_s=REVOKED_KEPT_S)
        self._opted_out: Recent[int, float] = Recent(most=None, age_s=2 * REVOKED_KEPT_S)
        self._lifted: Recent[int, float] = Recent(most=None, age_s=2 * REVOKED_KEPT_S)
        self._lift_count = 0
        self.is_stopped = False

    async def send(self, messages: list[Pending], *, give_way: GiveWay | None = None) -> None:
        """Submit a window, as the rate and the carrier's room allow.

        Before each part `give_way` is told the lane.

        What is left when this connector stops, is cancelled or refused waits to be sent again: not
        a byte of it left.
        """
        # The first one's mark speaks for all: they were marked together.
        marked_at = messages[0].window.marked_at if messages else 0.0
        await self._send(messages, asked_at=marked_at, give_way=give_way)

    async def _send(
        self,
        messages: list[Pending],
        *,
        asked_at: float,
        give_way: GiveWay | None = None,
    ) -> None:
        """As `send`; the ledger was asked about them at that monotonic time."""
        messages, position = [*messages], 0
        try:
            while position < len(messages):
                if give_way is not None:
                    await give_way(messages[position].window.batch.lane)
                if not self._link.is_up.is_set() or not self._connection.room():
                    await self._wait_for_room()
                    if not self._link.is_up.is_set():
                        return  # we leave, or the carrier will not have us
                    continue
                if time.monotonic() - asked_at > STALE_S:
                    asked_at = time.monotonic()
                    messages[position:] = await self._ask_again(messages[position:])
                part, delay = self._take_part(messages, position, self._connection.room())
                taken_count = len(part)
                part = await self._ask_lifted(messages, position, part)
                fit = self._still_fit(part)
                position += len(part)
                if fit:
                    self._submit(fit)
                if len(fit) < taken_count and position < len(messages):
                    # A decision about one is often one about all: they hear of it before their turn.
                    messages[position:] = await self._ask_again(messages[position:])
                if delay or position < len(messages):
                    await asyncio.sleep(delay)
        finally:
            for pending in messages[position:]:
                self._again.add(pending)

    async def send_again(
        self, limit: int, *, above: str = "", give_way: GiveWay | None = None
    ) -> None:
        """Submit again what the carrier would not take then, or what never left; the urgent first.

        `above`: only what is of lanes above this one.
        """
        groups = self._again.take_due(limit, above=above)
        try:
            while groups:
                asked_at = time.monotonic()
                fit = await self._ask_again(groups[0])
                del groups[0]
                await self._send(fit, asked_at=asked_at, give_way=give_way)
        finally:
            for pending in chain.from_iterable(groups):
                self._again.add(pending)

    def revoke(self, contact_ids: Iterable[int], reason: str) -> None:
        """These people opted out or were suppressed: nothing more is handed off to them, marked or not."""
        now = time.monotonic()
        for contact_id in contact_ids:
            self._revoked.put(contact_id, reason, now)
            if reason == "opted_out":
                self._opted_out.put(contact_id, now, now)

    def unrevoke(self, contact_ids: Iterable[int], reason: str) -> None:
        """What `revoke` said for this reason was over a moment ago: their numbers free, or they agreed anew.

        This may come later than the word that it holds again: the ledger is asked before anything
        goes to one of them.
        """
        now = time.monotonic()
        self._lift_count += 1
        for contact_id in contact_ids:
            ended_at = self._lifted.get(contact_id, NEVER)
            if reason == "opted_out":
                ended_at = self._opted_out.get(contact_id, ended_at)
            self._lifted.put(contact_id, ended_at, now)
            if self._revoked.get(contact_id) == reason:
                self._revoked.pop(contact_id)

    def doubt(self, contact_ids: Iterable[int]) -> None:
        """What we knew of these people may be over: the ledger is asked before anything goes to them."""
        self.unrevoke(contact_ids, "")

    def hear_stop(self, msisdns: Iterable[str]) -> None:
        """These numbers said STOP just now. They are held back until it is recorded who they are.

        Who agrees anew after that record is held back no longer.
        """
        now = time.monotonic()
        for msisdn in msisdns:
            self._heard.put(msisdn, now, now)

    def withdraw(self, outcome: str, reason: str, *, campaign_id: int | None = None) -> None:
        """End the wait of all messages to be sent again, or of one campaign's."""
        for pending in self._again.take_if(
            lambda p: campaign_id in {None, p.window.batch.campaign_id}
        ):
            self._settler.withdrawn(pending, outcome, reason)

    def _take_part(
        self, messages: list[Pending], position: int, room: int
    ) -> tuple[list[Pending], float]:
        """As many of the next messages as room and rate allow, and the wait for the next one."""
        part = messages[position : position + room]
        if not self._sender_rates:
            count, delay = self._rate.take_some([pending.segment_count for pending in part])
            return part[:count], delay
        return self._take_by_sender(part)

    def _take_by_sender(self, messages: list[Pending]) -> tuple[list[Pending], float]:
        part: list[Pending] = []
        for pending in messages:
            rates = [self._rate]
            if (own := self._sender_rates.get(pending.handoff.sender)) is not None:
                rates.append(own)
            delay = take_all(rates, pending.segment_count)
            if delay:
                return part, delay
            part.append(pending)
        return part, 0.0

    async def _wait_for_room(self) -> None:
        if self._link.is_up.is_set():
            await self._connection.wait_for_room()
        await self.wait_for_link()

    async def wait_for_link(self, *, is_patient: bool = False) -> None:
        """Return when the link is up, the carrier refuses us, or this connector is to stop.

        `is_patient`: through a refusal as well.
        """
        if self._link.is_up.is_set():
            return
        events = [self._stopping, self._link.is_up]
        if not is_patient:
            events.append(self._link.is_refused)
        waits = [asyncio.create_task(event.wait()) for event in events]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()

    async def _ask_lifted(
        self, messages: list[Pending], position: int, part: list[Pending]
    ) -> list[Pending]:
        """The ledger's word on who was freed a moment ago, among the part that is next in `messages`.

        Whom it keeps back is settled, and no longer in `messages`: a wait may be cancelled.
        """
        self._lifted.expire(time.monotonic())
        while self._lifted and any(p.contact_id in self._lifted for p in part):
            lift_count = self._lift_count
            fit = await self._ask_again(part)
            messages[position : position + len(part)] = fit
            part = fit
            if lift_count == self._lift_count:
                break  # else a lift made us forget what came after the answer
        return part

    def _still_fit(self, messages: list[Pending]) -> list[Pending]:
        """Leave out who revoked, what expired and what was stopped since the window was marked.

        The ledger was asked before: what we heard while we waited for it counts.
        """
        fit = messages
        if self.is_stopped:
            for pending in fit:
                self._settler.withdrawn(pending, "held", "stopped")
            return []
        now = time.time()
        self._revoked.expire(time.monotonic())
        self._heard.expire(time.monotonic())
        self._opted_out.expire(time.monotonic())
        if any(p.expires_at is not None and p.expires_at <= now for p in fit):
            fit = self._keep(
                fit, lambda p: p.expires_at is None or p.expires_at > now, "expired", "expired"
            )
        if any(p.place is not None for p in fit):
            fit = self._keep_lawful(fit)
        if self._revoked:
            fit = self._keep_unrevoked(fit)
        if self._heard:
            fit = self._keep(fit, self._is_unheard, "held", "stop_heard")
        return fit

    def _keep_lawful(self, messages: list[Pending]) -> list[Pending]:
        """Hold whose hour is over by now: a window waits for its rate, its room or its link."""
        at = datetime.now(UTC)
        kept = []
        for pending in messages:
            if pending.place is None:
                kept.append(pending)
                continue
            law = judge_hours(pending.place, at, pending.window.batch.content.law_layer)
            if not law.reason:
                kept.append(pending)
            elif law.lawful_at is None:
                self._settler.withdrawn(pending, "skipped", law.reason)
            else:
                hold_s = (law.lawful_at - at).total_seconds()
                self._settler.withdrawn(pending, "held", law.reason, hold_s=hold_s)
        return kept

    def _keep_unrevoked(self, messages: list[Pending]) -> list[Pending]:
        kept = []
        for pending in messages:
            told = self._revoked.get(pending.contact_id)
            reason = binding_suppression(pending.window.batch.content.purpose, told or "")
            if not reason:
                kept.append(pending)
            else:
                self._settler.withdrawn(pending, "skipped", reason)
        return kept

    def _is_unheard(self, pending: Pending) -> bool:
        """Whether no STOP holds it: none was heard, or it was recorded and a new consent ended it.

        A consent alone may be older than the STOP and told late: the opt-out must have come between.
        `_ask_lifted` has the word of the ledger since about everybody in `_lifted`.
        """
        heard_at = self._heard.get(pending.handoff.msisdn)
        if heard_at is None or not pending.window.batch.content.is_marketing:
            return True
        return heard_at < self._lifted.get(pending.contact_id, NEVER)

    def _keep(
        self, messages: list[Pending], is_fit: Callable[[Pending], bool], outcome: str, reason: str
    ) -> list[Pending]:
        kept = []
        for pending in messages:
            if is_fit(pending):
                kept.append(pending)
            else:
                self._settler.withdrawn(pending, outcome, reason, hold_s=HEARD_HOLD_S)
        return kept

    async def _ask_again(self, messages: list[Pending]) -> list[Pending]:
        ids = [pending.handoff.message_id for pending in messages]
        while True:
            try:
                reasons = await self._ledger.withdrawn(ids, messages[0].window.batch.content)
                break
            except DATABASE_ERRORS as error:  # fail closed: no facts, no hand-off
                log.warning("hand-off waits for the database", error=str(error))
                await asyncio.sleep(0.5)
        fit = []
        for pending in messages:
            why = reasons.get(pending.handoff.message_id)
            if why is None:
                fit.append(pending)
            else:
                self._settler.withdrawn(pending, *_WITHDRAWN.get(why, ("skipped", why)))
        return fit

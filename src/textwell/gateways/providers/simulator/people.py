"""People behind the numbers: who clicks, who replies and what, decided by the number alone.

Tastes are hidden: nobody outside sees them but by what people do. All of it follows from the lot of
(seed, number, length of text), so a rerun meets the same people.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urlsplit

from textwell.gateways.providers.simulator.script import People, Range
from textwell.gateways.providers.simulator.words import (
    TASTES,
    language_of,
    pick_reply,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from textwell.gateways.providers.simulator.carrier import Account

_UNIT: Final = 1 << 16
_URL: Final = re.compile(r"https?://[^\s<>\"]+", re.ASCII)
_LIKED: Final = 2.0  # how much likelier than the mean a text to one's taste is clicked
_INTENTS: Final = ("stop", "question", "thanks")


@dataclass(frozen=True, slots=True)
class Reply:
    delay_s: float
    intent: str
    text: str


@dataclass(frozen=True, slots=True)
class Visit:
    """A link opened: `kind` human or machine; `lot` picks browser and headers."""

    delay_s: float
    kind: str
    url: str
    lot: int


class Plan(NamedTuple):
    """What one person will do once the text is there."""

    visits: tuple[Visit, ...]
    reply: Reply | None


class Crowd:
    """Everyone. `visit(msisdn, visit)` and `say(account, msisdn, recipient, reply)` act it out."""

    def __init__(
        self,
        people: People,
        *,
        speed: float,
        call_later: Callable[..., object],
        visit: Callable[[str, Visit], None],
        say: Callable[[Account, str, str, Reply], None],
    ) -> None:
        self._people = people
        self._speed = speed
        self._call_later = call_later
        self._visit = visit
        self._say = say
        shares = (people.stop_share, people.question_share, people.thanks_share)
        self._reply_below = int(sum(shares) * _UNIT)
        self._intent_below = [int(sum(shares[: n + 1]) * _UNIT) for n in range(len(shares))]
        self._click_below = int(people.click_share * _LIKED * _UNIT)
        self._preview_below = int(people.preview_share * _UNIT)

    def plan(self, lot: int, msisdn: str, text: bytes) -> Plan | None:
        """What this person will do with this text (UTF-8); None for nothing, as most do."""
        if habit := self._people.always.get(msisdn):
            return self._plan_habit(habit, lot, msisdn, text)
        click, preview, reply = lot >> 48, lot >> 32 & 0xFFFF, lot >> 16 & 0xFFFF
        # The middle bits chose the fate already: turn them, or those who reply would share one.
        preview, reply = (preview * 40503 + 7) & 0xFFFF, (reply * 30011 + 3) & 0xFFFF
        may_visit = click < self._click_below or preview < self._preview_below
        if not may_visit and reply >= self._reply_below:
            return None
        words = text.decode("utf-8", "replace")
        visits = self._plan_visits(lot, msisdn, words) if may_visit else ()
        answer = self._plan_reply(lot, reply, msisdn) if reply < self._reply_below else None
        return Plan(visits, answer) if visits or answer else None

    def _plan_habit(self, habit: str, lot: int, msisdn: str, text: bytes) -> Plan | None:
        if habit != "click":
            return Plan((), self._reply(habit, lot, msisdn))
        url = self._find_link(text.decode("utf-8", "replace"))
        if url is None:
            return None
        return Plan((Visit(self._delay(self._people.click_delay, lot), "human", url, lot),), None)

    def _find_link(self, words: str) -> str | None:
        """The first link, if it leads to one of the hosts that may be opened."""
        found = _URL.search(words)
        url = found.group().rstrip(".,;:!?)") if found else ""
        return url if urlsplit(url).hostname in self._people.link_hosts else None

    def _plan_visits(self, lot: int, msisdn: str, words: str) -> tuple[Visit, ...]:
        url = self._find_link(words)
        if url is None:
            return ()
        visits = []
        preview = ((lot >> 32 & 0xFFFF) * 40503 + 7) & 0xFFFF
        if preview < self._preview_below:
            visits.append(Visit(self._delay(Range(0.2, 2.0), lot >> 5), "machine", url, lot >> 7))
        # One in four likes what this text is about, if it is about anything.
        taste = TASTES[int(msisdn[-3:] or 0) % len(TASTES)]
        share = self._click_below if taste.search(words) else self._click_below // 2
        if lot >> 48 < share:
            delay = self._delay(self._people.click_delay, lot >> 3)
            visits.append(Visit(delay, "human", url, lot >> 9))
        return tuple(visits)

    def _plan_reply(self, lot: int, draw: int, msisdn: str) -> Reply:
        intent = next(
            word for word, below in zip(_INTENTS, self._intent_below, strict=True) if draw < below
        )
        return self._reply(intent, lot, msisdn)

    def _reply(self, intent: str, lot: int, msisdn: str) -> Reply:
        text = pick_reply(intent, language_of(msisdn), lot >> 11)
        return Reply(self._delay(self._people.reply_delay, lot >> 13), intent, text)

    def _delay(self, span: Range, draw: int) -> float:
        # Squared: most act soon, a few much later.
        return (span.low + (span.high - span.low) * ((draw & 0xFFFF) / _UNIT) ** 2) / self._speed

    def act(self, plan: Plan, account: Account, msisdn: str, recipient: str) -> None:
        """The text is there: set what the person does."""
        for visit in plan.visits:
            self._call_later(visit.delay_s, self._visit, msisdn, visit)
        names = self._people.reply_to_names or recipient.lstrip("+").isdigit()
        if plan.reply is not None and names:
            self._call_later(plan.reply.delay_s, self._say, account, msisdn, recipient, plan.reply)

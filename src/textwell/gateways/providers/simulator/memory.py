"""What the carrier remembers of the messages it took, so that it can be asked about them.

The youngest are kept, twenty thousand at the least; the older half goes all at once, which
costs the same however many there are.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import msgspec

if TYPE_CHECKING:
    from textwell.gateways.providers.simulator.carrier import Account
    from textwell.gateways.providers.simulator.people import Plan

GENERATION: Final = 20_000


class Taken(msgspec.Struct, gc=False):
    """A message that the carrier accepted.

    `receipt_id` is its id as receipts say it; `asked` which receipts were asked for (the two low
    bits of registered_delivery); `plan` what the person will do. From `end_tick` of the carrier's
    wheel on its state is `stat` with `err`, before it the message is on its way.
    """

    account: Account
    msisdn: str
    sender: str
    receipt_id: str
    taken_at: float
    asked: int
    plan: Plan | None
    end_tick: int
    stat: str
    err: str
    coding: int = 0
    service_type: str = ""
    is_canceled: bool = False


class Memory:
    """Messages by the id that was answered; a list where one id went to many destinations."""

    def __init__(self, generation: int = GENERATION) -> None:
        self._generation = generation
        self._old: dict[str, Taken | list[Taken]] = {}
        self.young: dict[str, Taken | list[Taken]] = {}

    def __len__(self) -> int:
        return len(self.young) + len(self._old)

    def age(self) -> None:
        """Forget the older half if the younger is full; to be called now and then."""
        if len(self.young) >= self._generation:
            self._old, self.young = self.young, {}

    def find(self, message_id: str) -> list[Taken]:
        """The messages of this id, one for each destination; none if it is not known (any more)."""
        found = self.young.get(message_id) or self._old.get(message_id)
        if found is None:
            return []
        return found if isinstance(found, list) else [found]

    def __iter__(self) -> Iterator[Taken]:
        """Every message, the oldest first; one with several ids comes several times."""
        for generation in (self._old, self.young):
            for known in generation.values():
                yield from known if isinstance(known, list) else (known,)

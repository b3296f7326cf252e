"""Long messages on their way in: parts by reference, until the whole is there or given up."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Final

from textwell.gateways.providers.simulator.carrier import Account, Carrier
from textwell.gateways.providers.simulator.fates import NEVER
from textwell.gateways.providers.simulator.memory import Taken
from textwell.smpp.long_messages import Part

PARTS_LAST_S: Final = 30.0


@dataclass(slots=True)
class Long:
    """A long message. `taken` stands for it until it is whole; `ids` are those of its parts."""

    since: float
    total: int
    taken: Taken
    parts: dict[int, bytes] = field(default_factory=dict)
    ids: list[str] = field(default_factory=list)
    asked: int = 0
    last_ids: tuple[str, str] = ("", "")


class Joins:
    """The long messages of all accounts."""

    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier
        self._long: dict[tuple[str, str, int], Long] = {}

    def add(
        self,
        account: Account,
        fields: dict[str, str],
        part: Part,
        ids: tuple[str, str],
        *,
        wall: float,
        asked: int,
    ) -> Long | None:
        """The whole message if this was its last missing part. A part said again counts once."""
        key = (fields["source_addr"], fields["destination_addr"], part.reference)
        known = self._long.get(key)
        if known is None or known.total != part.total or wall - known.since > PARTS_LAST_S:
            msisdn = key[1].lstrip("+")
            taken = Taken(account, msisdn, key[0], ids[1], wall, asked, None, NEVER, "", "")
            known = self._long[key] = Long(wall, part.total, taken)
        known.parts[part.number] = part.data
        if ids[0]:
            known.ids.append(ids[0])
            self._carrier.memory.young[ids[0]] = known.taken
        if asked:
            known.asked = asked
        if asked or not known.last_ids[0]:
            known.last_ids = ids
        if len(known.parts) < known.total:
            return None
        del self._long[key]
        return known

    def settle(self, long: Long, taken: Taken) -> None:
        """The whole is taken: the ids of all its parts mean it from now on."""
        for message_id in long.ids:
            self._carrier.memory.young[message_id] = taken

    def give_up(self, *, older_than_s: float = PARTS_LAST_S) -> None:
        """Give up what stayed incomplete: it expires, and the log says so."""
        now, carrier = time.time(), self._carrier
        for key, one in list(self._long.items()):
            if now - one.since < older_than_s:
                continue
            del self._long[key]
            one.taken.end_tick, one.taken.stat, one.taken.err = carrier.now_tick(), "EXPIRED", "000"
            carrier.log.extend(
                [f"P\t{int(now * 1000)}\t+{key[1]}\t{key[0]}\t{len(one.parts)}\t{one.total}\n"]
            )

"""query_sm, cancel_sm and replace_sm, answered from what the carrier remembers (3.4, 4.8 to 4.10).

An account sees its own messages only, and must name the source address it sent them from. What has
reached its end can be neither canceled nor replaced.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any, Final

from textwell.gateways.providers.simulator.carrier import Account, Carrier
from textwell.gateways.providers.simulator.fates import NEVER
from textwell.gateways.providers.simulator.memory import Taken
from textwell.gateways.providers.simulator.texts import read_octets
from textwell.smpp.commands import Command, MessageState, Status
from textwell.smpp.pdu import Pdu
from textwell.smpp.plain_receipts import STATES

_MOST_ERROR: Final = 255  # error_code is one octet; the err of a receipt may be more


class Enquiries:
    """Status and parameters of the answer to each."""

    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier

    def answer(self, account: Account, pdu: Pdu) -> tuple[int, dict[str, Any]]:
        """Raises KeyError for a command that is none of the three."""
        commands = {
            Command.query_sm: self._query,
            Command.cancel_sm: self._cancel,
            Command.replace_sm: self._replace,
        }
        return commands[Command(pdu.command_id)](account, pdu.fields)

    def _find(
        self, account: Account, fields: dict[str, Any], refusal: int
    ) -> tuple[int, list[Taken]]:
        known = [
            taken
            for taken in self._carrier.memory.find(fields["message_id"])
            if taken.account is account
        ]
        if not known:
            return Status.ESME_RINVMSGID, []
        found = [taken for taken in known if taken.sender == fields["source_addr"]]
        return (Status.ESME_ROK, found) if found else (refusal, [])

    def _query(self, account: Account, fields: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        status, found = self._find(account, fields, Status.ESME_RQUERYFAIL)
        if status:
            return status, {}
        now = self._carrier.now_tick()
        # For many destinations: on its way while one is, then the first that failed.
        ranked = sorted(found, key=lambda one: (one.end_tick <= now, one.stat == "DELIVRD"))
        return status, {"message_id": fields["message_id"], **self._describe(ranked[0], now)}

    def _describe(self, taken: Taken, now: int) -> dict[str, Any]:
        if taken.end_tick > now:
            return {"final_date": "", "message_state": MessageState.ENROUTE, "error_code": 0}
        at = time.time() - (now - taken.end_tick) * self._carrier.tick_s
        date = f"{time.strftime('%y%m%d%H%M%S', time.gmtime(at))}{int(at * 10) % 10}00+"
        error = min(int(taken.err), _MOST_ERROR) if taken.err.isdecimal() else 0
        return {"final_date": date, "message_state": STATES[taken.stat], "error_code": error}

    def _cancel(self, account: Account, fields: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        status, found = int(Status.ESME_ROK), self._find_all(account, fields)
        if fields["message_id"]:
            status, found = self._find(account, fields, Status.ESME_RCANCELFAIL)
        if status:
            return status, {}
        to = fields["destination_addr"].lstrip("+")
        waiting = self._waiting(one for one in found if to in {"", one.msisdn})
        for taken in waiting:
            self._carrier.cancel(taken)
        return (Status.ESME_ROK if waiting else Status.ESME_RCANCELFAIL), {}

    def _find_all(self, account: Account, fields: dict[str, Any]) -> list[Taken]:
        """Without an id: all from this source to this destination, of this service if one is named."""
        if fields["message_id"] or not fields["destination_addr"]:
            return []
        return [
            taken
            for taken in self._carrier.memory
            if taken.account is account
            and taken.sender == fields["source_addr"]
            and fields["service_type"] in {"", taken.service_type}
        ]

    def _replace(self, account: Account, fields: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        status, found = self._find(account, fields, Status.ESME_RREPLACEFAIL)
        if status:
            return status, {}
        waiting = self._waiting(found)
        for taken in waiting:
            text = read_octets(fields["short_message"], taken.coding)
            self._carrier.replace(taken, text, asked=fields["registered_delivery"] & 3)
        return (Status.ESME_ROK if waiting else Status.ESME_RREPLACEFAIL), {}

    def _waiting(self, found: Iterable[Taken]) -> list[Taken]:
        """Those that are whole and still on their way, each once."""
        now = self._carrier.now_tick()
        return list({id(one): one for one in found if now < one.end_tick < NEVER}.values())

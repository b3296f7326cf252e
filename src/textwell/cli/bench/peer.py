"""The peer of the exchange alone: smpplib, where it is installed by hand (`pip install smpplib`)."""

import importlib
import importlib.util
import threading
import time
from typing import Any

from textwell.cli.bench.bare import exchange_bare
from textwell.cli.bench.figures import LegResult
from textwell.cli.bench.pairs import run_pairs

WINDOW = 100
PATIENCE_S = 60.0
SHORT = (
    20  # times fewer messages for the slower one: it is given as many seconds, not as many texts
)


def has_smpplib() -> bool:
    return importlib.util.find_spec("smpplib") is not None


class SmpplibExchange:
    """As its documentation has it: one thread sends, one listens; at most WINDOW without an answer."""

    def __init__(self, port: int) -> None:
        smpplib: Any = importlib.import_module("smpplib.client")  # no types, and often not there
        self._client = smpplib.Client("127.0.0.1", port, allow_unknown_opt_params=True)
        self._room = threading.Semaphore(WINDOW)
        self.accepted = self.receipts = 0

    def run(self, people: int) -> float:
        """Messages a second to the last answer."""
        client = self._client
        client.set_message_sent_handler(self._on_sent)
        client.set_message_received_handler(self._on_receipt)
        client.connect()
        client.bind_transceiver(system_id="peer", password="")
        threading.Thread(target=client.listen, daemon=True).start()
        started = time.perf_counter()
        for number in range(people):
            self._room.acquire()
            client.send_message(
                source_addr_ton=5,
                source_addr="LOTUS",
                dest_addr_ton=1,
                dest_addr_npi=1,
                destination_addr=f"8490{number * 7919 % 10_000_000:07d}",
                short_message=f"Lotus: your {number:>7} points are worth 20% off".encode(),
                registered_delivery=1,
            )
        until = time.monotonic() + PATIENCE_S
        while self.accepted < people and time.monotonic() < until:
            time.sleep(0.001)
        return self.accepted / (time.perf_counter() - started)

    def _on_sent(self, pdu: Any) -> None:
        self.accepted += pdu.status == 0
        self._room.release()

    def _on_receipt(self, _pdu: Any) -> int:
        self.receipts += 1
        return 0


def run_exchange(port: int, people: int, rounds: int) -> LegResult:
    """Our client and theirs with the same carrier; nothing is stored by either."""
    faults: list[str] = []
    short = max(1_000, people // SHORT)

    def ours() -> float:
        rates = exchange_bare(port, people, window=WINDOW)
        if rates.fault:
            faults.append(rates.fault)
        return rates.handed

    def theirs() -> float:
        exchange = SmpplibExchange(port)
        rate = exchange.run(short)
        if exchange.accepted != short:
            faults.append(f"smpplib: {exchange.accepted} accepted of {short}")
        return rate

    pairs = run_pairs(ours, theirs, rounds)
    return LegResult(
        leg="smpplib",
        what=f"the SMPP exchange alone by Textwell's client, window {WINDOW}",
        twin=f"smpplib with threads, window {WINDOW}, the same carrier; {short:,} a round",
        unit="messages/s to the last answer",
        pairs=pairs,
        entry="texts in memory",
        durability="nothing is stored by either",
        count=people,
        void="; ".join(faults),
    )

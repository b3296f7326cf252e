"""The faults of a drill, by name, and the seeded order in which they come."""

import os
import random
import signal
import time
import urllib.request
from contextlib import suppress

import orjson

from textwell.cli.demo.play import Carrier
from textwell.runtime.stores import Stores
from textwell.runtime.supervisor import Supervisor

# A carrier that was killed is back within a second or two.
_ATTEMPTS = 20
_BETWEEN_S = 0.5
ROLES = ("connector", "worker", "ingest", "edge", "scheduler")
CARRIER_FAULTS = {
    "lose_answers": 1.0,
    "drop_connections": 0.5,
    "half_open": 1.5,
    "throttle": 1.5,
    "hold_receipts": 3.0,
    "lose_receipts": 1.0,
    "double_receipts": 3.0,
}


class Faults:
    """Does one fault at a time to a running Textwell and its carrier."""

    def __init__(self, *, supervisor: Supervisor, stores: Stores, carrier: Carrier) -> None:
        self._supervisor = supervisor
        self._stores = stores
        self._carrier = carrier
        self.names = self._names()

    def _names(self) -> tuple[str, ...]:
        stores = tuple(f"kill {member.name}" for member in self._stores.members)
        roles = tuple(f"kill {role}" for role in ROLES)
        return (*roles, *stores, "kill carrier", *CARRIER_FAULTS)

    def plan(self, count: int, *, seed: int) -> list[str]:
        """Every kind before any comes twice, in an order of the seed."""
        rng = random.Random(seed)  # noqa: S311 - a repeatable order, not a secret
        planned: list[str] = []
        while len(planned) < count:
            round_of_all = list(self.names)
            rng.shuffle(round_of_all)
            planned += round_of_all
        return planned[:count]

    def do(self, name: str) -> None:
        """Begin a fault; what dies is started again by the supervisor (the carrier by us)."""
        if name in CARRIER_FAULTS:
            self._order(name, CARRIER_FAULTS[name])
        elif name == "kill carrier":
            self._carrier.kill()
            self._carrier.start()
        else:
            self._kill(name.removeprefix("kill "))

    def _kill(self, name: str) -> None:
        children = self._supervisor.children
        pids = [child.pid for role, child in children.items() if role == name]
        pids += [member.pid() for member in self._stores.members if member.name == name]
        for pid in pids:
            if pid is not None:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)

    def _order(self, kind: str, seconds: float) -> None:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self._carrier.http_port}/fault",
            data=orjson.dumps({"kind": kind, "seconds": seconds}),
            method="POST",
        )
        for attempt in range(
            _ATTEMPTS
        ):  # the carrier may just have been killed by an earlier fault
            try:
                urllib.request.urlopen(request, timeout=3).close()  # noqa: S310 - see above
            except OSError:
                if attempt == _ATTEMPTS - 1:
                    raise
                time.sleep(_BETWEEN_S)
            else:
                return

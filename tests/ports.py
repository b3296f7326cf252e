"""Ports for processes that tests start."""

import random
import socket

# Below the range from which systems take ports for outgoing connections: none of them can come in
# between the look and the start.
FIRST, LAST = 10_000, 30_000


def free_block(count: int) -> int:
    """The first of so many ports in a row that nobody listens on now."""
    for _try in range(200):
        first = random.randrange(FIRST, LAST - count)
        if all(_is_free(port) for port in range(first, first + count)):
            return first
    raise RuntimeError(f"no {count} free ports in a row")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def port_variables() -> dict[str, str]:
    """TEXTWELL_…_PORT for one installation: pages, edge, and the roles' metrics behind them."""
    first = free_block(12)
    names = ("WEB", "EDGE", "METRICS")
    return {f"TEXTWELL_{name}_PORT": str(first + place) for place, name in enumerate(names)}

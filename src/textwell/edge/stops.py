"""A signal to stop that comes while the event loop stands is heard as soon as it runs.

granian's worker sets its handlers before the loop runs, and the loop stands twice more until the
worker serves. uvloop notes a signal of such a moment and never looks at the note: the worker
would go on until it is killed.
"""

import asyncio
import os
import signal

_STOPS = (signal.SIGTERM, signal.SIGINT)


def keep_stops_for(loop: asyncio.AbstractEventLoop) -> None:
    """Keep signals to stop from now on; the loop's own handlers get them in its first round."""
    handlers = {number: signal.getsignal(number) for number in _STOPS}
    kept: set[int] = set()

    def pass_on() -> None:
        for number, handler in handlers.items():
            signal.signal(number, handler)
            signal.siginterrupt(number, False)  # as uvloop has it
        for each in kept:
            os.kill(os.getpid(), each)

    for number in _STOPS:
        signal.signal(number, lambda number, _frame: kept.add(number))
    loop.call_soon(pass_on)

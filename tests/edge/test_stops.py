"""Signals to stop that come between the rounds of a worker's event loop."""

import subprocess
import sys

import pytest

# What granian's worker does around a start, with a stop sent in the moment that is asked for.
WORKER = """
import asyncio, os, signal, sys, uvloop
from textwell.edge.stops import keep_stops_for

def moment(name):
    if name == sys.argv[1]:
        os.kill(os.getpid(), getattr(signal, sys.argv[2]))

async def start():
    await asyncio.sleep(0.01)
    moment("during the start")
    await asyncio.sleep(0.01)

async def main():
    loop.call_later(0.05, moment, "while it serves")
    try:
        await asyncio.wait_for(stopped.wait(), 5)
    except TimeoutError:
        print("never heard")

loop = uvloop.new_event_loop()
asyncio.set_event_loop(loop)
stopped = asyncio.Event()
for number in (signal.SIGTERM, signal.SIGINT):
    loop.add_signal_handler(number, stopped.set)
keep_stops_for(loop)
moment("before the start")
loop.run_until_complete(start())
keep_stops_for(loop)
moment("after the start")
loop.run_until_complete(main())
print("left")
"""


@pytest.mark.parametrize(
    ("moment", "number"),
    [
        ("before the start", "SIGTERM"),
        ("during the start", "SIGINT"),
        ("after the start", "SIGTERM"),
        ("while it serves", "SIGTERM"),
    ],
)
def test_a_stop_is_heard_at_any_moment_of_a_start(moment: str, number: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WORKER, moment, number], capture_output=True, text=True, check=False
    )

    assert (done.stdout, done.stderr, done.returncode) == ("left\n", "", 0)

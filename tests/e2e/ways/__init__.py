"""Golden ways through the product, each walked by one `Reader`: `test_golden_ways.py` says by whom."""

from itertools import count
from typing import Final

from textwell.gateways.providers.simulator.fates import Fates, spread
from textwell.gateways.providers.simulator.script import BUILT_IN

SEED: Final = 1  # of the demo
places = count(1)  # of a way: each has people and names of its own


def new_numbers(many: int) -> list[str]:
    """Spanish mobile numbers that no other way has."""
    place = next(places)
    return [f"+346{place:02d}{n:06d}" for n in range(100_001, 100_001 + many)]


def reachable_number(text: str) -> str:
    """A new number to which this text is delivered: the demo's carrier draws a fate for each."""
    fates = Fates(BUILT_IN["demo"], SEED, 1.0)
    while True:
        (number,) = new_numbers(1)
        digits = number.removeprefix("+")
        fate = fates.fate(fates.network(digits), spread(SEED, digits, len(text)))
        if [stat for _ticks, stat, _error in fate.steps] == ["DELIVRD"]:
            return number

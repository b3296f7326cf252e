"""Golden ways through the product, each walked by one `Reader`: `test_golden_ways.py` says by whom."""

from itertools import count

places = count(1)  # of a way: each has people and names of its own


def new_numbers(many: int) -> list[str]:
    """Spanish mobile numbers that no other way has."""
    place = next(places)
    return [f"+346{place:02d}{n:06d}" for n in range(100_001, 100_001 + many)]

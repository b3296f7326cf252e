"""The garbage collector of long-running processes that make many short-lived objects."""

import gc

YOUNG_OBJECTS = 50_000


def calm_collector() -> None:
    """Call once a process has loaded what it needs: that is never walked again.

    A connector makes tens of thousands of objects a second, nearly all of which die by reference
    count; with Python's default of 700 the collector walks them over and over.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS, 20, 20)

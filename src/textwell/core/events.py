"""Typed in-process events: how a lower module tells a higher one that something happened.

An event is a frozen dataclass in the past tense in the `events.py` of the module it comes from.
"""

from collections import defaultdict
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from django.db import transaction

E = TypeVar("E")

_handlers: dict[type, list[Callable[[Any], None]]] = defaultdict(list)


def subscribe(event_type: type[E], handler: Callable[[E], None]) -> None:
    """Call `handler` for every event of exactly this type. Subscribing twice is once."""
    handlers = _handlers[event_type]
    if handler not in handlers:
        handlers.append(handler)


def unsubscribe(event_type: type[E], handler: Callable[[E], None]) -> None:
    """Stop calling `handler`; safe if it never was subscribed."""
    if handler in _handlers[event_type]:
        _handlers[event_type].remove(handler)


def publish_now(event: object) -> None:
    """Run the handlers inside the present transaction: what they write commits or fails with it."""
    for handler in tuple(_handlers[type(event)]):
        handler(event)


def publish(event: object) -> None:
    """Run the handlers after commit; never if the transaction rolls back.

    A handler that fails is logged and does not keep the others from running: the fact is
    committed, so the caller must not see an error.
    """
    for handler in tuple(_handlers[type(event)]):
        transaction.on_commit(partial(handler, event), robust=True)

"""Messages of a stream as items, whole or in halves: how a poisonous one among many is found. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

import msgspec

from textwell.core.wire import Part, decode

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An item, or the whole message where its items cannot be told apart."""

    key: str
    place: int
    payload: bytes
    error: Exception


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """What a message holds: runs of readable items, and those that never will be."""

    parts: Sequence[Part[T]]
    unreadable: Sequence[Unreadable] = ()


def read_message(key: str, payload: bytes, kind: type[T]) -> Reading[T]:
    """Decode a list of items of that kind; one that is of no known shape leaves the others alone."""
    try:
        items = decode(payload, list[kind])  # type: ignore[valid-type] # a type at run time
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return _read_each(key, payload, kind)
    return Reading([Part(key, items)] if items else [])


def _read_each(key: str, payload: bytes, kind: type[T]) -> Reading[T]:
    try:
        raws = decode(payload, list[msgspec.Raw])
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        return Reading([], [Unreadable(key, 0, payload, error)])
    parts: list[Part[T]] = []
    unreadable: list[Unreadable] = []
    for place, raw in enumerate(raws):
        try:
            parts.append(Part(key, [decode(bytes(raw), kind)], place))
        except (msgspec.MsgspecError, ValueError, RecursionError) as error:
            unreadable.append(Unreadable(key, place, as_message(raw), error))
    return Reading(parts, unreadable)


def item_payload(payload: bytes, place: int) -> bytes:
    """The item at that place of a message as a message of its own, octet by octet as it came."""
    return as_message(decode(payload, list[msgspec.Raw])[place])


def as_message(raw: Any) -> bytes:  # Any: msgspec.Raw, which is a buffer
    return b"[" + bytes(raw) + b"]"


def count_items(parts: Sequence[Part[T]]) -> int:
    return sum(len(part.items) for part in parts)


def halves(parts: Sequence[Part[T]]) -> tuple[list[Part[T]], list[Part[T]]]:
    """Two shares of as many messages, or of as many items of the only one. For two items or more."""
    if len(parts) > 1:
        middle = len(parts) // 2
        return list(parts[:middle]), list(parts[middle:])
    [part] = parts
    middle = len(part.items) // 2
    return (
        [replace(part, items=part.items[:middle])],
        [replace(part, items=part.items[middle:], first=part.first + middle)],
    )

"""Where short links lead, in memory: ranges of message ids by workspace key.

Looking one up costs one decipherment for each key tried and a bisection; no store is asked. Tokens
that come together are deciphered together, which costs a fifth.
"""

import base64
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec

from textwell.core.wire import LinkRangeItem
from textwell.links.tokens import OPT_OUT_NUMBER, TokenMaker


class Hit(msgspec.Struct, gc=False):
    """A token of ours: one link of one message. Treat it as a frozen value."""

    range: LinkRangeItem
    message_id: int
    link_number: int
    location: str  # "" of the link to the page where a person stops these texts

    @property
    def is_way_out(self) -> bool:
        return self.link_number == OPT_OUT_NUMBER

    def is_expired(self, at: float) -> bool:
        """`at`: seconds since the epoch."""
        expires_at = self.range.expires_at
        return expires_at is not None and at >= expires_at


@dataclass(slots=True)
class _Shelf:
    """The ranges of one key, sorted by their first message id; they never overlap."""

    maker: TokenMaker
    firsts: list[int] = field(default_factory=list)
    ranges: list[LinkRangeItem] = field(default_factory=list)

    def find_all(self, tokens: Sequence[str]) -> list[Hit | None]:
        """A hit or None for each token, in their order."""
        return [
            None if plain is None else self._find(*plain) for plain in self.maker.read_many(tokens)
        ]

    def _find(self, message_id: int, link_number: int) -> Hit | None:
        at = bisect_right(self.firsts, message_id) - 1
        if at < 0 or message_id > self.ranges[at].last_message_id:
            return None
        found = self.ranges[at]
        if link_number == OPT_OUT_NUMBER:
            return Hit(found, message_id, link_number, "")
        if link_number > len(found.targets):
            return None
        return Hit(found, message_id, link_number, found.targets[link_number - 1])

    def put(self, item: LinkRangeItem) -> None:
        at = bisect_right(self.firsts, item.first_message_id)
        self.firsts.insert(at, item.first_message_id)
        self.ranges.insert(at, item)

    def remove(self, range_id: int) -> None:
        for at, item in enumerate(self.ranges):
            if item.id == range_id:
                del self.firsts[at], self.ranges[at]
                return


class LinkDirectory:
    """All links of all workspaces. Not safe for several threads: the edge is one loop."""

    def __init__(self) -> None:
        self._shelves: dict[str, _Shelf] = {}  # by key; the newest written comes first
        self._key_of: dict[int, str] = {}  # by range id

    def __len__(self) -> int:
        return len(self._key_of)

    def items(self) -> list[LinkRangeItem]:
        return [item for shelf in self._shelves.values() for item in shelf.ranges]

    def find(self, token: str) -> Hit | None:
        """The link of a token, expired or not; None if it is none of ours."""
        return self.find_all([token])[0]

    def find_all(self, tokens: Sequence[str]) -> list[Hit | None]:
        """`find` for many tokens at once, in their order."""
        hits: list[Hit | None] = [None] * len(tokens)
        open_places = list(range(len(tokens)))
        for shelf in self._shelves.values():
            for place, hit in zip(
                open_places, shelf.find_all([tokens[p] for p in open_places]), strict=True
            ):
                hits[place] = hit
            open_places = [place for place in open_places if hits[place] is None]
            if not open_places:
                break
        return hits

    def put(self, item: LinkRangeItem) -> None:
        """Add a range, or replace the one with the same id. Twice is the same as once."""
        self._take_out(item.id)
        shelf = self._shelves.pop(item.key, None) or _Shelf(TokenMaker(base64.b64decode(item.key)))
        shelf.put(item)
        self._shelves = {item.key: shelf, **self._shelves}
        self._key_of[item.id] = item.key

    def put_all(self, items: list[LinkRangeItem]) -> None:
        for item in sorted(items, key=lambda item: item.id):
            self.put(item)

    def remove(self, range_id: int) -> None:
        self._take_out(range_id)

    def _take_out(self, range_id: int) -> None:
        key = self._key_of.pop(range_id, None)
        if key is None:
            return
        shelf = self._shelves[key]
        shelf.remove(range_id)
        if not shelf.ranges:
            del self._shelves[key]

"""Where short links lead, in memory: ranges of message ids by workspace key.

Looking one up costs one decipherment for each key tried and a bisection; no store is asked.
"""

import base64
from bisect import bisect_right
from dataclasses import dataclass, field

from textwell.core.wire import LinkRangeItem
from textwell.links.errors import BadToken
from textwell.links.tokens import TOKEN_LENGTH, TokenMaker

_REMEMBERED = 65_536  # tokens; about 20 MB at most


@dataclass(frozen=True, slots=True)
class Hit:
    """A token of ours: one link of one message."""

    range: LinkRangeItem
    message_id: int
    link_number: int
    location: bytes


@dataclass(slots=True)
class _Shelf:
    """The ranges of one key, sorted by their first message id; they never overlap."""

    maker: TokenMaker
    firsts: list[int] = field(default_factory=list)
    ranges: list[LinkRangeItem] = field(default_factory=list)

    def find(self, token: str) -> Hit | None:
        try:
            message_id, link_number = self.maker.read(token)
        except BadToken:
            return None
        at = bisect_right(self.firsts, message_id) - 1
        if at < 0 or message_id > self.ranges[at].last_message_id:
            return None
        found = self.ranges[at]
        if link_number > len(found.targets):
            return None
        # Targets are plain ASCII since `define_links` wrote them.
        location = found.targets[link_number - 1].encode("ascii", "ignore")
        return Hit(found, message_id, link_number, location)

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
        self._remembered: dict[str, Hit] = {}

    def __len__(self) -> int:
        return len(self._key_of)

    def items(self) -> list[LinkRangeItem]:
        return [item for shelf in self._shelves.values() for item in shelf.ranges]

    def find(self, token: str) -> Hit | None:
        """The link of a token, expired or not; None if it is none of ours."""
        hit = self._remembered.get(token)
        if hit is not None:
            return hit
        if len(token) != TOKEN_LENGTH or not (token.isascii() and token.isalnum()):
            return None
        for shelf in self._shelves.values():
            hit = shelf.find(token)
            if hit is not None:
                self._remember(token, hit)
                return hit
        return None

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
        self._remembered.clear()

    def _remember(self, token: str, hit: Hit) -> None:
        if len(self._remembered) >= _REMEMBERED:
            del self._remembered[next(iter(self._remembered))]  # the oldest
        self._remembered[token] = hit

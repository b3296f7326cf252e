"""What a stranger finds who tries tokens at the edge's own directory of links."""

import base64
import random

from textwell.core.wire import LinkRangeItem
from textwell.edge.directory import LinkDirectory
from textwell.links.tokens import make_token

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
KEYS = [bytes([number]) * 16 for number in range(3)]
MESSAGES = 1_000_000


def directory() -> LinkDirectory:
    """Three workspaces with a million messages each, two links in each message."""
    links = LinkDirectory()
    targets = ["https://a.example/", "https://b.example/"]
    for number, key in enumerate(KEYS, start=1):
        written = base64.b64encode(key).decode()
        links.put(LinkRangeItem(number, number, None, 1, MESSAGES, targets, None, written))
    return links


def test_fifty_thousand_guesses_find_none_of_six_million_links() -> None:
    """A guess hits with 6,000,000 / 62^8: once in 36 million tries."""
    links, rng = directory(), random.Random(7)

    found = [links.find("".join(rng.choices(DIGITS, k=8))) for _ in range(50_000)]

    assert found == [None] * 50_000


def test_neighbours_of_a_true_token_find_nothing() -> None:
    """Whoever has a link cannot walk from it to another's by changing one character."""
    links = directory()
    mine = [make_token(key, message, 1) for key in KEYS for message in (1, 500_000, MESSAGES)]
    near = {t[:at] + digit + t[at + 1 :] for t in mine for at in range(8) for digit in DIGITS}

    assert all(links.find(token) for token in mine)
    assert [token for token in near - set(mine) if links.find(token)] == []


def test_links_beyond_a_campaigns_own_find_nothing() -> None:
    links = directory()

    assert links.find(make_token(KEYS[0], 1, 3)) is None
    assert links.find(make_token(KEYS[0], MESSAGES + 1, 1)) is None
    assert links.find(make_token(bytes(range(16)), 1, 1)) is None

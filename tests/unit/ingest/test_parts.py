"""Items of messages, and the halves by which a poisonous one is found."""

import pytest

from textwell.core.wire import BatchPointer, Part
from textwell.runtime.ingest.parts import halves, item_payload, read_message


def test_one_of_no_known_shape_leaves_the_others_their_places() -> None:
    payload = b'[{"batch_id":1},{"batch_id":"two"},{"batch_id":3}]'

    reading = read_message("S:1", payload, BatchPointer)

    assert [(part.first, part.items) for part in reading.parts] == [
        (0, [BatchPointer(1)]),
        (2, [BatchPointer(3)]),
    ]
    [bad] = reading.unreadable
    assert (bad.place, bad.payload) == (1, b'[{"batch_id":"two"}]')


@pytest.mark.parametrize("payload", [b"", b"7", b"[1", b"\xff"])
def test_what_is_no_list_is_unreadable_as_a_whole(payload: bytes) -> None:
    reading = read_message("S:1", payload, BatchPointer)

    assert reading.parts == []
    assert [(each.place, each.payload) for each in reading.unreadable] == [(0, payload)]


def test_halves_of_several_messages_are_messages_and_of_one_its_items() -> None:
    one, two = Part("S:1", [1, 2, 3], 4), Part("S:2", [5])

    assert halves([one, two]) == ([one], [two])
    assert halves([one]) == ([Part("S:1", [1], 4)], [Part("S:1", [2, 3], 5)])


def test_an_item_alone_is_a_message_octet_by_octet() -> None:
    assert item_payload(b'[1, {"a" : "\\u00e9"}]', 1) == b'[{"a" : "\\u00e9"}]'

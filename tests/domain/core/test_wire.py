import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from textwell.core.wire import BatchPointer, DlrItem, MoItem, decode, encode


@given(st.builds(DlrItem, done_at=st.none() | st.floats(allow_nan=False, allow_infinity=False),
                 received_at=st.floats(allow_nan=False, allow_infinity=False)))  # fmt: skip
def test_a_receipt_comes_out_as_it_went_in(item: DlrItem) -> None:
    assert decode(encode([item]), list[DlrItem]) == [item]


def test_a_field_of_a_newer_version_is_ignored() -> None:
    assert decode(b'{"batch_id": 3, "priority": 1}', BatchPointer) == BatchPointer(batch_id=3)


def test_a_pointer_to_one_batch_is_written_as_it_always_was() -> None:
    assert encode(BatchPointer(3)) == b'{"batch_id":3}'


def test_a_pointer_names_all_its_batches_in_their_order() -> None:
    read = decode(encode(BatchPointer(3, [9, 5])), BatchPointer)

    assert read.batch_ids == [3, 9, 5]


@pytest.mark.parametrize("payload", [b"", b"{}", b"[]", b'{"batch_id": "3"}', b"\xff"])
def test_what_is_no_pointer_is_refused(payload: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        decode(payload, BatchPointer)


def test_any_letter_travels() -> None:
    item = MoItem(1, "k", "+84901234567", "900", "Chào 👋\n\0", 1.5)

    assert decode(encode([item]), list[MoItem]) == [item]

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textwell.cli.inspect.receipt import inspect
from textwell.smpp.pdu import Pdu
from textwell.smpp.receipts import (
    Receipt,
    ReceiptState,
    is_receipt,
    parse_date,
    parse_receipt,
    receipt_of,
    split_fields,
)

SEVEN = timezone(timedelta(hours=7))
BY_THE_BOOK = (
    "id:0123456789 sub:001 dlvrd:001 submit date:2401151020 done date:240115102230 "
    "stat:DELIVRD err:000 text:Hello: id:5"
)
OTHER_ORDER = (
    "stat:DELIVRD id:0123456789 err:000 done date:20240115102230 sub:001 dlvrd:001 "
    "submit date:2401151020 text:Hello: id:5"
)
WHOLE = Receipt(
    id="0123456789",
    sub="001",
    dlvrd="001",
    submit_date=datetime(2024, 1, 15, 10, 20, tzinfo=UTC),
    done_date=datetime(2024, 1, 15, 10, 22, 30, tzinfo=UTC),
    stat="DELIVRD",
    err="000",
    text="Hello: id:5",
    state=ReceiptState.DELIVERED,
)


@pytest.mark.parametrize(
    "text",
    [
        BY_THE_BOOK,
        BY_THE_BOOK.replace("text:", "Text:"),
        BY_THE_BOOK.replace("text:", "TEXT: "),
        BY_THE_BOOK.replace(" sub", "  sub"),
        BY_THE_BOOK.replace("id:01", "ID: 01"),
        BY_THE_BOOK.replace("0123456789", '"0123456789"'),
        BY_THE_BOOK.replace("submit date", "Submit  Date"),
        BY_THE_BOOK.replace("done date:240115102230", "done date:240115102230 imsi:4520112"),
        BY_THE_BOOK.replace("submit date", "Submit_Date").replace("done date", "DONEDATE"),
        BY_THE_BOOK.replace("err:", "error code:"),
        BY_THE_BOOK.replace(":", "=", 7),
        BY_THE_BOOK.replace(" sub", ",sub").replace(" stat", "; stat"),
        BY_THE_BOOK.replace("2401151020 ", "20240115102000 "),
        BY_THE_BOOK.replace("DELIVRD", "delivrd"),
        OTHER_ORDER,
    ],
)
def test_every_spelling_gives_the_same_receipt(text: str) -> None:
    assert parse_receipt(text) == WHOLE


@pytest.mark.parametrize(
    ("receipt", "text"),
    [
        (BY_THE_BOOK.replace("Hello: id:5", '"a b"'), '"a b"'),
        ('id:1 stat:DELIVRD text:"a b"', '"a b"'),
        ('id:"1" stat:"DELIVRD" text:"a b"', "a b"),
        ("id:'1', stat:'DELIVRD', text:'a b' ", "a b"),
        ('id:"1" stat:"DELIVRD" text:"a" b', '"a" b'),
        ('id:"1" stat:"DELIVRD" text:"', '"'),
        ('text:"a b" id:"1" stat:"DELIVRD"', "a b"),
    ],
)  # fmt: skip
def test_quotes_are_the_texts_own_unless_the_carrier_quotes_the_rest_too(
    receipt: str, text: str
) -> None:
    assert inspect({"text": receipt})["text"] == text


@pytest.mark.parametrize(
    ("stat", "state"),
    [
        ("DELIVRD", "delivered"),
        ("DELIVERED", "delivered"),
        ("EXPIRED", "expired"),
        ("DELETED", "undelivered"),
        ("UNDELIV", "undelivered"),
        ("UNDELIVERABLE", "undelivered"),
        ("ACCEPTD", "accepted"),
        ("ACCEPTED", "accepted"),
        ("ENROUTE", "accepted"),
        ("SCHEDULED", "accepted"),
        ("UNKNOWN", "unknown"),
        ("REJECTD", "rejected"),
        ("REJECTED", "rejected"),
        ("SKIPPED", "undelivered"),
        ("WHATEVER", "unknown"),
    ],
)
@pytest.mark.parametrize("write", [str, str.lower, str.title])
def test_every_stat_has_a_state(stat: str, state: str, write: Callable[[str], str]) -> None:
    receipt = parse_receipt(f"id:1 stat:{write(stat)} err:001")

    assert (receipt.stat, receipt.state.value) == (stat, state)


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("", {}),
        ("nothing of the kind", {}),
        ("id:7", {"id": "7"}),
        ("id: sub: stat:EXPIRED err:", {"stat": "EXPIRED"}),
        ("id:a-b.c:d/7 stat:EXPIRED", {"id": "a-b.c:d/7", "stat": "EXPIRED"}),
        ("id:7 err:0x1F", {"id": "7", "err": "0x1F"}),
        ("id:7 err:-12", {"id": "7", "err": "-12"}),
        ("id:7 text:", {"id": "7", "text": ""}),
        ("id:7 stat:EXPIRED text:stat:DELIVRD", {"id": "7", "stat": "EXPIRED", "text": "stat:DELIVRD"}),
        ("id:1 id:2 stat:EXPIRED", {"id": "1", "stat": "EXPIRED"}),
        ("text:Hi: you id:7 stat:EXPIRED", {"id": "7", "stat": "EXPIRED", "text": "Hi: you"}),
        ("text:my id:7", {"text": "my id:7"}),
        ("id:7 text:A: b stat:DELETED err:1", {"id": "7", "stat": "DELETED", "err": "1", "text": "A: b"}),
        ("id:7 stat:EXPIRED text:Hi err:1", {"id": "7", "stat": "EXPIRED", "text": "Hi err:1"}),
        ("msgid:7 status:EXPIRED", {"id": "7", "stat": "EXPIRED"}),
        ("paid:7 stats:x", {}),
    ],
)  # fmt: skip
def test_what_is_missing_or_odd_stays_out(text: str, fields: dict[str, str]) -> None:
    receipt = parse_receipt(text)

    found = {name: getattr(receipt, name) for name in ("id", "sub", "dlvrd", "stat", "err", "text")}
    assert {name: value for name, value in found.items() if value is not None} == fields


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2401151020", datetime(2024, 1, 15, 10, 20, tzinfo=UTC)),
        ("240115102033", datetime(2024, 1, 15, 10, 20, 33, tzinfo=UTC)),
        ("20240115102033", datetime(2024, 1, 15, 10, 20, 33, tzinfo=UTC)),
        (" 2401151020, ", datetime(2024, 1, 15, 10, 20, tzinfo=UTC)),
        ("2024-01-15 10:20:33", datetime(2024, 1, 15, 10, 20, 33, tzinfo=UTC)),
        ("2024-01-15T10:20Z", datetime(2024, 1, 15, 10, 20, tzinfo=UTC)),
        (
            "240115102033028+",
            datetime(2024, 1, 15, 10, 20, 33, tzinfo=timezone(timedelta(hours=7))),
        ),
        (
            "240115102033004-",
            datetime(2024, 1, 15, 10, 20, 33, tzinfo=timezone(timedelta(hours=-1))),
        ),
        ("202401151020", datetime(2024, 1, 15, 10, 20, tzinfo=UTC)),
        ("201011121314", datetime(2020, 10, 11, 12, 13, 14, tzinfo=UTC)),
        ("2024/01/15 10:20:33", datetime(2024, 1, 15, 10, 20, 33, tzinfo=UTC)),
        ("2024-01-15T10:20:33.5+0700", datetime(2024, 1, 15, 10, 20, 33, tzinfo=SEVEN)),
        ("2401151020+07", datetime(2024, 1, 15, 10, 20, tzinfo=SEVEN)),
        ("240115102033 +07:00", datetime(2024, 1, 15, 10, 20, 33, tzinfo=SEVEN)),
        ("20240115102033 UTC", datetime(2024, 1, 15, 10, 20, 33, tzinfo=UTC)),
        ("2401151020 mccmnc:45201", datetime(2024, 1, 15, 10, 20, tzinfo=UTC)),
        ("2401151020+99", None),
        ("24011510203", None),
        ("240115102033099+", None),
        ("000000000000000+", None),
        ("0000000000", None),
        ("000000000000", None),
        ("00000000000000", None),
        ("2413151020", None),
        ("2402301020", None),
        ("2024-02-30 10:20", None),
        ("240115102", None),
        ("20240115", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_dates_of_every_length_are_read(text: str, moment: datetime | None) -> None:
    assert parse_date(text) == moment


@pytest.mark.parametrize(
    ("tlvs", "expected"),
    [
        ({"message_state": 5}, ("0123456789", "UNDELIV", "undelivered")),
        ({"message_state": "REJECTED"}, ("0123456789", "REJECTD", "rejected")),
        ({"message_state": "3"}, ("0123456789", "EXPIRED", "expired")),
        ({"message_state": 2}, ("0123456789", "DELIVRD", "delivered")),
        ({"message_state": 77}, ("0123456789", "DELIVRD", "delivered")),
        ({"message_state": "x"}, ("0123456789", "DELIVRD", "delivered")),
        ({"message_state": [2, 5]}, ("0123456789", "DELIVRD", "delivered")),
        ({"receipted_message_id": "X"}, ("X", "DELIVRD", "delivered")),
        ({"receipted_message_id": ""}, ("0123456789", "DELIVRD", "delivered")),
    ],
)
def test_tlvs_win_where_they_say_something(tlvs: dict, expected: tuple[str, str, str]) -> None:
    receipt = parse_receipt(BY_THE_BOOK, tlvs)

    assert (receipt.id, receipt.stat, receipt.state.value) == expected


@pytest.mark.parametrize(
    ("octets", "code"),
    [(b"\x03\x01\x02", (3, 258)), (b"\x03", None), (5, None)],
)
def test_the_network_error_is_kept(octets: object, code: tuple[int, int] | None) -> None:
    receipt = parse_receipt("id:1", {"network_error_code": octets})

    assert receipt.network_error_code == code


labels = st.sampled_from(["id", "sub", "stat", "err", "submit date", "text", "Text", "done date"])
snippets = st.one_of(labels.map(lambda label: f"{label}:"), st.text(max_size=8), st.just(" "))


@given(st.lists(snippets, max_size=20).map("".join))
def test_no_text_makes_the_parser_fail(text: str) -> None:
    receipt = parse_receipt(text, {})

    assert isinstance(receipt, Receipt)


words = st.text("0123456789ABCDEFabcdef", min_size=1, max_size=12)


@given(
    words, words, st.sampled_from(["DELIVRD", "UNDELIV", "EXPIRED"]), words, st.text(max_size=30)
)
def test_the_short_way_gives_what_the_long_way_gives(
    message_id: str, sub: str, stat: str, err: str, text: str
) -> None:
    receipt = (
        f"id:{message_id} sub:{sub} dlvrd:000 submit date:2401151020 done date:0000000000 "
        f"stat:{stat} err:{err} text:{text}"
    )

    parsed, fields = parse_receipt(receipt), split_fields(receipt)

    assert parsed == parse_receipt(receipt, {"unknown": 1})
    assert (parsed.id, parsed.err, parsed.stat) == (message_id, err, stat)
    assert fields["text"] == parsed.text


def deliver(text: bytes, *, esm_class: int = 0, tlvs: dict | None = None, coding: int = 0) -> Pdu:
    fields = {"esm_class": esm_class, "data_coding": coding, "short_message": text}
    return Pdu(5, fields=fields, tlvs=tlvs or {})


@pytest.mark.parametrize(
    ("why", "pdu", "expected"),
    [
        ("by esm_class", deliver(b"x", esm_class=0x04), True),
        ("intermediate", deliver(b"x", esm_class=0x20), True),
        ("by tlv", deliver(b"x", tlvs={"receipted_message_id": "1"}), True),
        ("by its looks", deliver(BY_THE_BOOK.encode()), True),
        ("a reply", deliver(b"id: mine"), False),
        ("acknowledgement of a user", deliver(b"x", esm_class=0x08), False),
    ],
)
def test_a_receipt_is_told_from_a_message(why: str, pdu: Pdu, expected: bool) -> None:
    assert is_receipt(pdu) is expected
    assert (receipt_of(pdu) is not None) is expected


def test_a_receipt_in_ucs2_is_read() -> None:
    pdu = deliver(BY_THE_BOOK.encode("utf-16-be"), esm_class=4, coding=8)

    assert receipt_of(pdu) == WHOLE


def test_inspect_gives_the_documented_form() -> None:
    assert inspect({"text": BY_THE_BOOK, "tlvs": {"message_state": 5}}) == {
        "id": "0123456789",
        "sub": "001",
        "dlvrd": "001",
        "submit_date": "2024-01-15T10:20:00+00:00",
        "done_date": "2024-01-15T10:22:30+00:00",
        "stat": "UNDELIV",
        "err": "000",
        "text": "Hello: id:5",
        "state": "undelivered",
    }


def test_inspect_reads_a_receipt_that_is_all_tlvs() -> None:
    found = inspect({"tlvs": {"receipted_message_id": "7", "message_state": 2}})

    assert (found["id"], found["stat"], found["state"], found["text"]) == (
        "7",
        "DELIVRD",
        "delivered",
        None,
    )


@pytest.mark.parametrize(
    ("case", "message"),
    [
        ({}, "text: the receipt's text is missing"),
        ({"text": 5}, "text: text expected"),
        ({"text": "", "tlvs": [1]}, "tlvs: an object"),
        ({"text": "", "tlvs": {"message_state": [1]}}, "tlvs.message_state: number expected"),
        ({"text": "", "tlvs": {"message_state": True}}, "tlvs.message_state: number expected"),
        ({"text": "", "tlvs": {"receipted_message_id": [1]}}, "tlvs.receipted_message_id: text"),
        ({"text": "", "tlvs": {"receipted_message_id": True}}, "tlvs.receipted_message_id: text"),
    ],
)
def test_inspect_names_the_field_that_is_wrong(case: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        inspect(case)


def test_a_text_full_of_labels_is_read_in_one_go() -> None:
    text = "sub: text: " * 5000

    assert parse_receipt(text).text == ("sub: text: " * 5000)[len("sub: text: ") :]


def test_an_id_of_zero_in_the_tlvs_wins_too() -> None:
    assert inspect({"text": "id:7", "tlvs": {"receipted_message_id": 0}})["id"] == "0"

"""`textwell inspect gate`: any case has an answer or an error that names its field."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textwell.cli.inspect import answer_line
from textwell.cli.inspect.gate import inspect
from textwell.compliance.cases import SENDER_KINDS, SHOWN, read_case
from textwell.compliance.engine import decide
from textwell.compliance.library import Library
from textwell.compliance.types import ConsentKind, MessageClass, Reason

COUNTRIES = sorted({name[:2] for name in Library().ids})
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2029, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001
    datetime.isoformat
)
PLAIN: dict[str, Any] = {
    "at": "2026-11-04T12:00:00+01:00",
    "recipient": {"country": "FR"},
    "class": "marketing",
    "consent": {"kind": "express"},
}
CASES = st.fixed_dictionaries(
    {
        "at": MOMENTS,
        "recipient": st.fixed_dictionaries(
            {"country": st.sampled_from(COUNTRIES)},
            optional={
                "number": st.sampled_from(["+13052001234", "+33612345678", "+84901234567"]),
                "zones": st.lists(
                    st.sampled_from(["Europe/Paris", "America/New_York", "Asia/Tokyo"]), max_size=2
                ),
            },
        ),
        "class": st.sampled_from(list(MessageClass)),
        "consent": st.fixed_dictionaries(
            {"kind": st.sampled_from(list(ConsentKind))},
            optional={"given_at": MOMENTS, "revoked_at": MOMENTS},
        ),
    },
    optional={
        "layer": st.sampled_from(["legal", "recommended"]),
        "text": st.text(max_size=40),
        "subject": st.sampled_from(["sale", "news"]),
        "sender": st.fixed_dictionaries(
            {"kind": st.sampled_from(sorted(SENDER_KINDS))},
            optional={"value": st.text(max_size=11), "registered": st.booleans()},
        ),
        "recent": st.lists(MOMENTS, max_size=5),
        "shows": st.lists(st.sampled_from(sorted(SHOWN))),
    },
)


@given(CASES)
def test_every_case_has_an_answer_of_the_contract(case: dict[str, Any]) -> None:
    answer = inspect(case)

    assert answer["decision"] in {"allow", "hold", "skip"}
    assert answer["reason"] in set(Reason)
    assert ("until" in answer) is (answer["decision"] == "hold")
    assert (answer["reason"] == "allowed") is (answer["decision"] == "allow")
    for rule in answer["rules"]:  # type: ignore[attr-defined]
        assert set(rule) == {"rule", "pack", "passed", "inputs"}


@given(CASES)
def test_what_is_held_is_allowed_at_the_end_and_not_a_minute_before(case: dict[str, Any]) -> None:
    first = decide(read_case(case))
    if first.until is None:
        return
    # What comes true with time apart from hours and caps is not the gate's to foresee.
    settled = {**case, "consent": {"kind": case["consent"]["kind"]}}
    held = decide(read_case(settled))
    if held.until is None:
        return

    then = decide(read_case({**settled, "at": held.until.isoformat()}))
    before = held.until - timedelta(minutes=1)

    assert then.verdict == "allow"
    if before > datetime.fromisoformat(case["at"]):
        assert decide(read_case({**settled, "at": before.isoformat()})).verdict == "hold"


@given(CASES)
def test_the_recommended_layer_never_allows_more(case: dict[str, Any]) -> None:
    if decide(read_case({**case, "layer": "recommended"})).verdict == "allow":
        assert decide(read_case({**case, "layer": "legal"})).verdict == "allow"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"at": None}, "at: "),
        ({"at": "2026-11-04T12:00:00"}, "at: "),
        ({"at": 5}, "at: "),
        ({"recipient": None}, "recipient: "),
        ({"recipient": {"country": "France"}}, "recipient.country: "),
        ({"recipient": {"country": "US", "subdivision": "Florida"}}, "recipient.subdivision: "),
        ({"recipient": {"country": "FR", "zones": ["Mars/Base"]}}, "recipient.zones.0: "),
        ({"recipient": {"country": "FR", "zones": "Europe/Paris"}}, "recipient.zones: "),
        ({"recipient": {"country": "FR", "number": "hello"}}, "recipient.number: "),
        ({"class": "advert"}, "class: "),
        ({"consent": {"kind": "yes"}}, "consent.kind: "),
        ({"consent": {"kind": "express", "given_at": "soon"}}, "consent.given_at: "),
        (
            {"consent": {"kind": "express", "extras": {"hours": "someday"}}},
            "consent.extras.hours: ",
        ),
        ({"consent": {"kind": "express", "extras": {"night": "yes"}}}, "consent.extras.night: "),
        ({"recent": ["yesterday"]}, "recent.0: "),
        ({"recent": [{"at": "2026-11-04T12:00Z", "class": "advert"}]}, "recent.0.class: "),
        ({"recent": "2026-11-04T12:00Z"}, "recent: "),
        ({"sender": {"kind": "pigeon"}}, "sender.kind: "),
        ({"sender": {"kind": "short_code", "registered": "yes"}}, "sender.registered: "),
        ({"registers": {"Bloctel": "no"}}, "registers.Bloctel: "),
        ({"shows": ["logo"]}, "shows.0: "),
        ({"layer": "brand"}, "layer: "),
        ({"text": 5}, "text: "),
        ({"shows": [["brand"]]}, "shows.0: "),
        ({"at": "0001-01-01T00:00:00+01:00"}, "at: "),
        ({"recent": ["9999-12-31T23:59:00Z"]}, "recent.0: "),
        (
            {"consent": {"kind": "express", "extras": {"hours": "frisco-satan 22:00-23:00"}}},
            "consent.extras.hours: ",
        ),
    ],
)
def test_bad_input_names_the_field(change: dict[str, object], field: str) -> None:
    with pytest.raises(ValueError, match=f"^{field}"):
        inspect({**PLAIN, **change})


@given(
    st.dictionaries(
        st.sampled_from([*PLAIN, "layer", "recent", "sender", "registers", "shows"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=8),
            lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        ),
    )
)
def test_any_json_is_answered(case: dict[str, Any]) -> None:
    answer = answer_line(inspect, json.dumps({**PLAIN, **case}).encode())

    assert "decision" in answer or "error" in answer


@pytest.mark.parametrize(
    ("change", "adds"),
    [
        ({"recipient": {"country": "VN"}, "text": "Sale"}, {"label": "[QC]"}),
        ({"recipient": {"country": "VN"}, "text": "[AD] Sale"}, None),
        ({"recipient": {"country": "KR"}, "text": "(광고) Lotus", "shows": ["brand", "contact"]},
         {"opt_out": "무료수신거부 {number}"}),
        ({"recipient": {"country": "CN"}, "text": "大促"}, {"label": "【{brand}】"}),
        ({"recipient": {"country": "CN"}, "text": "大促【莲花】"}, None),
        ({"shows": ["opt_out"]}, {"identity": "brand, contact"}),
        ({"shows": ["brand", "contact", "opt_out"]}, None),
        ({}, None),
    ],
)  # fmt: skip
def test_missing_wording_is_added(change: dict[str, object], adds: dict[str, str] | None) -> None:
    answer = inspect({**PLAIN, "layer": "legal", **change})

    assert (answer["decision"], answer.get("adds")) == ("allow", adds)


@pytest.mark.parametrize(
    ("recipient", "sender", "reason"),
    [
        ("FR", {"kind": "long_code"}, "sender_not_allowed"),
        ("FR", {"kind": "alphanumeric", "value": "LOTUS"}, "allowed"),
        ("SG", {"kind": "alphanumeric", "value": "LOTUS", "registered": False}, "sender_not_registered"),
        ("SG", {"kind": "alphanumeric", "value": "LOTUS", "registered": True}, "allowed"),
        ("AE", {"kind": "alphanumeric", "value": "LOTUS", "registered": True}, "label_missing"),
        ("AE", {"kind": "alphanumeric", "value": "AD-LOTUS", "registered": True}, "allowed"),
        ("DE", {"kind": "modem", "value": "+4915112345678"}, "sender_not_allowed"),
        ("IN", {"kind": "alphanumeric", "value": "LOTUS-P", "registered": True,
                "template": {"id": "1", "registered": False}}, "template_not_registered"),
    ],
)  # fmt: skip
def test_a_sender_must_have_the_right(
    recipient: str, sender: dict[str, object], reason: str
) -> None:
    case = {**PLAIN, "recipient": {"country": recipient}, "sender": sender, "layer": "legal"}

    assert inspect(case)["reason"] == reason


@pytest.mark.parametrize(
    ("message_class", "text", "reason"),
    [
        ("marketing", "Sale until 01.12.2026", "allowed"),
        ("marketing", "Open 20-12-2026 - 31-12-2026", "allowed"),
        ("marketing", "AED 1 000 000 prize", "allowed"),
        ("marketing", "We open.Co soon", "allowed"),
        ("transactional", "Your order 1002345 has shipped", "allowed"),
        ("otp", "Your code is 12345678", "allowed"),
        ("help_reply", "Lotus, www.lotus.example, STOP to stop", "allowed"),
        ("marketing", "Sale at shop.de/x", "content_forbidden"),
        ("marketing", "Sale at lotus.store", "content_forbidden"),
        ("marketing", "Call_0501234567", "content_forbidden"),
        ("marketing", "Call +971 50 123 4567", "content_forbidden"),
        ("marketing", "a." * 50_000, "allowed"),
    ],
)
def test_links_and_numbers_are_found_where_carriers_refuse_them(
    message_class: str, text: str, reason: str
) -> None:
    recipient = {"country": "AE"}
    case = {**PLAIN, "recipient": recipient, "class": message_class, "text": text}

    assert inspect({**case, "layer": "legal"})["reason"] == reason


@pytest.mark.parametrize(
    ("country", "registers", "reason"),
    [
        ("VN", {"National Do-Not-Call register": True}, "register_listed"),
        ("VN", {"National Do-Not-Call register (khongquangcao)": True}, "register_listed"),
        ("ZA", {"WASPA do-not-contact list": True}, "register_listed"),
        ("TR", {"IYS": False}, "register_missing"),
        ("TR", {"IYS": True}, "allowed"),
        ("TR", {"IYS": None}, "allowed"),
        ("TR", {"IYS": {"checked_at": "2026-11-04T12:00:00+01:00"}}, "allowed"),
    ],
)
def test_a_register_is_known_by_its_short_name_too(
    country: str, registers: dict[str, object], reason: str
) -> None:
    case = {**PLAIN, "recipient": {"country": country}, "registers": registers}
    consent = {"kind": "soft" if country == "ZA" else "express"}

    assert inspect({**case, "layer": "legal", "consent": consent})["reason"] == reason


def test_two_labels_that_must_both_be_first_are_refused() -> None:
    recipient = {"country": "KR", "number": "+84912345678"}
    answer = inspect({**PLAIN, "recipient": recipient, "layer": "legal", "text": "Sale"})

    assert (answer["decision"], answer["reason"]) == ("skip", "label_conflict")


def test_the_number_s_country_says_first_how_to_stop() -> None:
    recipient = {"country": "FR", "number": "+4915112345678"}
    case = {**PLAIN, "recipient": recipient, "layer": "legal", "shows": ["brand", "contact"]}

    assert inspect(case)["adds"] == {"opt_out": "Abmelden: STOP an {number} STOP au {number}"}


def test_a_refusal_beats_a_wait_and_every_rule_is_shown() -> None:
    """Opted out, at night: never, and the hours stand beside it."""
    answer = inspect({**PLAIN, "at": "2026-11-04T23:00:00+01:00", "consent": {"kind": "revoked"}})

    failed = [rule["rule"] for rule in answer["rules"] if not rule["passed"]]  # type: ignore[attr-defined]
    assert (answer["decision"], answer["reason"]) == ("skip", "opted_out")
    assert failed == ["consent", "hours", "hours_recommended"]

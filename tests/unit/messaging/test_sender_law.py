"""Which senders law lets be shown where: every triple of sender, country and class, against the facts."""

import tomllib
from datetime import date
from itertools import product

import pytest

from textwell.compliance.library import FOLDER
from textwell.messaging.sender_law import judge_kind, needs_registration, refused_countries

ON = date(2026, 11, 20)
KINDS = ("alphanumeric", "long_code", "short_code", "toll_free", "modem")
CLASSES = ("marketing", "transactional", "otp", "care")


def expected(rule: dict[str, object], kind: str, purpose: str, *, is_registered: bool) -> str:
    """By the words of the facts alone."""
    right = rule.get(kind)
    if kind == "modem" and right is None:
        if purpose == "marketing":
            return "sender_not_allowed"
        right, kind = rule.get("long_code"), "long_code"
    spared = rule.get("marketing_only", [])
    if right == "no" and purpose != "marketing" and isinstance(spared, list) and kind in spared:
        right = "yes"
    if right == "no":
        return "sender_not_allowed"
    return "sender_unregistered" if right == "preregistered" and not is_registered else ""


def rules() -> dict[str, dict[str, object]]:
    found = {}
    for path in sorted(FOLDER.glob("??/*.toml")):
        pack = tomllib.loads(path.read_text())
        for rule in pack["rule"]:
            if rule["kind"] == "sender":
                found[pack["id"]] = rule
    return found


def test_every_unregistered_triple_is_refused_and_no_other() -> None:
    judged = refused = 0
    for (country, rule), kind, purpose, is_registered in product(
        rules().items(), KINDS, CLASSES, (True, False)
    ):
        want = expected(rule, kind, purpose, is_registered=is_registered)
        found = judge_kind(country, kind, purpose, is_registered=is_registered, on=ON)
        assert found == want, (country, kind, purpose, is_registered)
        judged += 1
        refused += want == "sender_unregistered"

    assert (judged >= 1_200, refused >= 150) == (True, True)


@pytest.mark.parametrize(
    ("kind", "purpose", "reason"),
    [
        ("modem", "marketing", "sender_not_allowed"),
        ("long_code", "marketing", "sender_not_allowed"),
        ("modem", "care", ""),  # a text to the staff
        ("alphanumeric", "care", "sender_unregistered"),
    ],
)
def test_a_plain_number_of_vietnam_is_for_care_alone(kind: str, purpose: str, reason: str) -> None:
    assert judge_kind("VN", kind, purpose, is_registered=False, on=ON) == reason


def test_an_own_purpose_is_marketing() -> None:
    assert judge_kind("VN", "modem", "vip", is_registered=True, on=ON) == "sender_not_allowed"


def test_a_country_without_rules_bars_no_sender() -> None:
    assert judge_kind("LU", "alphanumeric", "care", is_registered=False, on=ON) == ""


def test_what_no_registration_mends_needs_none() -> None:
    assert needs_registration("VN", "alphanumeric", "marketing", on=ON) is True
    assert needs_registration("VN", "long_code", "marketing", on=ON) is False


def test_a_sender_for_one_country_is_judged_there_by_its_own_kind() -> None:
    found = refused_countries(
        {"": "alphanumeric", "US": "toll_free"}, "marketing",
        is_registered=lambda country: country == "VN", on=ON,
    )  # fmt: skip

    assert found["US"] == "sender_unregistered"
    assert found["CA"] == "sender_not_allowed"
    assert ("VN" in found, "FR" in found, "GB" in found) == (False, False, False)

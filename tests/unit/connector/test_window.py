"""What the gate keeps back at hand-off, by the gateway that the window is for."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from textwell.compliance.wording import NOTHING, Demands
from textwell.gateways.providers.base import ApprovedText, GatewaySpec, Right, SenderSpec
from textwell.messaging.compose import Composed, Composer, Wording
from textwell.runtime.connector.content import Content, content_of_single
from textwell.runtime.connector.preparing import prepare
from textwell.runtime.connector.window import LeasedBatch, Prepared, Row, Window

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


def spec_of(provider: str, *rights: Right, kind: str = "alphanumeric", **more: Any) -> GatewaySpec:
    sender = SenderSpec("BAKERY", kind, "", None)
    return GatewaySpec(
        1, 1, "Test", provider, "active", {}, senders=(sender,), rights=rights, **more
    )


def row(
    message_id: int, *, first_name: str = "Ada", is_sample: bool = False, country: str = "GB"
) -> Row:
    return (message_id, 3, "+447700900110", country, "BAKERY", None, NOON, True, "", True, True,
            [0, 0, 0], first_name, "Berg", "en", {}, "", None, is_sample, "Etc/UTC", None,
            None, None, "", None, "", "")  # fmt: skip


@pytest.mark.parametrize(
    ("provider", "is_sample", "left_out"),
    [
        ("smpp", True, ["sample_person"]),
        ("smpp", False, []),
        ("simulator", True, []),
        ("no_such_provider", True, ["sample_person"]),
    ],
)
def test_a_sample_person_leaves_over_a_simulated_gateway_alone(
    provider: str, left_out: list[str], *, is_sample: bool
) -> None:
    batch = LeasedBatch(1, 1, None, "bulk", 9, 1, content_of_single(body="Hi", extra={}))
    result = Prepared()

    prepare(
        [row(7, is_sample=is_sample)], window=Window(1, batch, 1, 0.0), spec=spec_of(provider),
        at=NOON, into=result,
    )  # fmt: skip

    assert [left.reason for left in result.left_out] == left_out
    assert len(result.pending) == 1 - len(left_out)


VN_RIGHT = Right("BAKERY", "VN", "marketing", NOON.date())
VN_TEXT = ApprovedText("BAKERY", "VN", "marketing", "Hi", "H{1}", 1)


def approved(**changes: Any) -> GatewaySpec:
    return spec_of("smpp", VN_RIGHT, templates=(replace(VN_TEXT, **changes),))


@pytest.mark.parametrize(
    ("label", "spec", "purpose", "left_out"),
    [
        ("not registered", spec_of("smpp"), "marketing", ["sender_unregistered"]),
        ("registered to its last day", approved(until=NOON.date()), "marketing", []),
        ("without a template", spec_of("smpp", VN_RIGHT), "marketing", ["template_unregistered"]),
        ("with one that is over", approved(until=date(2026, 11, 25)), "marketing",
         ["template_unregistered"]),
        ("with one of another class", approved(purpose="care"), "marketing",
         ["template_unregistered"]),
        ("with another text", approved(text="H{1}!"), "marketing", ["template_unregistered"]),
        ("past it", spec_of("smpp", replace(VN_RIGHT, until=date(2026, 11, 25))), "marketing",
         ["sender_unregistered"]),
        ("for another class", spec_of("smpp", VN_RIGHT), "care", ["sender_unregistered"]),
        ("an answer", spec_of("smpp", VN_RIGHT), "answer", []),
        ("one to HELP", spec_of("smpp", VN_RIGHT), "help_reply", []),
        ("one to STOP", spec_of("smpp", replace(VN_RIGHT, purpose="otp")), "opt_out_confirmation", []),
        ("one from no registered sender", spec_of("smpp"), "answer", ["sender_unregistered"]),
        ("one from a number that is for care", spec_of("smpp", kind="long_code"),
         "opt_out_confirmation", []),
        ("a plain number", spec_of("smpp", kind="modem"), "marketing", ["sender_not_allowed"]),
        ("the same for the staff", spec_of("smpp", kind="modem"), "care", []),
        ("simulated", spec_of("simulator"), "marketing", []),
        ("in a sandbox", spec_of("smpp", is_sandbox=True), "marketing", []),
    ],
)  # fmt: skip
def test_the_sender_is_judged_before_the_text_is_made(
    label: str, spec: GatewaySpec, purpose: str, left_out: list[str]
) -> None:
    content = content_of_single(body="Hi", extra={"purpose": purpose})
    batch = LeasedBatch(1, 1, None, "bulk", 9, 1, replace(content, law_layer=""))
    result, window = Prepared(), Window(1, batch, 1, 0.0)

    prepare([row(7, country="VN")], window=window, spec=spec, at=NOON, into=result)

    assert [left.reason for left in result.left_out] == left_out


@pytest.mark.parametrize(
    ("label", "expires_at", "validity_s"),
    [
        ("no expiry", None, 3600),
        ("one after the campaign's hours", NOON + timedelta(hours=2), 3600),
        ("one before", NOON + timedelta(minutes=10), 600),
        ("one in a moment", NOON + timedelta(milliseconds=1), 1),
    ],
)
def test_the_carrier_tries_no_longer_than_the_text_makes_sense(
    label: str, expires_at: datetime | None, validity_s: int
) -> None:
    content = Content("transactional", 0, 24, 3600, Composer(Wording(body="Hi", fallbacks={})))
    batch = LeasedBatch(1, 1, 5, "bulk", 9, 1, content)
    one, result = list(row(7)), Prepared()
    one[5] = expires_at

    prepare(
        [tuple(one)],
        window=Window(1, batch, 1, 0.0),
        spec=spec_of("simulator"),
        at=NOON,
        into=result,
    )

    assert [each.handoff.validity_s for each in result.pending] == [validity_s]


class Fragile(Composer):
    """One with a fault that nobody has thought of."""

    def compose(
        self, person: Mapping[str, Any], links: Mapping[str, str], demands: Demands = NOTHING
    ) -> Composed:
        if person["first_name"] == "Odd":
            raise RecursionError
        return super().compose(person, links, demands)


def test_a_text_that_fails_in_an_unforeseen_way_costs_its_person_alone() -> None:
    wording = Wording(body="Hi {{ first_name }}", fallbacks={"first_name": "you"})
    content = Content("transactional", 0, 24, 3600, Fragile(wording))
    batch = LeasedBatch(1, 1, 5, "bulk", 9, 1, content)
    result = Prepared()

    prepare(
        [row(7), row(8, first_name="Odd"), row(9)], window=Window(1, batch, 3, 0.0),
        spec=spec_of("simulator"), at=NOON, into=result,
    )  # fmt: skip

    assert [one.handoff.message_id for one in result.pending] == [7, 9]
    (left,) = result.left_out
    assert (left.message_id, left.reason, left.facts) == (
        8, "text_failed", {"error": "RecursionError"},
    )  # fmt: skip

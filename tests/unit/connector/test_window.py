"""What the gate keeps back at hand-off, by the gateway that the window is for."""

from datetime import UTC, datetime

import pytest

from textwell.gateways.providers.base import GatewaySpec, SenderSpec
from textwell.runtime.connector.content import content_of_single
from textwell.runtime.connector.window import LeasedBatch, Prepared, Window, prepare

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


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
    spec = GatewaySpec(
        1,
        1,
        "Test",
        provider,
        "active",
        {},
        senders=(SenderSpec("BAKERY", "alphanumeric", "", None),),
    )
    batch = LeasedBatch(1, 1, None, "bulk", 9, 1, content_of_single(body="Hi", extra={}))
    row = (7, 3, "+12125550110", "US", "BAKERY", None, NOON, True, "", True, True, [0, 0],
           "Ada", "Berg", "en", {}, "", None, is_sample)  # fmt: skip
    result = Prepared()

    prepare([row], window=Window(1, batch, 1, 0.0), spec=spec, at=NOON, into=result)

    assert [left.reason for left in result.left_out] == left_out
    assert len(result.pending) == 1 - len(left_out)

"""The octets of a text as a gateway hands them over."""

import pytest

from builders import make_gateway
from textwell.accounts.models import Workspace
from textwell.gateways.parts import list_parts
from textwell.gateways.providers.base import Handoff
from textwell.gateways.providers.smpp.outgoing import Bodies
from textwell.gateways.providers.smpp.settings import DEFAULTS, SmppSettings

pytestmark = pytest.mark.django_db
LONG = "Bánh mì nóng, giảm 20% đến Chủ nhật. " * 3


def test_a_short_text_has_one_part_without_header(workspace: Workspace) -> None:
    parts = list_parts(make_gateway(workspace=workspace), "Brot 5€")

    assert parts.is_submitted
    assert [(p.header, p.octets.hex()) for p in parts.shown] == [(b"", "42726f7420351b65")]


def test_long_parts_have_their_header_and_text_apart(workspace: Workspace) -> None:
    parts = list_parts(make_gateway(workspace=workspace), "a" * 161).shown

    assert [part.header.hex() for part in parts] == ["050003000201", "050003000202"]
    assert [part.octets for part in parts] == [b"a" * 153, b"a" * 8]
    assert [part.octet_count for part in parts] == [159, 14]


@pytest.mark.parametrize("strategy", ["udh8", "udh16", "sar", "payload"])
@pytest.mark.parametrize("text", ["Short", "Brot 5€ [x]", "Chào bạn", "x" * 200, LONG])
def test_they_stand_in_what_the_gateway_submits(
    workspace: Workspace, strategy: str, text: str
) -> None:
    gateway = make_gateway(
        workspace=workspace, provider="smpp", settings={"long_messages": strategy}
    )
    given = DEFAULTS | {"host": "x", "system_id": "x", "long_messages": strategy}
    bodies = Bodies(SmppSettings.read(given)).build(Handoff(1, "+33612345678", "BAKERY", text))

    parts = list_parts(gateway, text).shown

    assert len(parts) == len(bodies)
    for part, body in zip(parts, bodies, strict=True):
        assert part.octets in body
        zeroed = body.replace(part.octets, b"")
        assert len(part.header) == 0 or part.header[:2] in zeroed  # the reference differs


def test_a_carrier_that_is_given_the_text_shows_the_air(workspace: Workspace) -> None:
    gateway = make_gateway(workspace=workspace, provider="simulator_http")

    parts = list_parts(gateway, "hellohello")

    assert not parts.is_submitted
    assert parts.shown[0].octets.hex() == "e8329bfd4697d9ec37"  # the example of many books
    assert list_parts(None, "hellohello") == parts


def test_what_no_carrier_takes_has_no_parts(workspace: Workspace) -> None:
    text = "x" * (153 * 255 + 1)

    assert not list_parts(make_gateway(workspace=workspace), text).is_whole
    assert not list_parts(None, text).is_whole

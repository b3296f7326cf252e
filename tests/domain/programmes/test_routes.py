"""By what a programme's texts go: never by a sender that law bars there."""

from builders import make_gateway
from domain.programmes import make_sender
from textwell.accounts.models import Workspace
from textwell.gateways.models import Gateway, Sender
from textwell.programmes.routes import find_route


def test_a_sender_that_law_bars_there_is_passed_over(workspace: Workspace) -> None:
    modem = make_gateway(workspace=workspace, sender=None)
    Sender.objects.create(
        workspace_id=workspace.id, gateway=modem, value="+84912345678", kind="long_code"
    )
    make_sender(workspace)
    Gateway.objects.update(provider="smpp")  # reaches phones: law holds

    asked = find_route(workspace.id, "VN", "+84912345678")
    in_france = find_route(workspace.id, "FR", "38000")

    assert (asked and asked.sender, in_france and in_france.sender) == (None, "38000")

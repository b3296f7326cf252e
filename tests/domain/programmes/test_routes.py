"""By what a programme's texts go: never by a sender that law bars there."""

from builders import make_contact, make_gateway
from domain.programmes import ACTOR, make_sender
from textwell.accounts.models import Workspace
from textwell.core.clock import now
from textwell.gateways import registrations
from textwell.gateways.models import Gateway, Sender
from textwell.inbox.answering import reach
from textwell.inbox.models import Reply
from textwell.programmes.reaching import ASKING
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


def test_an_answer_passes_over_a_name_that_is_not_registered_there(workspace: Workspace) -> None:
    person = make_contact(workspace=workspace, msisdn="+84912000001", country="VN")
    named = make_gateway(workspace=workspace, sender="BREAD")
    other = make_gateway(workspace=workspace, sender="BAKERY")
    Gateway.objects.update(provider="smpp")
    refusal = reach(workspace.id, person.id, purpose="care").refusal
    assert refusal is not None
    assert refusal.reason == "sender_unregistered"

    Sender.objects.filter(gateway=other).update(value="+84912345678", kind="long_code")
    Reply.objects.create(
        workspace_id=workspace.id, gateway_id=named.id, source_key="1", contact_id=person.id,
        msisdn=person.msisdn, recipient="BREAD", text="Hi", received_at=now(), intent="other",
        certainty=1.0,
    )  # fmt: skip

    route = reach(workspace.id, person.id, purpose="care").route
    assert route is not None
    assert route.sender == "+84912345678"


def test_the_question_goes_by_a_sender_that_is_registered_for_marketing(
    workspace: Workspace,
) -> None:
    gateway = make_sender(workspace)
    Gateway.objects.update(provider="smpp")
    registrations.create_registration(
        workspace_id=workspace.id, actor=ACTOR, value="38000", kind="short_code", country="CA",
        purpose="marketing", state="approved",
    )  # fmt: skip

    route = find_route(workspace.id, "CA", purpose=ASKING)

    assert route is not None
    assert (route.gateway_id, route.sender) == (gateway.id, "38000")

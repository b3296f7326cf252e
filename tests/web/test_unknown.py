"""Answers that were lost, as people see them: the list, marking by hand, sending again on purpose."""

from collections.abc import Callable

import pytest
from django.test import Client

from builders import make_member
from domain.messaging.ledger import Planned, lose_answers, lose_single, states
from textwell.accounts.models import AuditEntry, User, Workspace
from textwell.messaging.models import Batch


@pytest.fixture
def planned(workspace: Workspace) -> Planned:
    return lose_answers(workspace, people=3, count=2)[0]


@pytest.fixture
def ids(planned: Planned) -> list[int]:
    return sorted(key for key, state in states(planned).items() if state == "unknown")


def _path(planned: Planned, verb: str = "") -> str:
    return f"/campaigns/{planned.campaign.id}/unknown{verb}"


def _settle(client: Client, planned: Planned, **given: object) -> str:
    form = {"which": "all", "fate": "not_sent", "reason": "The portal says so"} | given
    return client.post(_path(planned, "/settle"), form, follow=True).content.decode()


def _again(client: Client, planned: Planned, **given: object) -> str:
    form = {"which": "all", "reason": "The link is back", "confirmed": "on"} | given
    return client.post(_path(planned, "/again"), form, follow=True).content.decode()


def test_the_live_page_and_the_report_lead_to_the_list(
    owner_client: Client, planned: Planned
) -> None:
    for name in ("live", "report"):
        page = owner_client.get(f"/campaigns/{planned.campaign.id}/{name}").content.decode()

        assert "answers to 2 texts were lost" in page
        assert f'href="{_path(planned)}"' in page


def test_the_list_says_who_over_which_gateway_and_why(
    owner_client: Client, planned: Planned, ids: list[int]
) -> None:
    page = owner_client.get(_path(planned)).content.decode()

    assert page.count('name="message"') == 2
    assert f'value="{ids[0]}"' in page
    assert "The carrier&#x27;s answer was lost" in page
    assert "Gateway" in page
    assert planned.people[0].msisdn not in page


def test_ticked_ones_alone_are_marked(
    owner_client: Client, planned: Planned, ids: list[int]
) -> None:
    page = _settle(owner_client, planned, which="chosen", message=[ids[1]], fate="sent")

    assert "1 is marked as sent." in page
    assert [states(planned)[each] for each in ids] == ["unknown", "submitted"]


def test_without_a_reason_or_a_choice_nothing_is_marked(
    owner_client: Client, planned: Planned, ids: list[int]
) -> None:
    pages = [
        _settle(owner_client, planned, reason=" "),
        _settle(owner_client, planned, which="chosen"),
        _settle(owner_client, planned, fate="perhaps"),
    ]

    assert "the audit log keeps it" in pages[0]
    assert "Name at least one message" in pages[1]
    assert "Say that they were sent, or that they were not." in pages[2]
    assert {states(planned)[each] for each in ids} == {"unknown"}


def test_marked_as_not_sent_they_are_sent_again_only_when_confirmed(
    owner_client: Client, planned: Planned, ids: list[int]
) -> None:
    _settle(owner_client, planned)

    refused = _again(owner_client, planned, confirmed="")
    assert "It was not confirmed." in refused
    assert {states(planned)[each] for each in ids} == {"not_sent"}

    assert "2 wait to be sent again." in _again(owner_client, planned)
    assert {states(planned)[each] for each in ids} == {"planned"}
    assert Batch.objects.filter(campaign_id=planned.campaign.id, state="planned").count() == 1
    actions = AuditEntry.objects.filter(action__startswith="messages.").order_by("id")
    assert list(actions.values_list("action", "reason")) == [
        ("messages.settled", "The portal says so"), ("messages.sent_again", "The link is back"),
    ]  # fmt: skip


def test_the_message_tells_who_said_so_and_why(
    owner_client: Client, owner: User, planned: Planned, ids: list[int]
) -> None:
    _settle(owner_client, planned)
    _again(owner_client, planned)

    page = owner_client.get(f"/messages/{ids[0]}").content.decode()

    assert "Somebody found that it was not sent" in page
    assert f"{owner.name}: “The portal says so”" in page
    assert f"{owner.name}: “The link is back”" in page


@pytest.mark.parametrize("role", ["reader", "analyst"])
def test_who_may_not_control_campaigns_sees_it_and_marks_nothing(
    client_of: Callable[[User], Client], workspace: Workspace, planned: Planned, role: str
) -> None:
    client = client_of(make_member(workspace=workspace, role=role))

    shown = client.get(_path(planned))
    answers = [client.post(_path(planned, verb)).status_code for verb in ("/settle", "/again")]

    assert (shown.status_code, answers) == (200, [403, 403])
    assert b'name="fate"' not in shown.content
    assert sorted(states(planned).values()) == ["planned", "unknown", "unknown"]


def test_a_message_outside_campaigns_is_settled_on_its_page(
    owner_client: Client, workspace: Workspace
) -> None:
    message_id = lose_single(workspace)
    form = {"fate": "not_sent", "reason": "The portal says so"}

    before = owner_client.get(f"/messages/{message_id}").content.decode()
    nothing = owner_client.post(f"/messages/{message_id}/settle", {"reason": "x"}, follow=True)
    after = owner_client.post(f"/messages/{message_id}/settle", form, follow=True)

    assert f'action="/messages/{message_id}/settle"' in before
    assert "is missing" in nothing.content.decode()
    assert "The message is marked as not sent." in after.content.decode()
    assert f'action="/messages/{message_id}/settle"' not in after.content.decode()
    assert AuditEntry.objects.get(action="messages.settled").subject == f"message:{message_id}"


def test_who_may_not_send_may_not_settle(
    workspace: Workspace, client_of: Callable[[User], Client]
) -> None:
    message_id = lose_single(workspace)
    viewer = client_of(make_member(workspace=workspace, role="reader"))

    page = viewer.get(f"/messages/{message_id}").content.decode()
    answer = viewer.post(f"/messages/{message_id}/settle", {"fate": "sent", "reason": "x"})

    assert f'action="/messages/{message_id}/settle"' not in page
    assert answer.status_code == 403
    assert not AuditEntry.objects.filter(action="messages.settled").exists()

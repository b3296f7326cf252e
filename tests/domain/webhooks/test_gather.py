"""What happened becomes one delivery for each endpoint that asked for it."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from builders import make_campaign, make_contact, make_gateway, make_workspace
from textwell.accounts.models import Workspace
from textwell.consent.actions import record_opt_out
from textwell.consent.models import SealedDay
from textwell.core.clock import now
from textwell.core.models import Cursor
from textwell.core.wire import MoItem
from textwell.inbox.actions import record_replies
from textwell.inbox.answering import answer_thread
from textwell.inbox.models import Reply, Thread
from textwell.inbox.threads import add_note
from textwell.links.models import Click
from textwell.messaging.actions import SingleMessage, send_single
from textwell.programmes.actions import create_programme
from textwell.programmes.models import Programme, ProgrammeState
from textwell.webhooks import gather as gather_module
from textwell.webhooks.actions import (
    ask_for_message,
    create_endpoint,
    delete_endpoint,
    replay,
    send_test_event,
    update_endpoint,
)
from textwell.webhooks.gather import AWAKE, CODES_EVERY_S, Gatherer, gather
from textwell.webhooks.models import Delivery, Endpoint, Happening
from textwell.webhooks.types import Form

pytestmark = pytest.mark.django_db

ALL_OF_A_MESSAGE = ["message.submitted", "message.delivered", "message.undelivered"]


def listen(workspace: Workspace, *kinds: str) -> Endpoint:
    """An endpoint, with the cursors at the present."""
    endpoint, _secret = create_endpoint(
        workspace_id=workspace.id, url="https://example.com/hook", kinds=kinds, actor="test"
    )
    gather()
    return endpoint


def kinds_told(endpoint: Endpoint) -> Counter[str]:
    told = Delivery.objects.filter(endpoint=endpoint)
    return Counter(told.values_list("happening__kind", flat=True))


def make_message(workspace: Workspace) -> int:
    contact = make_contact(workspace=workspace)
    message = SingleMessage(
        workspace_id=workspace.id, contact_id=contact.id, msisdn=contact.msisdn, country="FR",
        body="Hi", purpose="marketing", lane="bulk", gateway_id=make_gateway(workspace=workspace).id,
        sender="BAKERY",
    )  # fmt: skip
    return send_single(message, actor="test")


def put_outcome(message_id: int, outcome: str = "submitted") -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO messaging_outcome (message_id, gateway_id, at, outcome, provider_key)"
            " SELECT id, gateway_id, now(), %s, 77 FROM messaging_message WHERE id = %s"
            " RETURNING id",
            [outcome, message_id],
        )
        put_cursor("fold.outcome", int(cursor.fetchone()[0]))


def put_receipt(message_id: int | None, gateway_id: int, state: str = "delivered") -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO messaging_dlr (gateway_id, message_id, provider_key, state, received_at)"
            " VALUES (%s, %s, 77, %s, now()) RETURNING id",
            [gateway_id, message_id, state],
        )
        put_cursor("fold.dlr", int(cursor.fetchone()[0]))


def put_cursor(name: str, position: int) -> None:
    Cursor.objects.update_or_create(name=name, defaults={"position": position})


def set_state(message_id: int, state: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE messaging_message SET state = %s WHERE id = %s RETURNING gateway_id",
            [state, message_id],
        )
        return int(cursor.fetchone()[0])


def test_the_fate_of_a_message_is_told_once(workspace: Workspace) -> None:
    endpoint = listen(workspace, *ALL_OF_A_MESSAGE)
    message_id = make_message(workspace)
    put_outcome(message_id)
    gateway_id = set_state(message_id, "delivered")
    put_receipt(message_id, gateway_id)
    put_receipt(message_id, gateway_id)

    gather()
    gather()

    assert kinds_told(endpoint) == {"message.submitted": 1, "message.delivered": 1}
    told = Happening.objects.get(kind="message.delivered")
    assert (told.data["message_id"], told.data["state"]) == (message_id, "delivered")


def test_a_receipt_that_changed_nothing_is_not_told(workspace: Workspace) -> None:
    endpoint = listen(workspace, *ALL_OF_A_MESSAGE)
    message_id = make_message(workspace)
    put_receipt(message_id, set_state(message_id, "delivered"), "undelivered")

    gather()

    assert kinds_told(endpoint) == {}


def test_a_receipt_that_came_before_its_answer_is_told_when_the_message_is_known(
    workspace: Workspace,
) -> None:
    endpoint = listen(workspace, "message.delivered")
    message_id = make_message(workspace)
    gateway_id = set_state(message_id, "delivered")
    put_receipt(None, gateway_id)
    gather()
    before = kinds_told(endpoint)
    put_outcome(message_id)

    gather()

    assert (before, kinds_told(endpoint)) == ({}, {"message.delivered": 1})


def test_replies_clicks_and_consent_are_told(workspace: Workspace) -> None:
    endpoint = listen(workspace, "reply.received", "link.clicked", "contact.opted_out")
    contact = make_contact(workspace=workspace)
    Reply.objects.create(
        workspace_id=workspace.id, gateway_id=1, source_key="a", contact_id=contact.id,
        msisdn=contact.msisdn, text="Yes!", received_at=now(), intent="yes",
    )  # fmt: skip
    for number, kind in enumerate(("human", "machine")):
        Click.objects.create(
            stream_key=f"c{number}", workspace_id=workspace.id, message_id=5, link_number=1,
            at=now(), kind=kind,
        )  # fmt: skip
    record_opt_out(
        workspace_id=workspace.id, contact_id=contact.id, msisdn=contact.msisdn, source="page",
        wording="stop", given_at=now(), actor="test",
    )  # fmt: skip

    gather()
    gather()

    assert kinds_told(endpoint) == {
        "reply.received": 1,
        "link.clicked": 1,
        "contact.opted_out": 1,
    }


def test_an_answer_in_the_inbox_is_told_and_a_note_is_not(workspace: Workspace) -> None:
    endpoint = listen(workspace, "reply.answered")
    gateway, contact = make_gateway(workspace=workspace), make_contact(workspace=workspace)
    record_replies([MoItem(gateway.id, "a", contact.msisdn, "BAKERY", "Are you open?", 1.0)])
    thread = Thread.objects.get()
    add_note(thread=thread, text="A regular", actor="user:1")
    answered = answer_thread(thread=thread, text="Yes", seen=2, actor="user:1")

    gather()
    gather()

    assert kinds_told(endpoint) == {"reply.answered": 1}
    happening = Happening.objects.get(kind="reply.answered")
    assert happening.message_id == answered.entry.message_id
    assert happening.data == {
        "thread_id": thread.id,
        "contact_id": contact.id,
        "message_id": answered.entry.message_id,
        "text": "Yes",
        "actor": "user:1",
        "assignee_id": None,
    }


def test_a_finished_campaign_is_told_once(workspace: Workspace) -> None:
    endpoint = listen(workspace, "campaign.finished")
    make_campaign(workspace=workspace, state="finished", finished_at=now())

    gather()
    gather()

    assert kinds_told(endpoint) == {"campaign.finished": 1}


def test_the_root_of_a_day_of_the_consent_ledger_is_told_once(workspace: Workspace) -> None:
    endpoint = listen(workspace, "consent.root")
    today = now().date()
    for days in (9, 2):
        day = today - timedelta(days=days)
        SealedDay.objects.create(workspace_id=workspace.id, day=day, line=f"line {days}")
    gatherer = Gatherer()

    gatherer.step()
    gatherer.step()

    assert kinds_told(endpoint) == {"consent.root": 1}
    happening = Happening.objects.get(kind="consent.root")
    assert happening.data == {"day": str(today - timedelta(days=2)), "root": "line 2"}


def test_nothing_of_another_workspace_and_nothing_unasked_is_told(workspace: Workspace) -> None:
    endpoint = listen(workspace, "message.delivered")
    put_outcome(make_message(workspace))
    other = make_workspace(name="Other")
    message_id = make_message(other)
    put_receipt(message_id, set_state(message_id, "delivered"))

    gather()

    assert kinds_told(endpoint) == {}


def test_what_happened_before_an_endpoint_was_made_is_not_told(workspace: Workspace) -> None:
    gather()
    put_outcome(make_message(workspace))
    gather()

    endpoint = listen(workspace, *ALL_OF_A_MESSAGE)

    assert kinds_told(endpoint) == {}


def test_a_form_of_another_api_hears_of_its_own_messages_alone(workspace: Workspace) -> None:
    mine, other = make_message(workspace), make_message(workspace)
    ask_for_message(
        workspace_id=workspace.id, message_id=mine, form=Form.TWILIO,
        url="https://example.com/status", api_key_id=1, secret="token",
    )  # fmt: skip
    gather()
    put_outcome(mine)
    put_outcome(other)

    gather()

    told = Delivery.objects.filter(endpoint__form="twilio")
    assert [each.happening.message_id for each in told] == [mine]


def test_a_deleted_endpoint_hears_nothing_more(workspace: Workspace) -> None:
    endpoint = listen(workspace, *ALL_OF_A_MESSAGE)
    put_outcome(make_message(workspace))
    gather()
    delete_endpoint(endpoint=endpoint, actor="test")
    put_outcome(make_message(workspace))

    gather()

    assert kinds_told(endpoint) == {}


def test_a_replay_tells_what_failed_again_and_no_test(workspace: Workspace) -> None:
    endpoint = listen(workspace, *ALL_OF_A_MESSAGE)
    for _number in range(3):
        put_outcome(make_message(workspace))
    gather()
    send_test_event(endpoint=endpoint, actor="test")
    told = list(Delivery.objects.filter(endpoint=endpoint).order_by("id"))
    Delivery.objects.filter(id__in=[told[0].id, told[1].id]).update(state="delivered")
    Delivery.objects.filter(id=told[2].id).update(state="failed", next_at=None)

    count = replay(endpoint=endpoint, since=now() - timedelta(hours=1), actor="test")
    again = replay(
        endpoint=endpoint, since=now() - timedelta(hours=1), only_failed=False, actor="test"
    )

    assert (count, again) == (1, 3)


def test_switching_on_again_forgets_the_failures(workspace: Workspace) -> None:
    endpoint = listen(workspace, *ALL_OF_A_MESSAGE)
    Endpoint.objects.filter(id=endpoint.id).update(
        is_active=False, failing_since=now(), stopped_reason="failing"
    )
    endpoint.refresh_from_db()

    update_endpoint(endpoint=endpoint, actor="test", is_active=True)

    endpoint.refresh_from_db()
    assert (endpoint.is_active, endpoint.failing_since, endpoint.stopped_reason) == (True, None, "")


# -- while nothing happens -------------------------------------------------------------------------


class Idle:
    """A gatherer whose sources are quiet, and its clock."""

    def __init__(self) -> None:
        self.at = 0.0
        self.gatherer = Gatherer(clock=lambda: self.at)
        self.gatherer.step()
        self.wait()

    def wait(self) -> None:
        self.at += AWAKE.total_seconds() + 1


def test_a_step_without_news_is_one_query(
    workspace: Workspace, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    listen(workspace, "reply.received", "message.submitted", "campaign.finished")
    idle = Idle()

    with django_assert_num_queries(1):
        assert idle.gatherer.step() == 0


def test_what_happens_to_a_quiet_gatherer_is_told_at_once(workspace: Workspace) -> None:
    endpoint = listen(workspace, "reply.received", "message.submitted", "contact.opted_out")
    idle = Idle()

    put_outcome(make_message(workspace))
    contact = make_contact(workspace=workspace)
    record_opt_out(
        workspace_id=workspace.id, contact_id=contact.id, msisdn=contact.msisdn, source="page",
        wording="stop", given_at=now(), actor="test",
    )  # fmt: skip

    assert idle.gatherer.step() == 2
    assert kinds_told(endpoint) == {"message.submitted": 1, "contact.opted_out": 1}


def test_a_new_endpoint_wakes_a_quiet_gatherer(workspace: Workspace) -> None:
    idle = Idle()
    endpoint, _secret = create_endpoint(
        workspace_id=workspace.id, url="https://example.com/hook", kinds=["campaign.finished"],
        actor="test",
    )  # fmt: skip
    make_campaign(workspace=workspace, state="finished", finished_at=now())

    assert idle.gatherer.step() == 1
    assert kinds_told(endpoint) == {"campaign.finished": 1}


def test_after_a_step_that_failed_nothing_is_taken_for_seen(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint = listen(workspace, "campaign.finished")
    idle = Idle()
    make_campaign(workspace=workspace, state="finished", finished_at=now())
    with monkeypatch.context() as broken:
        broken.setattr(gather_module, "_run", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            idle.gatherer.step()

    idle.wait()

    assert idle.gatherer.step() == 1
    assert kinds_told(endpoint) == {"campaign.finished": 1}


def test_codes_that_run_out_are_told_once_a_day_and_looked_at_once_a_minute(
    workspace: Workspace, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    endpoint = listen(workspace, "programme.codes_low")
    made = create_programme(workspace=workspace, actor="test", name="Club", welcome="Hi! {code}")
    Programme.objects.filter(id=made.id).update(state=ProgrammeState.PUBLISHED, low_codes=2)
    idle = Idle()
    idle.at += CODES_EVERY_S

    idle.gatherer.step()
    with django_assert_num_queries(1):
        idle.gatherer.step()
    idle.at += CODES_EVERY_S
    idle.gatherer.step()

    assert kinds_told(endpoint) == {"programme.codes_low": 1}
    told = Happening.objects.get(kind="programme.codes_low").data
    assert told == {"programme_id": made.id, "name": "Club", "codes_left": 0}

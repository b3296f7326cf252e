"""A gateway that is not wanted any more: deleted, retired or refused; and what stays of it."""

from typing import Any

import pytest
from django.db import connection, transaction

from api.conftest import Program
from builders import make_campaign, make_contact, make_gateway, make_workspace
from domain.messaging.ledger import plan_campaign
from domain.messaging.test_batches import rows_read
from textwell.accounts.models import AuditEntry, Workspace
from textwell.accounts.types import Scope
from textwell.api import sending
from textwell.api.sending import build_single
from textwell.campaigns.actions import launch_campaign
from textwell.campaigns.checks import check_campaign
from textwell.campaigns.removal import Removal, remove_gateway
from textwell.campaigns.sql import IS_AWAITED
from textwell.campaigns.trial import send_test
from textwell.core.clock import now
from textwell.core.errors import Conflict, FieldError, NotFound
from textwell.gateways.actions import pause_gateway, restore_gateway, resume_gateway, update_gateway
from textwell.gateways.doors import publish_all_gateways
from textwell.gateways.models import Gateway, GatewayHealth
from textwell.gateways.selectors import (
    list_gateways,
    list_retired,
    load_gateway_spec,
)
from textwell.inbox.models import Reply
from textwell.messaging.actions import SingleMessage, send_single
from textwell.messaging.models import Batch, Held, Message, Tally
from textwell.reports.today import gateway_counts

pytestmark = pytest.mark.django_db


def names_of(gateway: Gateway) -> dict[str, Any]:
    return {"workspace_id": gateway.workspace_id, "gateway_id": gateway.id, "actor": "user:7"}


@pytest.fixture
def gateway(workspace: Workspace) -> Gateway:
    """Paused, and nothing was ever sent by it."""
    return pause_gateway(**names_of(make_gateway(workspace=workspace)))


@pytest.fixture
def retired(gateway: Gateway) -> Gateway:
    """With three texts handed off."""
    Tally.objects.create(
        campaign_id=-gateway.id, state="delivered", reason="", message_count=3, handed_count=3
    )
    assert remove_gateway(**names_of(gateway)) is Removal.RETIRED
    gateway.refresh_from_db()
    return gateway


def test_one_that_carried_nothing_is_deleted_with_its_senders(gateway: Gateway) -> None:
    assert remove_gateway(**names_of(gateway)) is Removal.DELETED

    assert not Gateway.objects.exists()
    entry = AuditEntry.objects.get(action="gateway.deleted")
    assert (entry.actor, entry.subject) == ("user:7", f"gateway:{gateway.id}")
    with pytest.raises(NotFound):
        remove_gateway(**names_of(gateway))


def _campaign(gateway: Gateway) -> None:
    make_campaign(
        workspace=Workspace.objects.get(id=gateway.workspace_id), gateway=gateway, state="finished",
        first_message_id=1, last_message_id=9,
    )  # fmt: skip


def _single(gateway: Gateway) -> None:
    Tally.objects.create(campaign_id=-gateway.id, state="delivered", reason="", message_count=1)


def _reply(gateway: Gateway) -> None:
    Reply.objects.create(
        workspace_id=gateway.workspace_id, gateway_id=gateway.id, source_key="1", msisdn="+33610000001",
        text="Hi", received_at=now(), intent="other",
    )  # fmt: skip


def _refusal(gateway: Gateway) -> None:
    GatewayHealth.objects.create(gateway=gateway, rejected_count=1)


@pytest.mark.parametrize("carry", [_campaign, _single, _reply, _refusal])
def test_one_by_which_anything_is_found_is_retired(gateway: Gateway, carry: Any) -> None:
    carry(gateway)

    assert remove_gateway(**names_of(gateway)) is Removal.RETIRED
    assert remove_gateway(**names_of(gateway)) is Removal.RETIRED

    assert Gateway.objects.get().state == "retired"
    assert AuditEntry.objects.filter(action="gateway.retired").count() == 1


def test_an_active_one_is_paused_first(workspace: Workspace) -> None:
    gateway = make_gateway(workspace=workspace)

    with pytest.raises(Conflict, match="Pause it first"):
        remove_gateway(**names_of(gateway))
    assert Gateway.objects.get().state == "active"


def test_campaigns_that_wait_for_it_are_named(workspace: Workspace) -> None:
    planned = plan_campaign(workspace, people=2)
    campaign = planned.campaign
    campaign.state = "paused"
    campaign.save()
    gateway = pause_gateway(**names_of(Gateway.objects.get(id=campaign.gateway_id)))

    with pytest.raises(Conflict, match=campaign.name):
        remove_gateway(**names_of(gateway))
    assert Gateway.objects.get(id=gateway.id).state == "paused"


def test_single_texts_that_wait_for_it_refuse_too(gateway: Gateway) -> None:
    batch = Batch.objects.create(
        workspace_id=gateway.workspace_id, gateway_id=gateway.id, lane="care", due_at=now(),
        first_message_id=5, last_message_id=5, marked_id=4, state="queued",
    )  # fmt: skip
    with pytest.raises(Conflict, match="Texts wait"):
        remove_gateway(**names_of(gateway))
    batch.delete()
    Held.objects.create(message_id=5, campaign_id=-gateway.id, due_at=now())
    with pytest.raises(Conflict, match="Texts wait"):
        remove_gateway(**names_of(gateway))

    assert Gateway.objects.get().state == "paused"


def test_what_waits_for_other_gateways_is_not_read(gateway: Gateway) -> None:
    Batch.objects.bulk_create(
        Batch(
            workspace_id=gateway.workspace_id, gateway_id=gateway.id + 1, lane="care", due_at=now(),
            first_message_id=n, last_message_id=n, marked_id=n - 1, state="queued",
        )
        for n in range(3_000)
    )  # fmt: skip
    Held.objects.bulk_create(
        Held(message_id=n, campaign_id=-gateway.id - 1, due_at=now()) for n in range(3_000)
    )

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE messaging_batch, messaging_held")
        params = {"workspace_id": gateway.workspace_id, "gateway_id": gateway.id}
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {IS_AWAITED}", params)
        (plan,) = cursor.fetchone()

    read = [rows_read(plan[0]["Plan"], table) for table in ("messaging_batch", "messaging_held")]
    assert read == [0, 0]


def test_another_workspaces_gateway_is_not_there(gateway: Gateway) -> None:
    with pytest.raises(NotFound):
        remove_gateway(workspace_id=make_workspace().id, gateway_id=gateway.id, actor="user:7")
    assert Gateway.objects.get().state == "paused"


def is_locked(gateway: Gateway) -> bool:
    """Whether anybody locked the row since it was made."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT xmax::text <> '0' FROM gateways_gateway WHERE id = %s", [gateway.id])
        return bool(cursor.fetchone()[0])


def test_a_key_of_another_workspace_locks_nothing(workspace: Workspace) -> None:
    gateway = make_gateway(workspace=workspace)

    with pytest.raises(NotFound):
        remove_gateway(workspace_id=make_workspace().id, gateway_id=gateway.id, actor="user:7")

    assert not is_locked(gateway)


def test_who_writes_a_text_keeps_its_gateway_until_the_commit(workspace: Workspace) -> None:
    gateway = make_gateway(workspace=workspace)

    send_single(text_by(gateway), actor="key:1")

    assert is_locked(gateway)


def test_who_launches_a_campaign_keeps_its_gateway_until_the_commit(workspace: Workspace) -> None:
    gateway = make_gateway(workspace=workspace)
    make_contact(workspace=workspace)

    launch_campaign(campaign=make_campaign(workspace=workspace, gateway=gateway), actor="user:7")

    assert is_locked(gateway)


@pytest.mark.parametrize("is_used", [True, False])
def test_a_text_whose_gateway_was_taken_away_meanwhile_is_not_written(
    gateway: Gateway, *, is_used: bool
) -> None:
    text = text_by(gateway)
    if is_used:
        _single(gateway)
    remove_gateway(**names_of(gateway))

    with pytest.raises(FieldError) as refused, transaction.atomic():
        send_single(text, actor="key:1")

    assert (refused.value.field, refused.value.mend) == ("gateway_id", "Choose another.")
    assert not Message.objects.exists()
    assert not Batch.objects.exists()


@pytest.mark.parametrize("key", [None, "order-7"])
def test_a_call_whose_gateway_is_taken_away_meanwhile_is_refused(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, key: str | None
) -> None:
    gateway = make_gateway(workspace=workspace)
    body = {"to": "+33610000001", "body": "Hi", "purpose": "care", "gateway_id": gateway.id}

    def take_away_first(*read: Any, **more: Any) -> SingleMessage:
        pause_gateway(**names_of(gateway))
        remove_gateway(**names_of(gateway))
        return build_single(*read, **more)

    monkeypatch.setattr(sending, "build_single", take_away_first)
    answer = Program(workspace, [scope.value for scope in Scope]).post("/messages", body, key=key)

    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["field"]) == (422, "gateway_id")
    assert error["problem"] == "was taken away just now"


def text_by(gateway: Gateway) -> SingleMessage:
    contact = make_contact(workspace=Workspace.objects.get(id=gateway.workspace_id))
    return SingleMessage(
        workspace_id=gateway.workspace_id, contact_id=contact.id, msisdn=contact.msisdn, country="FR",
        body="Hi", purpose="service", lane="care", gateway_id=gateway.id, sender="BAKERY",
    )  # fmt: skip


def test_a_retired_one_is_hidden_and_its_figures_stay(retired: Gateway) -> None:
    assert list(list_gateways(retired.workspace_id)) == []
    assert list(list_retired(retired.workspace_id)) == [retired]
    assert gateway_counts(retired.workspace_id)[retired.id].handed.count == 3


@pytest.mark.parametrize("change", [pause_gateway, resume_gateway, update_gateway])
def test_a_retired_one_is_brought_back_before_it_is_changed(retired: Gateway, change: Any) -> None:
    with pytest.raises(Conflict, match="Bring it back first"):
        change(**names_of(retired))

    restored = restore_gateway(**names_of(retired))
    restore_gateway(**names_of(retired))

    assert restored.state == "paused"
    assert AuditEntry.objects.filter(action="gateway.restored").count() == 1
    change(**names_of(retired))


def test_the_door_of_a_retired_one_stays_open_for_late_receipts(retired: Gateway) -> None:
    assert publish_all_gateways() == 1
    assert load_gateway_spec(retired.id).state == "retired"


def test_nothing_new_goes_by_a_retired_one(workspace: Workspace, retired: Gateway) -> None:
    campaign = make_campaign(workspace=workspace, gateway=retired)
    program = Program(workspace, [scope.value for scope in Scope])
    body = {"to": "+33610000001", "body": "Hi", "purpose": "care", "gateway_id": retired.id}

    answer = program.post("/messages", body)
    with pytest.raises(FieldError) as refused:
        send_test(campaign=campaign, contact=make_contact(workspace=workspace), actor="user:7")

    problems = [problem.problem for problem in check_campaign(campaign)]
    assert f"The gateway “{retired.name}” is retired." in problems
    assert (answer.status_code, answer.json()["errors"][0]["problem"]) == (422, "is retired")
    assert (refused.value.field, refused.value.problem) == ("gateway_id", "is retired")

"""What campaigns choose by is neither deleted nor renamed while they wait for it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from builders import make_campaign, make_contact, make_workspace
from textwell.accounts.models import Workspace
from textwell.campaigns.groups import (
    delete_list,
    delete_tag,
    last_campaigns,
    rename_tag,
    uses_of_list,
    uses_of_tag,
)
from textwell.contacts.actions import create_list
from textwell.contacts.models import Contact, ContactList
from textwell.core.errors import Conflict

pytestmark = pytest.mark.django_db


def _audiences(list_id: int) -> list[dict[str, Any]]:
    return [
        {"list_id": list_id},
        {"filters": [{"field": "list", "op": "in", "value": list_id}], "match": "all"},
        {"filters": [{"field": "list", "op": "not_in", "value": str(list_id)}], "match": "any"},
    ]


@pytest.mark.parametrize("state", ["scheduled", "planning"])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_list_that_a_campaign_waits_for_stays(
    workspace: Workspace, state: str, place: int
) -> None:
    made = create_list(workspace_id=workspace.id, name="Spring")
    audience = _audiences(made.id)[place]
    make_campaign(workspace=workspace, name="Easter", state=state, audience=audience)

    with pytest.raises(Conflict, match="“Easter”"):
        delete_list(workspace_id=workspace.id, list_id=made.id, actor="user:1")
    assert ContactList.objects.filter(id=made.id).exists()


@pytest.mark.parametrize("state", ["draft", "sending", "finished", "canceled"])
def test_a_list_that_nobody_waits_for_goes_and_its_people_stay(
    workspace: Workspace, state: str
) -> None:
    make_contact(workspace=workspace)
    made = create_list(workspace_id=workspace.id, name="Spring")
    make_campaign(workspace=workspace, state=state, audience={"list_id": made.id})

    delete_list(workspace_id=workspace.id, list_id=made.id, actor="user:1")

    assert (ContactList.objects.count(), Contact.objects.count()) == (0, 1)


def test_a_tag_that_a_campaign_waits_for_keeps_its_name(workspace: Workspace) -> None:
    make_contact(workspace=workspace, tags=["vip"])
    by_filter = {"filters": [{"field": "tags", "op": "has", "value": "vip"}], "match": "all"}
    make_campaign(workspace=workspace, name="Easter", state="scheduled", audience=by_filter)

    for act in (
        lambda: rename_tag(workspace_id=workspace.id, tag="vip", to="gold", actor="user:1"),
        lambda: delete_tag(workspace_id=workspace.id, tag="vip", actor="user:1"),
    ):
        with pytest.raises(Conflict, match="“Easter”"):
            act()
    assert Contact.objects.get().tags == ["vip"]
    assert rename_tag(workspace_id=workspace.id, tag="VIP", to="x", actor="user:1").count == 0


def test_drafts_of_this_workspace_are_told_of(workspace: Workspace) -> None:
    made = create_list(workspace_id=workspace.id, name="Spring")
    draft = make_campaign(workspace=workspace, audience={"list_id": made.id})
    make_campaign(workspace=workspace, audience={"list_id": made.id + 1})
    make_campaign(workspace=make_workspace(), audience={"tag": "vip"})

    assert [each.id for each in uses_of_list(workspace.id, made.id).drafts] == [draft.id]
    assert list(uses_of_tag(workspace.id, "vip").drafts) == []


def test_the_last_campaign_of_each_list_is_the_one_launched_last(workspace: Workspace) -> None:
    for day, name in ((2, "New"), (1, "Old")):
        launched = datetime(2026, 3, day, tzinfo=UTC)
        make_campaign(workspace=workspace, name=name, audience={"list_id": 7}, launched_at=launched)
    make_campaign(workspace=workspace, name="Draft", audience={"list_id": 7})

    assert {k: c.name for k, c in last_campaigns(workspace.id, "list").items()} == {"7": "New"}

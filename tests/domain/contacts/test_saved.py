"""Saved filters: kept by name, followed by what their lists and tags become."""

import pytest

from textwell.accounts.models import AuditEntry, Workspace
from textwell.contacts.actions import create_list
from textwell.contacts.choosing import PeopleFilter
from textwell.contacts.groups.actions import remove_list, replace_tag
from textwell.contacts.models import SavedFilter
from textwell.contacts.saved import (
    MOST,
    delete_filter,
    list_filters,
    rename_filter,
    save_filter,
    wanted_of,
)
from textwell.core.errors import FieldError, NotFound

pytestmark = pytest.mark.django_db
VIP = PeopleFilter(search="an", tag="vip")


def _save(workspace: Workspace, name: str, wanted: PeopleFilter = VIP) -> SavedFilter:
    return save_filter(workspace_id=workspace.id, name=name, wanted=wanted, actor="user:1")


def test_a_filter_is_kept_renamed_and_deleted_and_the_log_says_so(workspace: Workspace) -> None:
    saved = _save(workspace, " Regulars ")
    _save(workspace, "Regulars")
    assert (wanted_of(saved), saved.name) == (VIP, "Regulars")

    rename_filter(saved=saved, name="Gold", actor="user:1")
    rename_filter(saved=saved, name="Gold", actor="user:1")
    delete_filter(saved=saved, actor="user:1")

    assert list_filters(workspace.id) == []
    assert [(e.action, e.data) for e in AuditEntry.objects.order_by("id")] == [
        ("filters.saved",
         {"after": {"name": "Regulars", "search": True, "list_id": None, "tag": "vip"}}),
        ("filters.changed", {"before": {"name": "Regulars"}, "after": {"name": "Gold"}}),
        ("filters.deleted", {"before": {"name": "Gold"}}),
    ]  # fmt: skip


def test_the_name_of_another_one_takes_its_place(workspace: Workspace) -> None:
    first = _save(workspace, "Regulars")

    again = _save(workspace, "Regulars", PeopleFilter(tag="gold"))

    assert again.id == first.id
    assert [wanted_of(each) for each in list_filters(workspace.id)] == [PeopleFilter(tag="gold")]


@pytest.mark.parametrize(
    ("name", "wanted", "field"),
    [
        (" ", VIP, "name"),
        ("x" * 61, VIP, "name"),
        ("All", PeopleFilter(search=" "), "filter"),
        ("Long", PeopleFilter(search="x" * 121), "search"),
    ],
)
def test_what_cannot_be_kept_says_why(
    workspace: Workspace, name: str, wanted: PeopleFilter, field: str
) -> None:
    with pytest.raises(FieldError) as refused:
        _save(workspace, name, wanted)

    assert refused.value.field == field
    assert not SavedFilter.objects.exists()


def test_a_list_of_another_workspace_is_not_there(workspace: Workspace) -> None:
    other = Workspace.objects.create(name="Other", country="FR")
    foreign = create_list(workspace_id=other.id, name="Theirs")

    with pytest.raises(NotFound):
        _save(workspace, "Theirs", PeopleFilter(list_id=foreign.id))


def test_there_are_so_many_and_no_more(workspace: Workspace) -> None:
    rows = [SavedFilter(workspace_id=workspace.id, name=str(n), tag="a") for n in range(MOST)]
    SavedFilter.objects.bulk_create(rows)

    with pytest.raises(FieldError, match="50 saved filters"):
        _save(workspace, "One more")
    _save(workspace, "7")


def test_two_filters_never_have_one_name(workspace: Workspace) -> None:
    _save(workspace, "Regulars")
    other = _save(workspace, "Gold", PeopleFilter(tag="gold"))

    with pytest.raises(FieldError, match="There is a filter called Regulars"):
        rename_filter(saved=other, name="Regulars", actor="user:1")


def test_filters_follow_their_tag_and_go_with_their_list(workspace: Workspace) -> None:
    made = create_list(workspace_id=workspace.id, name="Fair")
    _save(workspace, "By tag", PeopleFilter(tag="vip"))
    _save(workspace, "By list", PeopleFilter(list_id=made.id))

    replace_tag(workspace_id=workspace.id, tag="vip", to="gold", actor="user:1")
    remove_list(workspace_id=workspace.id, list_id=made.id, actor="user:1")
    assert [(each.name, each.tag) for each in list_filters(workspace.id)] == [("By tag", "gold")]

    replace_tag(workspace_id=workspace.id, tag="gold", to=None, actor="user:1")
    assert list_filters(workspace.id) == []

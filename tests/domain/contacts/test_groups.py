"""Lists and tags of many people: by ids, by a filter, at once and by a job."""

from typing import Any

import pytest

import textwell.contacts.jobs  # noqa: F401 - registers the handlers
from builders import make_contact, make_workspace
from jobs_done import do_job
from textwell.accounts.models import AuditEntry, Workspace
from textwell.contacts.actions import create_list
from textwell.contacts.choosing import Chosen, PeopleFilter
from textwell.contacts.groups import changes
from textwell.contacts.groups.actions import (
    put_on_list,
    remove_list,
    rename_list,
    replace_tag,
    tag_people,
    take_off_list,
)
from textwell.contacts.groups.changes import Outcome
from textwell.contacts.models import Contact, ContactList, ListMember
from textwell.core.errors import FieldError, NotFound
from textwell.core.models import Job, JobState

pytestmark = pytest.mark.django_db


def _tags() -> list[list[str]]:
    return list(Contact.objects.order_by("id").values_list("tags", flat=True))


def _do_jobs() -> None:
    for job in Job.objects.filter(state=JobState.WAITING):
        do_job(job.id)


def _members(made: ContactList) -> list[int]:
    found = ListMember.objects.filter(list_id=made.id).order_by("contact_id")
    return list(found.values_list("contact_id", flat=True))


def test_all_whom_a_filter_finds_are_put_on_a_list(workspace: Workspace) -> None:
    found = [make_contact(workspace=workspace, first_name="Ada", tags=["vip"]) for _n in range(2)]
    make_contact(workspace=workspace, first_name="Ada")
    make_contact(workspace=make_workspace(), first_name="Ada", tags=["vip"])
    made = create_list(workspace_id=workspace.id, name="Spring")
    whom = Chosen(filter=PeopleFilter(search="ad", tag="vip"))

    outcomes = [
        put_on_list(workspace_id=workspace.id, list_id=made.id, whom=whom, actor="user:1")
        for _twice in range(2)
    ]

    assert outcomes == [Outcome(2), Outcome(0)]
    assert _members(made) == [person.id for person in found]
    written = AuditEntry.objects.filter(action="lists.changed").get()
    assert written.data["after"] == {
        "added": 2,
        "filter": {"search": True, "list_id": None, "tag": "vip"},
    }


def test_those_on_one_list_are_taken_off_it(workspace: Workspace) -> None:
    people = [make_contact(workspace=workspace) for _n in range(3)]
    made = create_list(workspace_id=workspace.id, name="Spring")
    everybody = Chosen(ids=[person.id for person in people])
    base: dict[str, Any] = {"workspace_id": workspace.id, "list_id": made.id, "actor": "user:1"}
    put_on_list(whom=everybody, **base)

    take_off_list(whom=Chosen(ids=[people[0].id]), **base)
    assert _members(made) == [people[1].id, people[2].id]
    assert take_off_list(whom=Chosen(filter=PeopleFilter(list_id=made.id)), **base) == Outcome(2)


def test_people_of_another_workspace_are_never_touched(workspace: Workspace) -> None:
    stranger = make_contact(workspace=make_workspace())

    outcome = tag_people(
        workspace_id=workspace.id, whom=Chosen(ids=[stranger.id]), add=["vip"], actor="user:1"
    )

    assert (outcome, _tags()) == (Outcome(0), [[]])


def test_a_list_of_another_workspace_is_not_found(workspace: Workspace) -> None:
    foreign = create_list(workspace_id=make_workspace().id, name="Spring")
    base: dict[str, Any] = {"workspace_id": workspace.id, "list_id": foreign.id, "actor": "user:1"}

    for act in (put_on_list, take_off_list):
        with pytest.raises(NotFound):
            act(whom=Chosen(), **base)
    with pytest.raises(NotFound):
        rename_list(name="Mine", **base)
    with pytest.raises(NotFound):
        remove_list(**base)


def test_a_change_to_many_is_done_by_a_job_in_steps(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "MOST_AT_ONCE", 3)
    monkeypatch.setattr(changes, "STEP", 2)
    for _n in range(5):
        make_contact(workspace=workspace, tags=["old"])
    whom = Chosen(filter=PeopleFilter(tag="old"))

    outcome = tag_people(
        workspace_id=workspace.id, whom=whom, add=["new"], remove=["old"], actor="user:1"
    )

    assert outcome == Outcome(5, is_under_way=True)
    assert _tags() == [["old"]] * 5
    _do_jobs()
    assert _tags() == [["new"]] * 5


def test_a_renamed_tag_that_is_there_already_makes_both_one(workspace: Workspace) -> None:
    for tags in (["VIP", "a"], ["vip", "VIP"], ["b"]):
        make_contact(workspace=workspace, tags=tags)

    outcome = replace_tag(workspace_id=workspace.id, tag="VIP", to="vip", actor="user:1")

    assert outcome == Outcome(2)
    assert _tags() == [["a", "vip"], ["vip"], ["b"]]


@pytest.mark.parametrize("to", ["", "  ", "vip", "x" * 61])
def test_a_tag_gets_no_name_that_cannot_be(workspace: Workspace, to: str) -> None:
    make_contact(workspace=workspace, tags=["vip"])

    with pytest.raises(FieldError):
        replace_tag(workspace_id=workspace.id, tag="vip", to=to, actor="user:1")
    assert _tags() == [["vip"]]


def test_a_list_is_renamed_but_not_to_the_name_of_another(workspace: Workspace) -> None:
    made = create_list(workspace_id=workspace.id, name="Spring")
    create_list(workspace_id=workspace.id, name="Summer")
    base: dict[str, Any] = {"workspace_id": workspace.id, "list_id": made.id, "actor": "user:1"}

    assert rename_list(name=" Fair ", **base).name == "Fair"
    with pytest.raises(FieldError):
        rename_list(name="Summer", **base)
    assert ContactList.objects.get(id=made.id).name == "Fair"

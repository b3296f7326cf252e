"""Many people are forgotten by a job, which tells how far it is and when it is due."""

from datetime import timedelta

import pytest

from builders import make_contact, make_crowd, make_workspace
from jobs_done import do_job
from textwell.accounts.models import AuditEntry, Workspace
from textwell.contacts.models import Contact
from textwell.core.clock import now
from textwell.core.errors import FieldError, NotFound
from textwell.privacy import jobs
from textwell.privacy.erasing import access_request, erase_many, erase_person
from textwell.privacy.models import ErasureRequest

pytestmark = pytest.mark.django_db


def erase(workspace: Workspace, ids: list[int]) -> int:
    done = erase_many(
        workspace_id=workspace.id, contact_ids=ids, reason="kept long enough", actor="key:2"
    )
    return done.id


def test_a_job_forgets_them_some_at_a_time_and_says_how_many(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "AT_ONCE", 2)
    people = make_crowd(workspace=workspace, count=3)
    kept = make_contact(workspace=workspace)
    theirs = make_contact(workspace=make_workspace(name="Other"))

    request_id = erase(workspace, [*(each.id for each in people), theirs.id])
    begun = access_request(workspace.id, request_id)
    do_job(begun.job_id)

    done = access_request(workspace.id, request_id)
    assert (begun.people_count, begun.done_count, begun.finished_at) == (3, 0, None)
    assert begun.due_at - begun.requested_at == timedelta(days=30)
    assert (done.done_count, done.finished_at is not None) == (3, True)
    assert {*Contact.objects.values_list("id", flat=True)} == {kept.id, theirs.id}
    assert AuditEntry.objects.filter(action="contacts.erased", actor="key:2").count() == 3


def test_who_waits_in_one_request_is_taken_over_by_the_next_and_its_day(
    workspace: Workspace,
) -> None:
    person, other = make_contact(workspace=workspace), make_contact(workspace=workspace)
    first_id = erase(workspace, [person.id, other.id])
    asked_at = now() - timedelta(days=20)
    ErasureRequest.objects.update(requested_at=asked_at, due_at=asked_at + timedelta(days=30))
    # Its job failed: nobody is erased.

    second = access_request(workspace.id, erase(workspace, [person.id]))

    first = access_request(workspace.id, first_id)
    assert (first.people_count, first.finished_at) == (1, None)
    assert (second.people_count, second.finished_at) == (1, None)
    assert second.due_at == first.due_at
    do_job(second.job_id)
    assert access_request(workspace.id, second.id).done_count == 1
    assert {*Contact.objects.values_list("id", flat=True)} == {other.id}


def test_a_request_of_which_all_were_taken_over_waits_no_more(workspace: Workspace) -> None:
    person = make_contact(workspace=workspace)
    first = access_request(workspace.id, erase(workspace, [person.id]))

    erase_person(workspace_id=workspace.id, contact_id=person.id, reason="at once", actor="user:7")
    do_job(first.job_id)

    first.refresh_from_db()
    assert (first.people_count, first.done_count, first.finished_at is not None) == (0, 0, True)
    assert not Contact.objects.exists()


def test_people_of_another_workspace_are_none_of_ours(workspace: Workspace) -> None:
    theirs = make_contact(workspace=make_workspace(name="Other"))

    with pytest.raises(FieldError):
        erase(workspace, [theirs.id])
    with pytest.raises(NotFound):
        access_request(theirs.workspace_id, 1)
    assert Contact.objects.filter(id=theirs.id).exists()

"""How many people lists and tags have: counted now, or kept in a large workspace."""

import pytest

import textwell.segments.jobs  # noqa: F401 - registers the handlers
from builders import make_contact, make_workspace
from jobs_done import do_job
from textwell.accounts.models import Workspace
from textwell.consent.models import Suppression
from textwell.contacts.actions import create_list
from textwell.contacts.choosing import Chosen
from textwell.contacts.groups.actions import put_on_list
from textwell.core.models import Job, JobState
from textwell.segments import figures
from textwell.segments.figures import list_figures, tag_figures, tags_in_use

pytestmark = pytest.mark.django_db


def _do_jobs() -> None:
    for job in Job.objects.filter(state=JobState.WAITING):
        do_job(job.id)


@pytest.fixture
def list_id(workspace: Workspace) -> int:
    """A list of four: one without consent, one suppressed. A stranger has the tag, too."""
    people = [make_contact(workspace=workspace, tags=["vip"], has_consent=n != 1) for n in range(4)]
    Suppression.objects.create(workspace_id=workspace.id, msisdn=people[2].msisdn, reason="manual")
    make_contact(workspace=make_workspace(), tags=["vip"])
    made = create_list(workspace_id=workspace.id, name="Spring")
    ids = [person.id for person in people]
    put_on_list(workspace_id=workspace.id, list_id=made.id, whom=Chosen(ids=ids), actor="system")
    return made.id


def test_people_and_those_who_may_be_texted_are_counted(workspace: Workspace, list_id: int) -> None:
    assert list_figures(workspace.id).of(list_id) == (4, 2)
    assert tag_figures(workspace.id).by_key == {"vip": (4, 2)}
    assert tags_in_use(workspace.id) == ["vip"]
    assert Job.objects.count() == 0


def test_a_large_workspace_keeps_its_figures(
    workspace: Workspace, list_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figures, "MOST_LIVE", 3)

    first = [list_figures(workspace.id), tag_figures(workspace.id)]

    assert [found.is_pending for found in first] == [True, True]
    assert Job.objects.count() == 1
    _do_jobs()
    make_contact(workspace=workspace, tags=["new"])
    assert list_figures(workspace.id).of(list_id) == (4, 2)
    assert tag_figures(workspace.id).by_key == {"vip": (4, 2)}
    assert tags_in_use(workspace.id) == ["vip"]
    assert Job.objects.count() == 1


def test_old_figures_are_counted_again(
    workspace: Workspace, list_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figures, "MOST_LIVE", 3)
    list_figures(workspace.id)
    _do_jobs()
    make_contact(workspace=workspace, tags=["new"])
    monkeypatch.setattr(figures, "FRESH", -figures.FRESH)

    assert tags_in_use(workspace.id) == ["vip"]
    _do_jobs()
    assert tags_in_use(workspace.id) == ["new", "vip"]

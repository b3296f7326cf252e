"""A pool of codes that runs out is told on the home page, before people join without a welcome."""

import pytest
from django.test import Client

from textwell.accounts.models import Workspace
from textwell.programmes.actions import create_programme
from textwell.programmes.codes import give_code, import_codes
from textwell.programmes.models import Programme, ProgrammeState

pytestmark = pytest.mark.django_db
TOLD = "1 programme runs out of codes"


def make(workspace: Workspace, name: str, welcome: str) -> Programme:
    made = create_programme(workspace=workspace, actor="user:1", name=name, welcome=welcome)
    Programme.objects.filter(id=made.id).update(state=ProgrammeState.PUBLISHED, low_codes=2)
    return made


def test_a_pool_below_its_alarm_needs_a_person(owner_client: Client, workspace: Workspace) -> None:
    short = make(workspace, "Bread club", "Hi! {code}")
    make(workspace, "Plain club", "Hi!")
    import_codes(programme=short, codes=["A", "B"], actor="user:1")
    before = owner_client.get("/").content.decode()

    give_code(programme_id=short.id, contact_id=1)

    home = owner_client.get("/").content.decode()
    assert (TOLD in before, TOLD in home, "Bread club: 1 is left" in home) == (False, True, True)
    listed = owner_client.get("/programmes/", {"show": "short"}).content.decode()
    assert ("Bread club" in listed, "Plain club" in listed) == (True, False)

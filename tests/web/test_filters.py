"""Saved filters on the people's page."""

import pytest
from django.test import Client

from builders import make_contact
from textwell.accounts.models import Workspace
from textwell.contacts.models import SavedFilter

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "rows"}


@pytest.fixture(autouse=True)
def people(workspace: Workspace) -> None:
    make_contact(workspace=workspace, first_name="Ana", tags=["vip"])
    make_contact(workspace=workspace, first_name="Bea")


def test_a_filter_is_saved_opened_renamed_and_deleted(
    owner_client: Client, workspace: Workspace
) -> None:
    assert 'data-opens="save-filter"' not in owner_client.get("/contacts/").content.decode()

    form = {"name": "Regulars", "q": "an", "tag": "vip", "list": ""}
    answer = owner_client.post("/contacts/filters", form, follow=True)

    assert answer.redirect_chain == [("/contacts/?q=an&tag=vip", 302)]
    page = answer.content.decode()
    assert 'href="/contacts/?q=an&amp;tag=vip" aria-current="page">Regulars</a>' in page
    assert "Ana" in page
    assert "Bea" not in page

    saved = SavedFilter.objects.get(workspace_id=workspace.id)
    owner_client.post(f"/contacts/filters/{saved.id}/rename", {"name": "Gold"})
    assert ">Gold</a>" in owner_client.get("/contacts/").content.decode()

    owner_client.post(f"/contacts/filters/{saved.id}/delete")
    assert 'id="saved"' in owner_client.get("/contacts/").content.decode()
    assert not SavedFilter.objects.exists()


def test_while_one_searches_the_button_to_save_comes_along(owner_client: Client) -> None:
    part = owner_client.get("/contacts/", {"q": "an"}, **HTMX).content.decode()

    assert '<div id="saved" class="saved" hx-swap-oob="true">' in part
    assert 'data-opens="save-filter"' in part
    assert '<input type="hidden" name="q" value="an">' in part


def test_who_may_change_nobody_opens_them_alone(
    reader_client: Client, workspace: Workspace
) -> None:
    SavedFilter.objects.create(workspace_id=workspace.id, name="Regulars", tag="vip")

    page = reader_client.get("/contacts/", {"tag": "vip"}).content.decode()

    assert ">Regulars</a>" in page
    assert "edit-filter" not in page


def test_a_refused_name_is_told(owner_client: Client) -> None:
    answer = owner_client.post("/contacts/filters", {"name": "", "tag": "vip"}, follow=True)

    assert "The name is empty or too long." in answer.content.decode()

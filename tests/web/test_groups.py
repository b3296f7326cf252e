"""The pages of lists and tags, and changes to ticked people."""

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from builders import make_campaign, make_contact, make_workspace
from textwell.accounts.models import Workspace
from textwell.contacts.actions import create_list
from textwell.contacts.choosing import Chosen
from textwell.contacts.groups.actions import put_on_list
from textwell.contacts.models import Contact, ContactList, ListMember

pytestmark = pytest.mark.django_db


def _told(answer: Any) -> list[str]:  # Any: Django's test response
    return [str(message) for message in get_messages(answer.wsgi_request)]


def _page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_ticked_people_are_put_on_a_list_and_one_is_back_where_one_was(
    owner_client: Client, workspace: Workspace
) -> None:
    people = [make_contact(workspace=workspace) for _n in range(3)]
    made = create_list(workspace_id=workspace.id, name="Spring")
    ticked = [person.id for person in people[:2]]
    form = {"people": ticked, "verb": "add", "to_list": made.id, "back": "/contacts/?tag=a"}

    answer = owner_client.post("/contacts/change", form)

    assert answer.headers["Location"] == "/contacts/?tag=a"
    assert _told(answer) == ["2 people changed."]
    assert sorted(ListMember.objects.values_list("contact_id", flat=True)) == ticked


def test_all_that_fit_are_tagged_whatever_is_ticked(
    owner_client: Client, workspace: Workspace
) -> None:
    for first_name in ("Ada", "Adam", "Bo"):
        make_contact(workspace=workspace, first_name=first_name)
    form = {"whom": "all", "q": "ada", "verb": "tag", "new_tag": " vip "}

    owner_client.post("/contacts/change", form)

    tagged = Contact.objects.filter(tags=["vip"]).order_by("id")
    assert list(tagged.values_list("first_name", flat=True)) == ["Ada", "Adam"]


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"verb": "tag", "new_tag": "a"}, "Nobody is ticked. Tick people in the table first."),
        ({"whom": "all", "verb": "add"}, "No list is chosen. Choose one of your lists."),
        ({"whom": "all"}, "Nothing is chosen to do. Choose what to do with them."),
        ({"people": "x", "verb": "tag"}, "Nobody is ticked. Tick people in the table first."),
    ],
)
def test_what_is_missing_is_named(
    owner_client: Client, workspace: Workspace, form: dict[str, str], told: str
) -> None:
    make_contact(workspace=workspace)

    assert _told(owner_client.post("/contacts/change", form)) == [told]
    assert Contact.objects.get().tags == []


def test_a_tag_that_is_missing_is_asked_for(owner_client: Client, workspace: Workspace) -> None:
    make_contact(workspace=workspace)

    answer = owner_client.post("/contacts/change", {"whom": "all", "verb": "tag"})

    assert answer.status_code == 422
    assert "No tag is given. Write the tag&#x27;s name." in answer.content.decode()
    assert Contact.objects.get().tags == []


def test_nobody_is_sent_to_another_site(owner_client: Client, workspace: Workspace) -> None:
    for back in ("https://evil.example/", "//evil.example/", "javascript:alert(1)", ""):
        answer = owner_client.post("/contacts/change", {"back": back})
        assert answer.headers["Location"] == "/contacts/"


def test_a_foreign_list_is_not_found(owner_client: Client, workspace: Workspace) -> None:
    make_contact(workspace=workspace)
    foreign = create_list(workspace_id=make_workspace().id, name="Theirs")

    form = {"whom": "all", "verb": "add", "to_list": foreign.id}

    assert owner_client.post("/contacts/change", form).status_code == 404
    assert ListMember.objects.count() == 0


def test_lists_show_their_people_and_last_campaign(
    owner_client: Client, workspace: Workspace
) -> None:
    people = [make_contact(workspace=workspace, has_consent=n > 0) for n in range(3)]
    made = create_list(workspace_id=workspace.id, name="Spring")
    ids = [person.id for person in people]
    put_on_list(workspace_id=workspace.id, list_id=made.id, whom=Chosen(ids=ids), actor="system")
    launched = {"audience": {"list_id": made.id}, "launched_at": made.created_at}
    make_campaign(workspace=workspace, name="Easter", state="finished", **launched)

    page = _page(owner_client, "/contacts/lists/")

    assert ">Spring<" in page
    assert (
        f'href="/contacts/lists/{made.id}/" data-of="members" data-metric="on_list">3</a>' in page
    )
    assert "<span>2</span>" in page
    assert ">Easter<" in page


def test_a_list_in_use_says_why_it_stays(owner_client: Client, workspace: Workspace) -> None:
    made = create_list(workspace_id=workspace.id, name="Spring")
    audience = {"list_id": made.id}
    make_campaign(workspace=workspace, name="Easter", state="scheduled", audience=audience)

    answer = owner_client.post(f"/contacts/lists/{made.id}/delete")

    assert "“Easter”" in _told(answer)[0]
    assert ContactList.objects.count() == 1
    assert "“Easter”" in _page(owner_client, f"/contacts/lists/{made.id}/")


def test_a_list_is_made_renamed_and_deleted(owner_client: Client, workspace: Workspace) -> None:
    owner_client.post("/contacts/lists/new", {"name": "Spring"})
    made = ContactList.objects.get()
    owner_client.post(f"/contacts/lists/{made.id}/rename", {"name": "Fair"})
    assert "<h1>Fair</h1>" in _page(owner_client, f"/contacts/lists/{made.id}/")

    assert owner_client.post(f"/contacts/lists/{made.id}/delete").status_code == 302
    assert owner_client.get(f"/contacts/lists/{made.id}/").status_code == 404


def test_a_tag_of_any_letters_has_its_page_and_is_merged(
    owner_client: Client, workspace: Workspace
) -> None:
    odd = "a&b=/ç “x”"
    make_contact(workspace=workspace, first_name="Ada", tags=[odd])
    make_contact(workspace=workspace, first_name="Bo", tags=["vip"])

    page = _page(owner_client, "/contacts/tags/")
    assert "?tag=a%26b%3D%2F%C3%A7%20%E2%80%9Cx%E2%80%9D" in page
    assert "Ada" in owner_client.get("/contacts/tags/one", {"tag": odd}).content.decode()
    owner_client.post("/contacts/tags/rename", {"tag": odd, "to": "vip"})
    assert Contact.objects.filter(tags=["vip"]).count() == 2
    owner_client.post("/contacts/tags/delete", {"tag": "vip"})
    assert Contact.objects.filter(tags=[]).count() == 2


def test_who_may_only_look_gets_no_boxes(reader_client: Client, workspace: Workspace) -> None:
    make_contact(workspace=workspace, tags=["vip"])

    page = _page(reader_client, "/contacts/tags/one?tag=vip")

    assert 'name="people"' not in page
    assert 'id="delete"' not in page

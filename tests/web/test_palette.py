"""The palette finds pages, acts, campaigns and people, and nothing that a person may not reach."""

import html
import re

import pytest
from django.test import Client

from builders import make_campaign, make_contact
from textwell.accounts.models import User, Workspace


def _labels(client: Client, search: str = "") -> list[str]:
    page = client.get("/palette", {"q": search}).content.decode()
    return [html.unescape(each) for each in re.findall(r"<span>(.*?)</span>", page)]


def test_without_a_search_it_lists_pages_and_acts(owner_client: Client) -> None:
    found = _labels(owner_client)

    assert found[:3] == ["Home", "Campaigns", "Contacts"]
    assert {"New campaign", "Import people", "Members", "Audit log"} <= set(found)


def test_it_finds_campaigns_by_a_part_of_the_name_and_people_by_its_beginning(
    owner_client: Client, workspace: Workspace
) -> None:
    make_campaign(workspace=workspace, name="Summer points")
    make_contact(workspace=workspace, first_name="Pointer", msisdn="+84901234567")

    assert _labels(owner_client, "point") == ["Summer points", "Pointer"]


def test_a_number_is_masked_in_it(owner_client: Client, workspace: Workspace) -> None:
    make_contact(workspace=workspace, first_name="An", msisdn="+84901234567")

    page = owner_client.get("/palette", {"q": "8490"}).content.decode()

    assert "•••" in page
    assert "+84901234567" not in page


def test_what_a_person_may_not_do_is_not_offered(reader_client: Client) -> None:
    assert {"New campaign", "Import people", "Members", "Audit log"}.isdisjoint(
        _labels(reader_client)
    )


@pytest.mark.parametrize(
    ("language", "typed", "written"),
    [("vi", "chien dich", "Chiến dịch"), ("es", "campana", "Campañas")],
)
def test_accents_need_not_be_typed(
    owner: User, owner_client: Client, language: str, typed: str, written: str
) -> None:
    owner.language = language
    owner.save()

    assert written in _labels(owner_client, typed)


def test_nothing_found_says_so(owner_client: Client) -> None:
    page = owner_client.get("/palette", {"q": "zzz<b>"}).content.decode()

    assert "Nothing is called “zzz&lt;b&gt;”." in page

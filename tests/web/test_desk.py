"""The one screen of a small business, and the ways in and out of it."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from builders import make_contact, make_gateway, make_workspace
from textwell.accounts.models import AuditEntry, User, Workspace
from textwell.core.clock import now
from textwell.inbox.models import Thread
from textwell.messaging.models import Message
from textwell.web.context import PLACES

pytestmark = pytest.mark.django_db

SOON = (now() + timedelta(days=9)).date().isoformat()
REMINDER = {"number": "+33612345678", "name": "Ada", "day": SOON, "time": "14:00"}


@pytest.fixture
def small(workspace: Workspace) -> Workspace:
    workspace.is_small = True
    workspace.review_url = "https://reviews.example/bakery"
    workspace.save()
    make_gateway(workspace=workspace)
    return workspace


def places(page: str) -> int:
    nav = re.search(r'<nav class="nav".*?</nav>', page, re.DOTALL)
    assert nav is not None
    return nav[0].count("<a ")


def test_it_is_chosen_and_left_again_in_the_settings(
    owner_client: Client, owner: User, workspace: Workspace
) -> None:
    given = {"is_small": "on", "review_url": "https://reviews.example/bakery"}

    owner_client.post("/settings/small-business", given)
    page = owner_client.get("/", follow=True)
    owner_client.post("/settings/small-business", {"review_url": ""})

    assert page.redirect_chain == [("/desk/", 302)]
    assert places(page.content.decode()) == 3
    assert places(owner_client.get("/").content.decode()) == len(PLACES)
    workspace.refresh_from_db()
    assert (workspace.is_small, workspace.review_url) == (False, "")
    entries = AuditEntry.objects.filter(action="workspace.small_business_changed")
    assert [each.actor for each in entries] == [f"user:{owner.id}"] * 2


def test_an_address_that_is_none_is_refused(owner_client: Client, workspace: Workspace) -> None:
    given = {"is_small": "on", "review_url": "javascript:alert(1)"}

    page = owner_client.post("/settings/small-business", given, follow=True).content.decode()

    workspace.refresh_from_db()
    assert (workspace.is_small, "Give a whole address" in page) == (False, True)


@pytest.mark.usefixtures("small")
def test_every_page_is_still_reached_by_the_palette(owner_client: Client) -> None:
    rows = owner_client.get("/palette").content.decode()

    assert all(
        f'href="{path}' in rows for path in ("/?all=1", "/campaigns/", "/contacts/", "/gateways/")
    )
    assert owner_client.get("/?all=1").status_code == 200


def test_who_wrote_stands_on_the_desk(owner_client: Client, small: Workspace) -> None:
    contact = make_contact(workspace=small, first_name="Ada")
    thread = Thread.objects.create(
        workspace_id=small.id,
        contact_id=contact.id,
        last_text="May I come later?",
        last_at=now(),
        place=1,
    )

    page = owner_client.get("/desk/").content.decode()

    assert "May I come later?" in page
    assert reverse("web:inbox.thread", args=[thread.id]) in page


@pytest.mark.usefixtures("small")
def test_a_reminder_is_noted_and_said(owner_client: Client) -> None:
    text = {"text": "Your booking: {day}, {time}"}

    answer = owner_client.post("/desk/remind", REMINDER | text, follow=True)
    again = owner_client.post("/desk/remind", REMINDER | text)

    assert "It is noted and goes at" in answer.content.decode()
    assert "What has not left by" in answer.content.decode()
    assert (again.status_code, Message.objects.count()) == (422, 1)
    assert b"is noted already" in again.content


@pytest.mark.usefixtures("small")
def test_who_did_not_agree_is_not_asked_and_what_was_typed_is_kept(owner_client: Client) -> None:
    given = {"number": "+33612345678", "text": "How was my bread?"}

    answer = owner_client.post("/desk/ask", given)

    page = answer.content.decode()
    assert (answer.status_code, Message.objects.count()) == (422, 0)
    assert "has not agreed to marketing" in page
    assert "How was my bread?" in page


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("path", ["/desk/remind", "/desk/ask"])
def test_an_empty_form_is_no_fault(owner_client: Client, path: str) -> None:
    assert owner_client.post(path, {}).status_code == 422


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("day", ["0001-01-01", "1000-01-01", "2026-02-30", "9999-12-31"])
def test_a_day_that_cannot_be_is_no_fault(owner_client: Client, day: str) -> None:
    given = REMINDER | {"day": day, "time": "00:00", "text": "{day}, {time}"}

    answer = owner_client.post("/desk/remind", given)

    assert (answer.status_code, Message.objects.count()) == (422, 0)
    assert 'id="remind_day_error"' in answer.content.decode()


def test_a_person_is_picked_from_those_who_wrote(owner_client: Client, small: Workspace) -> None:
    contact = make_contact(workspace=small, first_name="Ben", has_consent=False)
    given = REMINDER | {"number": "", "contact_id": contact.id, "text": "{day}, {time}"}

    page = owner_client.get("/desk/", {"contact": contact.id}).content.decode()
    answer = owner_client.post("/desk/remind", given)
    asked = owner_client.post("/desk/ask", {"contact_id": contact.id, "text": "How was it?"})

    assert f'value="{contact.id}"' in page
    assert (answer.status_code, Message.objects.get().contact_id) == (302, contact.id)
    assert "has not agreed to marketing" in asked.content.decode()
    assert "Ben" in asked.content.decode()


@pytest.mark.usefixtures("small")
def test_somebody_elses_person_is_not_there(owner_client: Client) -> None:
    theirs = make_contact(workspace=make_workspace(name="Theirs"))
    given = REMINDER | {"contact_id": theirs.id, "text": "{day}"}

    statuses = [
        owner_client.get("/desk/", {"contact": theirs.id}).status_code,
        owner_client.post("/desk/remind", given).status_code,
    ]

    assert (statuses, Message.objects.count()) == ([404, 404], 0)

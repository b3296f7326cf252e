"""The one screen of a small business, and the ways in and out of it."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from builders import make_contact, make_gateway, make_member, make_workspace
from textwell.accounts.models import AuditEntry, User, Workspace
from textwell.consent.selectors import consent_state
from textwell.contacts.models import Contact
from textwell.core.clock import now
from textwell.gateways.models import Sender
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


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("javascript:alert(1)", "Give a whole address"),
        ("https://reviews.example/" + "a" * 300, "has at most 300 characters"),
        ("https://reviews.example/" + "é" * 200, "is longer than 300 characters in ASCII"),
    ],
)
def test_an_address_that_cannot_be_is_refused_beside_its_field_and_kept(
    owner_client: Client, workspace: Workspace, address: str, said: str
) -> None:
    given = {"is_small": "on", "review_url": address}

    answer = owner_client.post("/settings/small-business", given)

    page = answer.content.decode()
    workspace.refresh_from_db()
    assert (answer.status_code, workspace.is_small) == (422, False)
    assert (said in page, f'value="{address}"' in page) == (True, True)
    assert re.search(r'name="is_small"[^>]* checked', page)


@pytest.mark.usefixtures("small")
def test_every_page_is_still_reached_by_the_palette(owner_client: Client) -> None:
    page = owner_client.get("/desk/").content.decode()
    top = re.search(r'<header class="topbar">.*?</header>', page, re.DOTALL)
    assert top is not None  # all that a phone shows beside the three places
    assert 'data-opens="palette" aria-label="Find or do"' in top[0]
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
    assert "or not at all" in answer.content.decode()
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


@pytest.mark.usefixtures("small")
def test_a_number_is_optional_for_none_but_who_was_picked(owner_client: Client) -> None:
    page = owner_client.get("/desk/").content.decode()
    form = page[page.index('action="/desk/remind"') : page.index('action="/desk/ask"')]

    assert re.search(r'name="number"[^>]* required', form)
    assert form.count('class="optional"') == 1  # the first name


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


@pytest.mark.usefixtures("small")
def test_who_did_not_agree_is_kept_and_their_consent_recorded_from_there(
    owner_client: Client, small: Workspace
) -> None:
    given = {"number": "+33612345678", "text": "How was my bread?"}

    refused = owner_client.post("/desk/ask", given).content.decode()

    contact = Contact.objects.get(msisdn="+33612345678")
    assert f'href="/contacts/{contact.id}/opt-in"' in refused
    recorded = owner_client.post(
        f"/contacts/{contact.id}/opt-in",
        {"source": "at the counter", "wording": "May we text you?", "given_at": "2026-01-02T10:00"},
    )
    assert recorded.headers["Location"] == f"/desk/?contact={contact.id}#to"
    state = consent_state(small.id, contact.id)
    assert state is not None
    assert state.is_granted
    assert owner_client.post("/desk/ask", given).status_code == 302


def note(client: Client) -> Message:
    client.post("/desk/remind", REMINDER | {"text": "Your booking: {day}, {time}"})
    return Message.objects.latest("id")


@pytest.mark.usefixtures("small")
def test_what_is_noted_is_seen_and_withdrawn(owner_client: Client, owner: User) -> None:
    message = note(owner_client)

    seen = owner_client.get("/desk/").content.decode()
    answer = owner_client.post(f"/desk/{message.id}/cancel", follow=True).content.decode()
    again = owner_client.post(f"/desk/{message.id}/cancel", follow=True).content.decode()

    assert "Noted, not yet sent" in seen
    assert "Your booking: " in seen
    assert f'action="/desk/{message.id}/cancel"' in seen
    message.refresh_from_db()
    assert message.state == "canceled"
    assert ("Withdrawn" in answer, "Noted, not yet sent" in answer) == (True, False)
    assert "Withdrawn" in again
    entry = AuditEntry.objects.get(action="messages.canceled")
    assert entry.actor == f"user:{owner.id}"


@pytest.mark.usefixtures("small")
def test_what_has_left_is_not_withdrawn_and_that_is_said(owner_client: Client) -> None:
    message = note(owner_client)
    Message.objects.filter(id=message.id).update(state="submitted")

    answer = owner_client.post(f"/desk/{message.id}/cancel", follow=True)

    message.refresh_from_db()
    assert message.state == "submitted"
    assert "can no longer be canceled" in answer.content.decode()


@pytest.mark.usefixtures("small")
def test_what_others_noted_is_not_there(
    owner_client: Client, client_of: Callable[[User], Client]
) -> None:
    message = note(owner_client)
    stranger = client_of(make_member(workspace=make_workspace(name="Other"), role="owner"))

    answer = stranger.post(f"/desk/{message.id}/cancel")

    message.refresh_from_db()
    assert (answer.status_code, message.state) == (404, "planned")
    assert "Your booking" not in stranger.get("/desk/").content.decode()


def test_a_sender_that_takes_no_answer_is_warned_of(owner_client: Client, small: Workspace) -> None:
    before = owner_client.get("/desk/").content.decode()
    Sender.objects.filter(workspace_id=small.id).update(value="+33700000000", kind="long_code")
    after = owner_client.get("/desk/").content.decode()

    words = "None of your senders takes answers"
    assert (words in before, words in after) == (True, False)


def test_who_waits_stands_first_and_is_said_to(owner_client: Client, small: Workspace) -> None:
    for name, place, waiting_since in (("Yannick", 2 * 10**18, None), ("Xaver", 1, now())):
        contact = make_contact(workspace=small, first_name=name)
        Thread.objects.create(
            workspace_id=small.id, contact_id=contact.id, last_text="Hm", last_at=now(),
            place=place, waiting_since=waiting_since, is_last_ours=waiting_since is None,
        )  # fmt: skip

    page = owner_client.get("/desk/").content.decode()

    places = [page.index(word) for word in ("Xaver", "Waiting", "Yannick", "Answered")]
    assert places == sorted(places)

"""Programmes for those who make them: from nothing to the first person, and what an owner alone may do."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from builders import make_gateway, make_member
from domain.programmes import (
    ACTOR,
    NUMBER,
    SHORT_CODE,
    make_programme,
    make_sender,
    placement_of,
    write,
)
from textwell.accounts.models import AuditEntry, Role, User, Workspace
from textwell.consent.models import ConsentState
from textwell.core.clock import now
from textwell.gateways.models import Sender
from textwell.programmes.actions import update_programme
from textwell.programmes.disclosures import set_disclosure
from textwell.programmes.errors import NotComplete
from textwell.programmes.models import Disclosure, IncentiveCode, Placement, Programme, SignUp
from textwell.programmes.placements import pause_placement

NEW = {
    "name": "Bread club",
    "offer": "10% off",
    "terms_url": "https://b.example/t",
    "privacy_url": "https://b.example/p",
}


def test_five_presses_lead_from_nothing_to_a_person_who_agreed(
    workspace: Workspace, owner_client: Client, client: Client
) -> None:
    gateway = make_sender(workspace)

    page = owner_client.post("/programmes/new", NEW)["Location"]
    owner_client.post(f"{page}publish")
    place = Placement.objects.get()
    edit = f"/programmes/placements/{place.id}"
    owner_client.post(edit, {"name": "Window", "keyword": "BREAD", "cost": "12.50"})
    client.post(f"/join/{place.code}", {"msisdn": "+33644640101", "agree": "on"})
    write(gateway, "Bread", number="+33644640102")

    assert ConsentState.objects.filter(is_granted=True).count() == 2
    shown = owner_client.get(page).content.decode()
    assert "BREAD to 38000" in shown
    assert "€6.25" in shown  # of each of the two


def test_what_lacks_is_named_and_keeps_it_from_being_published(
    workspace: Workspace, owner_client: Client
) -> None:
    page = owner_client.post("/programmes/new", {"name": "Bread club"})["Location"]

    owner_client.post(f"{page}publish")

    assert "“Link to the terms” is missing" in owner_client.get(page).content.decode()
    assert Programme.objects.get().state == "draft"


def test_words_are_shown_while_one_types_and_kept_when_one_saves(
    workspace: Workspace, owner_client: Client
) -> None:
    programme = make_programme(workspace, is_published=False)
    path = f"/programmes/{programme.id}/words/FR/fr"

    seen = owner_client.post(path, {"what": "J’accepte.", "preview": "1"}).content.decode()
    assert "J’accepte." in seen
    assert "“How to stop” is missing" in seen
    assert programme.disclosures.filter(language="fr").count() == 0

    owner_client.post(path, {"what": "J’accepte."})
    assert programme.disclosures.get(language="fr").text == "J’accepte."


def test_a_member_notes_a_person_who_then_waits_for_their_own_yes(
    workspace: Workspace, client_of: Callable[[User], Client]
) -> None:
    make_sender(workspace)
    programme = make_programme(workspace)
    given = {"msisdn": "06 44 64 01 01", "method": "oral", "note": "at the till",
             "placement": placement_of(programme).id}  # fmt: skip

    agent = client_of(make_member(workspace=workspace, role=Role.AGENT))
    answer = agent.post(f"/programmes/{programme.id}/capture", given)

    assert answer.status_code == 302
    found = SignUp.objects.get()
    assert (found.state, found.evidence["note"]) == ("pending", "at the till")


def test_codes_are_pasted_and_a_low_pool_warns(workspace: Workspace, owner_client: Client) -> None:
    programme = make_programme(workspace)

    owner_client.post(f"/programmes/{programme.id}/codes", {"codes": "A1\nA2\n"})

    assert IncentiveCode.objects.count() == 2
    assert "2 codes are left." in owner_client.get(f"/programmes/{programme.id}/").content.decode()


def test_a_source_that_paused_itself_says_why_and_an_owner_alone_resumes_it(
    workspace: Workspace, owner_client: Client, client_of: Callable[[User], Client]
) -> None:
    make_sender(workspace)
    place = placement_of(make_programme(workspace), keyword="BREAD", sender=SHORT_CODE)
    pause_placement(placement=place, actor=ACTOR, why={"texts": 900, "gone": 40})
    path = f"/programmes/placements/{place.id}/resume"

    page = owner_client.get(f"/programmes/{place.programme_id}/").content.decode()
    assert "after 900 texts 40 people left or complained" in page
    marketer = client_of(make_member(workspace=workspace, role=Role.MARKETER))
    assert marketer.post(path).status_code == 403
    owner_client.post(path)
    assert Placement.objects.get().paused_at is None


def test_a_member_is_told_when_nobody_asks_the_person_whom_they_note(
    workspace: Workspace, owner_client: Client
) -> None:
    programme = make_programme(workspace)
    given = {"msisdn": "06 44 64 01 01", "method": "oral", "note": "at the till",
             "placement": placement_of(programme).id}  # fmt: skip

    said = owner_client.post(f"/programmes/{programme.id}/capture", given, follow=True)

    page = said.content.decode()
    assert "They get a text" not in page
    assert "They get one text" not in page
    assert "Nobody whom you add here is asked" in page
    assert "No sender of yours reaches FR that people can answer: connect a number." in page


def test_what_is_asked_twice_is_not_published_without_a_number_to_answer(
    workspace: Workspace, owner_client: Client
) -> None:
    make_gateway(workspace=workspace, sender="BAKERY")
    programme = make_programme(workspace, is_published=False, asks_twice=True)
    page = f"/programmes/{programme.id}/"

    owner_client.post(f"{page}publish")
    refused = Programme.objects.get().state
    seen = owner_client.get(page).content.decode()
    make_sender(workspace)
    owner_client.post(f"{page}publish")

    assert "FR: people there join by answering a text, and no sender of yours reaches them" in seen
    assert (refused, Programme.objects.get().state) == ("draft", "published")


def test_a_typing_error_is_mended_though_the_sender_is_gone(workspace: Workspace) -> None:
    gateway = make_sender(workspace)
    programme = make_programme(workspace, asks_twice=True)
    Sender.objects.filter(gateway=gateway).delete()

    update_programme(programme=programme, actor=ACTOR, offer="10% off")
    with pytest.raises(NotComplete, match="join by answering a text"):
        update_programme(programme=programme, actor=ACTOR, countries=["FR", "ES"])

    assert Programme.objects.get().offer == "10% off"


def test_what_a_device_kept_is_taken_once_as_of_when_and_by_whom_it_was_taken(
    workspace: Workspace, owner: User, owner_client: Client
) -> None:
    make_sender(workspace)
    programme = make_programme(workspace)
    agent = make_member(workspace=workspace, role=Role.AGENT)
    kept = {"msisdn": "06 44 64 01 01", "method": "oral", "note": "fair", "key": "ab" * 16,
            "age_s": "7200", "by": f"user:{agent.id}",
            "placement": placement_of(programme).id}  # fmt: skip
    path, asks = f"/programmes/{programme.id}/capture", {"Accept": "application/json"}

    bad = owner_client.post(path, kept | {"msisdn": "12"}, headers=asks)
    before = now()
    told = [owner_client.post(path, kept, headers=asks) for _ in range(2)]

    assert bad.status_code == 422
    assert bad.json()["problem"].startswith("Number: 12 is not a valid telephone number")
    follows = "Noted. They get a text and join when they answer yes."
    assert [each.json()["told"] for each in told] == [follows, follows]
    found = SignUp.objects.get()
    assert found.evidence == {
        "note": "fair",
        "member": f"user:{agent.id}",
        "sent_by": f"user:{owner.id}",
        "kept_s": 7200,
    }
    assert before - timedelta(hours=2) <= found.signed_at <= now() - timedelta(hours=2)
    assert AuditEntry.objects.filter(action="programmes.signed_up").count() == 1


def test_what_a_device_kept_proves_the_words_of_its_day_and_stays_with_its_workspace(
    workspace: Workspace, owner_client: Client
) -> None:
    make_sender(workspace)
    programme = make_programme(workspace)
    first = Disclosure.objects.get()
    Disclosure.objects.update(created_at=now() - timedelta(hours=3))
    path, asks = f"/programmes/{programme.id}/capture", {"Accept": "application/json"}
    write_words(programme, {**first.parts, "what": "I agree to texts of another kind."})
    write_words(programme, {})
    kept = {"method": "oral", "note": "fair", "placement": placement_of(programme).id}

    page = owner_client.get(path).content.decode()
    owner_client.post(path, kept | {"msisdn": NUMBER, "age_s": "7200"}, headers=asks)

    assert f'data-queue="capture.{workspace.id}"' in page
    assert SignUp.objects.get().disclosure_id == first.id


def write_words(programme: Programme, parts: dict[str, str]) -> None:
    set_disclosure(programme=programme, country="FR", language="en", parts=parts, actor=ACTOR)

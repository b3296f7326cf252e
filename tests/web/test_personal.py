"""A person's own page: what each press does before the next hand-off, and that looking does nothing."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from click.testing import CliRunner, Result
from django.db import connection
from django.test import Client

from builders import make_campaign, make_contact, make_workspace
from domain.messaging.ledger import build_plan, run_plan
from textwell.accounts.models import AuditEntry, Workspace
from textwell.campaigns.forecast import gate_facts
from textwell.cli import receipt as command_line
from textwell.cli import signing_key
from textwell.consent.actions import record_opt_in
from textwell.consent.models import ConsentEvent, PreferenceEvent
from textwell.consent.pausing import find_pause
from textwell.consent.selectors import list_consent_states
from textwell.consent.topics import define_topic
from textwell.consent.types import ConsentScope
from textwell.contacts.models import Contact
from textwell.core.errors import FieldError
from textwell.core.signatures import encode, key_id_of
from textwell.messaging.gate import decide
from textwell.messaging.models import Message
from textwell.privacy.own_data import read_own_data
from textwell.privacy.page_links import MOST_DAYS, OPEN_FOR, make_page_link
from textwell.web.views.personal import MOST_OCTETS
from wide import WIDE

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
NUMBER = "+33644640101"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def person(workspace: Workspace) -> Contact:
    return make_contact(workspace=workspace, msisdn=NUMBER, first_name="Linh", language="en")


@pytest.fixture
def place(person: Contact) -> str:
    return place_of(person)


def place_of(person: Contact, days: int = 30) -> str:
    made = make_page_link(
        workspace_id=person.workspace_id, contact_id=person.id, actor="user:7", days=days
    )
    return "/me/" + made.url.rpartition("/me/")[2]


def press(client: Client, place: str, act: str, **values: str) -> Any:
    """As a person does: the page is opened, and one of its forms sent."""
    shown = client.get(place).content.decode()
    found = re.search(
        rf'name="act" value="{act}"><input type="hidden" name="form" value="(.+?)"', shown
    )
    return client.post(place, {"act": act, "form": found[1] if found else "", **values})


def test_a_page_shows_what_is_held_without_number_cookie_or_script(
    client: Client, place: str
) -> None:
    answer = client.get(place)
    shown = answer.content.decode()

    assert answer.status_code == 200
    assert "Linh" in shown
    assert "+3364•••101" in shown
    assert NUMBER[1:] not in shown
    assert "<script" not in shown
    assert answer.cookies == {}
    assert answer["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self';")
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer["Cache-Control"]


def test_programs_that_look_change_nothing(client: Client, place: str) -> None:
    """The database refuses any write meanwhile."""
    rounds = 250 if WIDE else 5
    looks: list[Callable[[], Any]] = [
        lambda: client.get(place),
        lambda: client.head(place),
        lambda: client.get(f"{place}?act=stop&done=stop&lang=vi"),
        lambda: client.get(f"{place}/erase"),
    ]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL transaction_read_only = on")

    answers = {look().status_code for _round in range(rounds) for look in looks}

    assert answers == {200}


@pytest.mark.parametrize(("act", "reason"), [("stop", "opted_out"), ("pause", "person_paused")])
def test_a_press_holds_before_the_next_hand_off(
    client: Client, person: Contact, place: str, act: str, reason: str
) -> None:
    workspace = Workspace.objects.get(id=person.workspace_id)
    campaign = make_campaign(workspace=workspace)
    before = decide(gate_facts(campaign, person)).reason

    answer = press(client, place, act, days="30")

    assert (before, answer.status_code) == ("", 302)
    assert decide(gate_facts(campaign, person)).reason == reason
    run_plan(build_plan(workspace, campaign, due_at=NOON + timedelta(hours=1)))
    assert Message.objects.get(campaign_id=campaign.id).reason == reason


def test_a_stop_is_in_the_ledger_in_the_words_of_the_button(
    client: Client, person: Contact, place: str
) -> None:
    press(client, place, "stop")
    press(client, place, "stop")

    event = ConsentEvent.objects.get(contact_id=person.id, kind="opt_out")
    assert (event.source, event.actor, event.wording) == ("own_page", "person", "Stop all texts")
    assert "You have stopped our advertising" in client.get(place).content.decode()


def test_one_topic_ends_and_the_others_go_on(client: Client, person: Contact, place: str) -> None:
    define_topic(workspace_id=person.workspace_id, key="stock", name="Stock", actor="user:7")
    scope = ConsentScope(topic="stock")
    record_opt_in(
        workspace_id=person.workspace_id, contact_id=person.id, source="form", wording="Yes",
        given_at=NOON - timedelta(days=1), actor="user:7", scope=scope,
    )  # fmt: skip

    answer = press(client, place, "leave", topic="stock", brand="")

    assert answer.status_code == 302
    states = list_consent_states(person.workspace_id, person.id)
    assert [(row.topic, row.is_granted) for row in states] == [("", True), ("stock", False)]
    event = ConsentEvent.objects.get(contact_id=person.id, kind="opt_out")
    assert set(event.evidence) == {"language", "address"}
    assert event.evidence["address"] == "127.0.0.1"
    assert press(client, place, "leave", topic="", brand="").status_code == 422


def test_a_topic_is_chosen_by_a_press_with_its_proof(
    client: Client, person: Contact, place: str
) -> None:
    define_topic(workspace_id=person.workspace_id, key="stock", name="Stock", actor="user:7")
    assert "Yes, text me about: Stock" in client.get(place).content.decode()

    answer = press(client, place, "join", topic="stock")

    assert answer.status_code == 302
    event = ConsentEvent.objects.get(contact_id=person.id, topic="stock")
    assert (event.kind, event.basis, event.language, event.given_at) == (
        "opt_in", "express_written", "en", NOON,
    )  # fmt: skip
    assert event.wording.endswith("here or by answering a text. Yes, text me about: Stock")
    assert event.evidence["address"] == "127.0.0.1"
    assert press(client, place, "join", topic="stock").status_code == 422
    assert press(client, place, "join", topic="").status_code == 422


def test_who_said_stop_is_offered_no_topic(client: Client, person: Contact, place: str) -> None:
    define_topic(workspace_id=person.workspace_id, key="stock", name="Stock", actor="user:7")
    press(client, place, "stop")

    assert "text me about" not in client.get(place).content.decode()
    assert press(client, place, "join", topic="stock").status_code == 422
    assert not ConsentEvent.objects.filter(topic="stock").exists()


def test_a_pause_ends_by_a_press(client: Client, person: Contact, place: str) -> None:
    press(client, place, "pause", days="90")
    pause = find_pause(person.workspace_id, person.id)
    assert pause is not None
    assert pause.until == NOON + timedelta(days=90)

    press(client, place, "unpause")

    assert find_pause(person.workspace_id, person.id) is None


def test_people_choose_how_they_want_to_hear(client: Client, person: Contact, place: str) -> None:
    answer = press(client, place, "channels", choice="email")

    assert answer.status_code == 302
    event = PreferenceEvent.objects.get(contact_id=person.id)
    assert (event.choice, event.source, event.actor) == ("email", "own_page", "person")
    assert event.wording == "By e-mail only"
    assert event.evidence["address"] == "127.0.0.1"
    assert {*event.evidence} == {"language", "address"}
    held = read_own_data(person)["consent"]["channels"]
    assert [each["choice"] for each in held] == ["email"]
    assert press(client, place, "channels", choice="").status_code == 422


def test_people_correct_name_and_language(client: Client, person: Contact, place: str) -> None:
    press(client, place, "correct", first_name="Lan", last_name="Vo", language="vi")

    person.refresh_from_db()
    assert (person.first_name, person.last_name, person.language) == ("Lan", "Vo", "vi")
    assert AuditEntry.objects.get(action="contacts.changed").actor == "person"
    assert 'lang="vi"' in client.get(place).content.decode()


def test_all_that_is_held_can_be_taken_along(client: Client, place: str) -> None:
    answer = press(client, place, "download")
    held = json.loads(answer.content)

    assert answer["Content-Disposition"] == 'attachment; filename="my-data.json"'
    assert held["person"]["first_name"] == "Linh"
    assert held["consent"]["standings"][0]["is_granted"] is True
    assert NUMBER[1:] not in answer.content.decode()
    assert AuditEntry.objects.filter(action="contacts.data_downloaded").count() == 1


def test_erasing_is_asked_once_more_and_ends_the_link(
    client: Client, person: Contact, place: str
) -> None:
    shown = client.get(f"{place}/erase").content.decode()
    token = re.search('name="form" value="(.+?)"', shown)
    assert token is not None

    answer = client.post(f"{place}/erase", {"form": token[1]})

    assert answer.status_code == 200
    assert "You are erased" in answer.content.decode()
    assert not Contact.objects.filter(id=person.id).exists()
    assert client.get(place).status_code == 404


def test_a_press_with_a_huge_body_is_not_read_and_does_nothing(
    client: Client, person: Contact, place: str
) -> None:
    answer = press(client, place, "stop", more="a" * MOST_OCTETS)

    assert answer.status_code == 422
    assert not ConsentEvent.objects.filter(contact_id=person.id, kind="opt_out").exists()
    assert press(client, place, "stop").status_code == 302


@pytest.mark.parametrize("path", ["", "/erase"])
def test_a_press_without_the_form_of_the_page_does_nothing(
    client: Client, person: Contact, place: str, path: str
) -> None:
    answers = [
        client.post(f"{place}{path}", {"act": act, "form": form}).status_code
        for act, form in [("stop", ""), ("erase", "erase:x:y"), ("nothing", "")]
    ]

    assert answers == [422, 422, 422]
    assert ConsentEvent.objects.filter(contact_id=person.id).count() == 1


def test_a_page_that_stood_open_too_long_is_asked_again(
    client: Client, person: Contact, place: str, clock: time_machine.Traveller
) -> None:
    shown = client.get(place).content.decode()
    form = re.search('value="stop"><input type="hidden" name="form" value="(.+?)"', shown)
    assert form is not None

    clock.shift(OPEN_FOR + timedelta(minutes=1))
    answer = client.post(place, {"act": "stop", "form": form[1]})

    assert answer.status_code == 422
    assert "open for too long" in answer.content.decode()
    assert not ConsentEvent.objects.filter(contact_id=person.id, kind="opt_out").exists()


def test_a_link_ends_by_itself_and_for_nobody_else(
    client: Client, person: Contact, place: str, clock: time_machine.Traveller
) -> None:
    other = make_contact(workspace=make_workspace(name="Other"), msisdn=NUMBER)
    forged = place_of(other)[:16] + place[16:]
    assert client.get(forged).status_code == 404
    assert client.get(f"{place}x").status_code == 404
    assert client.get(f"/me/{'é' * 35}").status_code == 404

    clock.shift(timedelta(days=30, hours=1))

    assert client.get(place).status_code == 410
    assert client.post(place, {"act": "stop"}).status_code == 410


def test_a_number_that_changes_hands_ends_the_link(
    client: Client, person: Contact, place: str
) -> None:
    Contact.objects.filter(id=person.id).update(msisdn="+33644640102")

    assert client.get(place).status_code == 404


@pytest.mark.parametrize("days", [0, MOST_DAYS + 1])
def test_a_link_holds_ninety_days_at_most(person: Contact, days: int) -> None:
    with pytest.raises(FieldError, match="days"):
        place_of(person, days)


def verify(folder: Path, octets: bytes, keys: str) -> Result:
    (folder / "keys").write_text(keys)
    (folder / "receipt.json").write_bytes(octets)
    arguments = ["verify", str(folder / "receipt.json"), "--key", str(folder / "keys")]
    return CliRunner().invoke(command_line.command, arguments)


def test_a_receipt_is_verified_by_the_public_key_alone(
    client: Client, workspace: Workspace, place: str, tmp_path: Path
) -> None:
    octets = press(client, place, "receipt").content
    keys = CliRunner().invoke(signing_key.command, ["public"]).output
    receipt = json.loads(octets)["receipt"]
    stranger = f"{key_id_of(bytes(32))} {encode(bytes(32))}"

    good = verify(tmp_path, octets, keys)
    changed = verify(tmp_path, octets.replace(b'"is_granted":true', b'"is_granted":false'), keys)
    unknown = verify(tmp_path, octets, stranger)
    spaced = verify(tmp_path, octets.replace(b'"v":1', b'"v": 1'), keys)

    assert good.exit_code == 0
    assert good.stdout.startswith(
        f"Genuine. {workspace.name} (key {receipt['key']}) said on 2026-03-02T12:00:00Z of +3364•••101:"
    )
    assert "sms marketing - granted since" in good.stdout
    assert (changed.exit_code, changed.stderr) == (
        1,
        "Not genuine: the signature is not that of the key.\n",
    )
    assert unknown.stderr == f"Not genuine: no public key {receipt['key']} was given.\n"
    assert spaced.stderr == "Not genuine: it is not written as receipts are.\n"


def test_any_changed_octet_of_a_receipt_is_found(client: Client, place: str) -> None:
    from textwell.core.signing import list_public_keys
    from textwell.privacy.receipt_form import check_receipt

    octets = press(client, place, "receipt").content.rstrip()
    workspace_id = json.loads(octets)["receipt"]["workspace"]
    keys = {key.key_id: key.value for key in list_public_keys(workspace_id)}

    genuine = [
        at
        for at in range(len(octets))
        if not check_receipt(octets[:at] + bytes([octets[at] ^ 1]) + octets[at + 1 :], keys).problem
    ]

    assert genuine == []

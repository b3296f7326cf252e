"""The public form: what it shows, what it refuses, and that it tells nobody whose number is known."""

import re
from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client

from builders import make_contact
from domain.programmes import (
    ACTOR,
    NUMBER,
    SHORT_CODE,
    make_programme,
    make_sender,
    placement_of,
    texts_to,
)
from textwell.accounts.models import Workspace
from textwell.consent.models import ConsentEvent
from textwell.consent.topics import define_topic
from textwell.gateways.models import Sender
from textwell.programmes.disclosures import add_ready
from textwell.programmes.guard import MOST_BY_ADDRESS, MOST_BY_PREFIX
from textwell.programmes.models import Placement, Programme, SignUp
from textwell.programmes.placements import pause_placement

NOON = datetime(2026, 11, 24, 11, tzinfo=UTC)  # a Tuesday, in Paris too


@pytest.fixture(autouse=True)
def clock() -> object:
    """Attempts are counted by the hour of the clock: a test that runs over its end would count two."""
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def programme(workspace: Workspace) -> Programme:
    make_sender(workspace)
    return make_programme(workspace, offer="Bread for a song")


@pytest.fixture
def place(programme: Programme) -> Placement:
    return placement_of(programme)


def send(client: Client, place: Placement, **values: str) -> object:
    given = {"msisdn": NUMBER, "agree": "on", **values}
    return client.post(f"/join/{place.code}", given, REMOTE_ADDR="192.0.2.9")


def test_a_form_is_filled_in_without_script_cookie_or_tick(
    client: Client, place: Placement
) -> None:
    answer = client.get(f"/join/{place.code}")
    page = answer.content.decode()

    assert answer.status_code == 200
    assert "<script" not in page
    assert "checked" not in page
    assert answer.cookies == {}
    assert re.search(r'<span class="small">I agree to receive marketing texts', page)
    assert answer["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    )


def test_whoever_agrees_joins_with_the_page_as_evidence(client: Client, place: Placement) -> None:
    answer = send(client, place, msisdn="06 44 64 01 01", country="FR")

    assert (answer.status_code, answer["Location"]) == (
        302,
        f"/join/{place.code}/thanks?lang=en&country=FR",
    )
    event = ConsentEvent.objects.get()
    assert event.evidence["address"] == "192.0.2.9"
    assert event.evidence["page"] == f"http://testserver/join/{place.code}"
    assert SignUp.objects.get().placement_id == place.id


def test_topics_are_boxes_of_their_own_and_none_is_ticked(
    client: Client, workspace: Workspace
) -> None:
    make_sender(workspace)
    define_topic(workspace_id=workspace.id, key="offers", name="Offers", actor=ACTOR)
    place = placement_of(make_programme(workspace, topics=["offers"]))

    page = client.get(f"/join/{place.code}").content.decode()
    send(client, place, topics="offers")

    assert re.search(r'<input type="checkbox" name="topics" value="offers" id="id_topics_0">', page)
    topics = ConsentEvent.objects.order_by("topic").values_list("topic", flat=True)
    assert list(topics) == ["", "offers"]


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"agree": ""}, "Tick the box to agree."),
        ({"msisdn": "12"}, "12 is not a valid telephone number"),
        ({"msisdn": "+4915112345678"}, "not for numbers of this country"),
    ],
)
def test_what_is_wrong_stands_in_the_form(
    client: Client, place: Placement, values: dict[str, str], says: str
) -> None:
    answer = send(client, place, **values)

    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert SignUp.objects.count() == 0


def test_every_number_gets_the_same_answer(
    client: Client, workspace: Workspace, place: Placement
) -> None:
    make_contact(workspace=workspace, msisdn=NUMBER)

    answers = [send(client, place, msisdn=n) for n in (NUMBER, NUMBER, "+33644640102")]
    trapped = send(client, place, website="https://spam.example", msisdn="+33644640103")

    seen = {(a.status_code, a["Location"], a.content) for a in [*answers, trapped]}
    assert len(seen) == 1
    assert SignUp.objects.count() == 2


def test_a_number_gets_one_text_however_often_it_is_typed_in(
    client: Client, workspace: Workspace, programme: Programme, place: Placement
) -> None:
    Programme.objects.update(asks_twice=True)

    statuses = [send(client, place).status_code for _ in range(6)]

    assert statuses == [302] * 6
    assert len(texts_to(workspace)) == 1


def test_numbers_side_by_side_are_not_pumped(
    client: Client, workspace: Workspace, place: Placement
) -> None:
    for turn in range(MOST_BY_PREFIX + 5):
        given = {"msisdn": f"+3364464{turn:04d}", "agree": "on"}
        client.post(f"/join/{place.code}", given, REMOTE_ADDR=f"192.0.2.{turn}")

    assert SignUp.objects.count() == MOST_BY_PREFIX
    assert len(texts_to(workspace)) == MOST_BY_PREFIX


def test_one_address_signs_up_so_many_an_hour(client: Client, place: Placement) -> None:
    answers = [
        send(client, place, msisdn=f"+336{40 + turn}640101") for turn in range(MOST_BY_ADDRESS + 1)
    ]

    assert [a.status_code for a in answers] == [302] * MOST_BY_ADDRESS + [422]
    assert "Try again in an hour" in answers[-1].content.decode()


def test_behind_a_proxy_of_this_machine_each_visitor_has_an_address_of_their_own(
    client: Client, place: Placement
) -> None:
    statuses = []
    for turn in range(MOST_BY_ADDRESS + 1):
        told = {"msisdn": f"+336{40 + turn}640101", "agree": "on"}
        hops = {"X-Forwarded-For": f"10.0.0.1, 198.51.100.{turn}"}
        answer = client.post(
            f"/join/{place.code}", told, headers=hops, REMOTE_ADDR="::ffff:127.0.0.1"
        )
        statuses.append(answer.status_code)

    assert set(statuses) == {302}
    first = ConsentEvent.objects.order_by("id").first()
    assert first is not None
    assert first.evidence["address"] == "198.51.100.0"


def test_what_a_visitor_says_of_an_address_counts_for_nothing(
    client: Client, place: Placement
) -> None:
    hops = {"X-Forwarded-For": "203.0.113.7"}
    told = {"msisdn": NUMBER, "agree": "on"}

    client.post(f"/join/{place.code}", told, headers=hops, REMOTE_ADDR="192.0.2.9")

    assert ConsentEvent.objects.get().evidence["address"] == "192.0.2.9"


def test_a_frame_is_allowed_for_the_sites_that_are_named_and_no_other(
    client: Client, place: Placement
) -> None:
    Programme.objects.update(frame_hosts=["https://shop.example"])

    answer = client.get(f"/join/{place.code}")

    assert answer["Content-Security-Policy"].endswith("frame-ancestors 'self' https://shop.example")
    assert "X-Frame-Options" not in answer


@pytest.mark.parametrize(("language", "button"), [
    ("vi", "Đăng ký"), ("zh-hans", "报名"), ("zh-hant", "報名"), ("es", "Apuntarme"), ("fr", "M’inscrire"),
])  # fmt: skip
def test_the_form_is_in_the_language_of_its_words(
    client: Client, programme: Programme, place: Placement, language: str, button: str
) -> None:
    add_ready(programme=programme, country="FR", language=language, actor=ACTOR)

    page = client.get(f"/join/{place.code}", headers={"Accept-Language": language})

    assert button in page.content.decode()
    assert f'name="lang" value="{language}"' in page.content.decode()


def test_a_closed_sign_up_says_so_and_an_unknown_one_is_not_there(
    client: Client, place: Placement
) -> None:
    pause_placement(placement=place, actor=ACTOR)

    assert client.get(f"/join/{place.code}").status_code == 410
    assert client.get("/join/nothing").status_code == 404


def test_a_phone_gets_the_link_of_its_own_form(client: Client, programme: Programme) -> None:
    place = placement_of(programme, keyword="Bon pain", sender=SHORT_CODE)
    agents = {"iPhone": "sms:38000&amp;body=Bon%20pain", "Android": "sms:38000?body=Bon%20pain"}

    for agent, link in agents.items():
        page = client.get(f"/join/{place.code}", headers={"User-Agent": agent})
        assert f'href="{link}"' in page.content.decode()


def test_nobody_agrees_to_words_that_the_page_did_not_show(
    client: Client, place: Placement
) -> None:
    answer = send(client, place, country="FR", shown="999999")

    assert answer.status_code == 422
    assert "agree to the words that are shown" in answer.content.decode()
    assert SignUp.objects.count() == 0


def test_a_form_is_closed_where_nobody_can_ask_for_the_yes(
    client: Client, programme: Programme, place: Placement
) -> None:
    Programme.objects.update(asks_twice=True)
    Sender.objects.update(is_active=False)

    answer = send(client, place)

    assert (answer.status_code, SignUp.objects.count()) == (410, 0)


def test_no_text_is_promised_where_none_follows(
    client: Client, programme: Programme, place: Placement
) -> None:
    path = f"/join/{place.code}/thanks?country=FR"
    before = client.get(path).content.decode()
    Programme.objects.update(welcome="")

    after = client.get(path).content.decode()

    assert ("You get a text soon" in before, "You get a text soon" in after) == (True, False)
    assert "We have your sign-up." in after

"""The words that people are shown: which a pack requires, and what points to them."""

from datetime import timedelta

import pytest

from builders import make_workspace
from domain.programmes import ACTOR, join_by, make_programme, make_sender
from textwell.accounts.models import Workspace
from textwell.consent.models import ConsentEvent
from textwell.core.clock import now
from textwell.core.errors import FieldError
from textwell.programmes.actions import publish_programme, update_programme
from textwell.programmes.disclosures import present_disclosures, set_disclosure
from textwell.programmes.elements import ELEMENTS, is_there, required_elements
from textwell.programmes.errors import NotComplete
from textwell.programmes.models import Disclosure, ProgrammeState
from textwell.programmes.selectors import find_problems

LINKS = {"terms_url": "https://b.example/t", "privacy_url": "https://b.example/p"}


def test_the_federal_pack_asks_for_nine_elements_and_the_french_one_for_five() -> None:
    assert set(required_elements("US") or ()) == set(ELEMENTS) - {"contact"}
    assert required_elements("FR") == dict.fromkeys(
        ("what", "identity", "stop", "terms", "privacy"), "FR@2026-11-01"
    )
    assert required_elements("AQ") is None


@pytest.mark.parametrize("element", ["what", "identity", "frequency", "cost", "not_condition", "stop",
                                     "help", "terms", "privacy"])  # fmt: skip
def test_a_programme_that_lacks_an_element_is_not_published_and_says_which(
    element: str, db: None
) -> None:
    workspace = make_workspace(country="US")
    programme = make_programme(workspace, is_published=False)
    [shown] = present_disclosures(programme)
    parts = {name: text for name, text in shown.parts.items() if name != element}
    set_disclosure(programme=programme, country="US", language="en", parts=parts, actor=ACTOR)

    with pytest.raises(NotComplete) as refused:
        publish_programme(programme=programme, actor=ACTOR)

    assert [problem.element for problem in refused.value.problems] == [element]
    programme.refresh_from_db()
    assert programme.state == ProgrammeState.DRAFT


def test_a_sentence_without_its_word_is_no_element(workspace: Workspace) -> None:
    programme = make_programme(workspace, is_published=False)
    [shown] = present_disclosures(programme)
    parts = {**shown.parts, "stop": "You may leave.", "identity": "They come from us."}
    set_disclosure(programme=programme, country="FR", language="en", parts=parts, actor=ACTOR)

    problems = find_problems(programme)

    assert [problem.element for problem in problems] == ["identity", "stop"]


@pytest.mark.parametrize(
    ("sentence", "is_told"),
    [
        ("We NEVER STOP.", False),
        ("Nonstop bargains, reply any time!", False),
        ("STOP", False),
        ("Reply {stop} to end.", True),
        ("STOP to end.", True),
        ("Text QUIT at any time.", True),
        ("Envoyez STOP pour arrêter.", True),
        ("Gửi STOP để dừng.", True),
        ("随时回复 STOP 退订。", True),
    ],
)
def test_how_to_stop_is_told_by_a_word_and_what_to_do_with_it(sentence: str, is_told: bool) -> None:
    assert is_there("stop", {"stop": sentence}, {"stop": "STOP"}) is is_told


def test_what_a_sentence_is_for_stands_in_it_as_words_of_its_own() -> None:
    values = {"count": "4", "brand": "面包", "terms": "https://b.example/t"}

    assert not is_there("frequency", {"frequency": "At most 14 texts a month."}, values)
    assert not is_there("terms", {"terms": "https://b.example/tea"}, values)
    assert is_there("identity", {"identity": "短信来自面包店。"}, values)
    assert not is_there("cost", {"cost": "-"}, values)


@pytest.mark.parametrize("language", ["en", "vi", "zh-hans", "zh-hant", "es", "fr"])
def test_ready_made_words_hold_all_that_any_pack_requires(language: str, db: None) -> None:
    workspace = make_workspace(country="US", language=language)
    make_sender(workspace)
    programme = make_programme(
        workspace, is_published=False, countries=["US", "CA", "FR", "VN", "CN", "ES", "DE"],
        contact="1 Rue du Four, Paris",
    )  # fmt: skip

    assert find_problems(programme) == []
    assert {each.language for each in present_disclosures(programme)} == {language}


def test_a_published_programme_keeps_what_its_pack_requires(workspace: Workspace) -> None:
    programme = make_programme(workspace)
    [shown] = present_disclosures(programme)

    with pytest.raises(NotComplete):
        set_disclosure(
            programme=programme,
            country="FR",
            language="en",
            parts={"what": "I agree."},
            actor=ACTOR,
        )
    with pytest.raises(NotComplete):
        update_programme(programme=programme, actor=ACTOR, terms_url="")

    assert [each.id for each in present_disclosures(programme)] == [shown.id]


def test_texts_get_a_new_version_when_what_they_name_changes(workspace: Workspace) -> None:
    programme = make_programme(workspace)
    update_programme(programme=programme, actor=ACTOR, offer="Ten percent")
    update_programme(programme=programme, actor=ACTOR, brand="Red Bakery")

    versions = list(Disclosure.objects.order_by("version"))

    assert [each.version for each in versions] == [1, 2]
    assert "Green Bakery" in versions[0].text
    assert "Red Bakery" in versions[1].text
    assert versions[0].hash != versions[1].hash


def test_a_consent_points_to_the_hash_of_what_was_shown(workspace: Workspace) -> None:
    make_sender(workspace)
    programme = make_programme(workspace)
    [shown] = present_disclosures(programme)

    join_by(programme, evidence={"address": "192.0.2.7"})

    event = ConsentEvent.objects.get()
    assert event.wording == shown.text
    assert event.source == "form: Bread club / Direct link"
    assert {name: event.evidence[name] for name in ("disclosure_hash", "address", "country")} == {
        "disclosure_hash": shown.hash, "address": "192.0.2.7", "country": "FR",
    }  # fmt: skip


def test_a_page_that_stood_open_records_the_version_that_it_showed(workspace: Workspace) -> None:
    make_sender(workspace)
    programme = make_programme(workspace)
    [shown] = present_disclosures(programme)
    update_programme(programme=programme, actor=ACTOR, brand="Red Bakery")

    join_by(programme, disclosure_id=shown.id)

    assert ConsentEvent.objects.get().evidence["disclosure_hash"] == shown.hash


def test_words_that_were_not_shown_for_this_number_are_agreed_to_by_nobody(
    workspace: Workspace,
) -> None:
    make_sender(workspace)
    programme = make_programme(workspace, countries=["FR", "ES"])
    shown = {each.country: each for each in present_disclosures(programme)}
    update_programme(programme=programme, actor=ACTOR, brand="Red Bakery")
    Disclosure.objects.update(created_at=now() - timedelta(days=2))

    for named in (shown["ES"].id, shown["FR"].id, 0):
        with pytest.raises(FieldError, match="disclosure_id"):
            join_by(programme, disclosure_id=named)

    assert ConsentEvent.objects.count() == 0
    assert join_by(programme, disclosure_id=present_disclosures(programme)[1].id).state == "joined"

"""Topics of a sign-up: each tick is a consent of its own, and no tick is none."""

import pytest

from builders import make_contact
from domain.programmes import ACTOR, NUMBER, hand_off, join_by, make_programme, make_sender, write
from textwell.accounts.models import Workspace
from textwell.consent.actions import record_opt_out
from textwell.consent.models import ConsentEvent, ConsentState
from textwell.consent.topics import define_topic
from textwell.consent.types import every_of
from textwell.core.clock import now
from textwell.core.errors import FieldError
from textwell.programmes.models import Programme, SignUp


@pytest.fixture
def programme(workspace: Workspace) -> Programme:
    make_sender(workspace)
    for key in ("offers", "events", "news"):
        define_topic(workspace_id=workspace.id, key=key, name=key.title(), actor=ACTOR)
    return make_programme(workspace, topics=["events", "offers"])


def granted() -> list[str]:
    rows = ConsentState.objects.filter(is_granted=True).order_by("topic")
    return list(rows.values_list("topic", flat=True))


def test_each_topic_ticked_is_a_consent_with_its_own_words(programme: Programme) -> None:
    join_by(programme, topics=["offers"])

    assert granted() == ["", "offers"]
    general, event = ConsentEvent.objects.order_by("id")
    assert event.wording == f"{general.wording}\nOffers"
    assert event.evidence == {**general.evidence, "topic_label": "Offers"}


def test_who_ticks_nothing_agrees_to_no_topic(programme: Programme) -> None:
    join_by(programme)

    assert granted() == [""]


def test_topics_wait_for_the_second_yes_with_the_rest(workspace: Workspace) -> None:
    gateway = make_sender(workspace)
    define_topic(workspace_id=workspace.id, key="offers", name="Offers", actor=ACTOR)
    join_by(make_programme(workspace, topics=["offers"], asks_twice=True), topics=["offers"])
    before = granted()
    hand_off()

    write(gateway, "YES")

    assert (before, granted()) == ([], ["", "offers"])


def test_who_joined_may_tick_another_topic_later(programme: Programme) -> None:
    join_by(programme, topics=["offers"])

    join_by(programme, topics=["offers", "events"])

    assert granted() == ["", "events", "offers"]
    assert ConsentEvent.objects.count() == 3


def test_no_form_gives_back_a_topic_that_was_stopped(
    workspace: Workspace, programme: Programme
) -> None:
    person = make_contact(workspace=workspace, msisdn=NUMBER, has_consent=False)
    record_opt_out(
        workspace_id=workspace.id, contact_id=person.id, msisdn=NUMBER, source="reply",
        wording="stop offers", given_at=now(), actor="mo", scope=every_of(topic="offers"),
    )  # fmt: skip

    join_by(programme, topics=["offers", "events"])

    assert granted() == ["", "events"]


def test_a_topic_that_is_not_offered_is_refused_and_nothing_kept(programme: Programme) -> None:
    with pytest.raises(FieldError, match=r"topics: “news” is not offered here\."):
        join_by(programme, topics=["news"])

    assert SignUp.objects.count() == 0


@pytest.mark.parametrize(
    ("topics", "problem"),
    [
        (["gone"], "“gone” is none of this workspace"),
        (["stock"], "“Stock” is agreed to from one sender at a time"),
    ],
)
def test_a_programme_offers_topics_that_hold_for_all_senders(
    workspace: Workspace, topics: list[str], problem: str
) -> None:
    define_topic(
        workspace_id=workspace.id, key="stock", name="Stock", actor=ACTOR, is_per_sender=True
    )

    with pytest.raises(FieldError, match=problem):
        make_programme(workspace, topics=topics)

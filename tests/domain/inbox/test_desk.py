"""A small firm's desk: reminders the day before in the person's day, and requests that need consent."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine

from builders import make_contact, make_gateway, make_workspace
from domain.messaging.test_plan import give_text
from textwell.accounts.models import Workspace
from textwell.consent.suppressing import suppress_number
from textwell.contacts.models import Contact
from textwell.contacts.zones import load_zones
from textwell.core.errors import Conflict, FieldError
from textwell.gateways.models import Gateway, Sender
from textwell.inbox.desk import (
    ask_for_review,
    day_end,
    day_zones,
    first_day_time,
    ready_reminder,
    ready_request,
    remind_of_booking,
    reminder_time,
)
from textwell.inbox.errors import NotAgreed
from textwell.messaging.actions import LONGEST_AHEAD, cancel_single
from textwell.messaging.models import Batch, Message
from textwell.messaging.promises import publish_promise

pytestmark = pytest.mark.django_db

PARIS = ["Europe/Paris"]
NOW = datetime(2026, 1, 12, 9, tzinfo=UTC)  # a Monday, ten o'clock in Paris
NUMBER = "06 12 34 56 78"


@pytest.fixture
def firm() -> Workspace:
    made = make_workspace(
        name="Zahn", zone="Europe/Paris", language="fr", review_url="https://reviews.example/zahn"
    )
    make_gateway(workspace=made)
    return made


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 1, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("meaning", "booking", "due"),
    [
        ("the day before at the same hour", at(15, 13), at(14, 13)),
        ("a late one's an hour before the night", at(15, 21), at(14, 19)),
        ("an evening's with an hour left as well", at(15, 19, 50), at(14, 19, 5)),
        ("an early one's in the morning", at(15, 5), at(14, 7)),
        ("tomorrow's at once", at(13, 8), at(12, 9)),
        ("today's at once", at(12, 15), at(12, 9)),
        ("half an hour away: none", at(12, 9, 30), None),
    ],
)
def test_it_goes_the_day_before_in_the_day(
    meaning: str, booking: datetime, due: datetime | None
) -> None:
    assert reminder_time(PARIS, booking, at=NOW) == due, meaning


def test_at_night_nothing_goes_before_the_morning() -> None:
    night = at(12, 23)

    assert reminder_time(PARIS, at(13, 15), at=night) == at(13, 7)
    assert reminder_time(PARIS, at(13, 7, 30), at=night) is None


def remind(firm: Workspace, **values: Any) -> Any:
    given: dict[str, Any] = {"number": NUMBER, "name": "Ada", "booking_at": at(15, 13)}
    given |= {"text": "Zahn: {day}, {time}.", "actor": "user:1"} | values
    with time_machine.travel(NOW, tick=False):
        return remind_of_booking(workspace=firm, **given)


def test_a_reminder_is_a_text_about_the_booking_in_the_firms_language(firm: Workspace) -> None:
    sent = remind(firm)

    message = Message.objects.get(id=sent.message_id)
    batch = Batch.objects.get(first_message_id=message.id)
    purpose = batch.extra["purpose"]
    assert (purpose, batch.lane, batch.due_at) == ("transactional", "care", at(14, 13))
    assert batch.body == "Zahn: 15 janvier 2026, 14:00."
    assert (sent.contact.first_name, sent.contact.msisdn) == ("Ada", "+33612345678")


def test_no_consent_is_needed_to_be_reminded_but_a_stop_holds(firm: Workspace) -> None:
    suppress_number(workspace_id=firm.id, msisdn="+33612345678", source="", actor="user:1")

    with pytest.raises(FieldError) as caught:
        remind(firm)

    assert (caught.value.field, Message.objects.count()) == ("number", 0)
    assert not Contact.objects.exists()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"number": "12"}, "number"),
        ({"text": "  "}, "text"),
        ({"text": "{{ first_name }}"}, "text"),
        ({"booking_at": NOW + timedelta(minutes=20)}, "day"),
        ({"booking_at": NOW - timedelta(days=1)}, "day"),
        ({"booking_at": datetime(1, 1, 1, tzinfo=ZoneInfo("Europe/Paris"))}, "day"),
        ({"booking_at": NOW + LONGEST_AHEAD + timedelta(days=1, hours=1)}, "day"),
        ({"booking_at": datetime(9999, 12, 31, tzinfo=UTC)}, "day"),
        ({"text": "See you soon."}, "text"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(
    firm: Workspace, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(FieldError) as caught:
        remind(firm, **values)

    assert (caught.value.field, Message.objects.count()) == (field, 0)
    assert caught.value.mend


def test_a_form_that_is_sent_twice_is_noted_once(firm: Workspace) -> None:
    remind(firm)

    with pytest.raises(Conflict):
        remind(firm)
    remind(firm, booking_at=at(16, 13))

    assert Message.objects.count() == 2


def test_what_is_planned_still_is_not_noted_again_days_later(firm: Workspace) -> None:
    remind(firm, booking_at=at(20, 13))

    with time_machine.travel(at(15, 9), tick=False), pytest.raises(Conflict):
        remind_of_booking(
            workspace=firm, number=NUMBER, name="", booking_at=at(20, 13),
            text="Zahn: {day}, {time}.", actor="user:1",
        )  # fmt: skip


def test_a_text_that_another_begins_with_is_another(firm: Workspace) -> None:
    remind(firm, text="{day}, {time}, with Anna")

    remind(firm, text="{day}, {time}")

    assert Message.objects.count() == 2


def test_what_was_canceled_can_be_noted_again(firm: Workspace) -> None:
    sent = remind(firm)
    cancel_single(workspace_id=firm.id, message_id=sent.message_id, actor="user:1")

    remind(firm)

    assert Message.objects.exclude(state="canceled").count() == 1


def test_a_typed_name_does_not_replace_what_is_known(firm: Workspace) -> None:
    known = make_contact(workspace=firm, msisdn="+33612345678", first_name="Marie")

    remind(firm, name="Mrs D")

    known.refresh_from_db()
    assert known.first_name == "Marie"


@pytest.mark.parametrize(
    ("booking", "expires"),
    [(at(15, 13), at(14, 20)), (at(15, 5), at(14, 20)), (at(12, 15), at(12, 15))],
)
def test_a_reminder_ends_with_the_day_or_the_booking(
    firm: Workspace, booking: datetime, expires: datetime
) -> None:
    sent = remind(firm, booking_at=booking)

    assert sent.expires_at == expires
    assert Message.objects.get(id=sent.message_id).expires_at == expires


def ask(firm: Workspace) -> Any:
    with time_machine.travel(NOW, tick=False):
        return ask_for_review(workspace=firm, number=NUMBER, text="How was it?", actor="user:1")


def test_a_request_for_a_review_needs_consent_and_says_why_not(firm: Workspace) -> None:
    with pytest.raises(NotAgreed) as caught:
        ask(firm)

    assert "has not agreed to marketing" in str(caught.value)
    assert (caught.value.field, Message.objects.count()) == ("number", 0)
    assert caught.value.contact == Contact.objects.get(msisdn="+33612345678")


def test_a_request_ends_with_the_day(firm: Workspace) -> None:
    make_contact(workspace=firm, msisdn="+33612345678")

    sent = ask(firm)

    assert Message.objects.get(id=sent.message_id).expires_at == sent.expires_at == at(12, 20)


def test_a_request_by_a_real_gateway_keeps_the_hours_of_the_country(firm: Workspace) -> None:
    """Asked on a Saturday evening: Sunday is day, and barred; it goes on Monday and lasts its day."""
    Gateway.objects.filter(workspace_id=firm.id).update(provider="smpp")
    make_contact(workspace=firm, msisdn="+33612345678")

    with time_machine.travel(datetime(2026, 1, 17, 20, 30, tzinfo=UTC), tick=False):
        sent = ask_for_review(workspace=firm, number=NUMBER, text="How was it?", actor="user:1")

    assert (sent.due_at, sent.expires_at) == (at(19, 7), at(19, 20))


def test_a_request_waits_for_a_cap_of_law_and_one_beyond_the_promise_is_refused(
    firm: Workspace,
) -> None:
    """Colombia allows one text a day; the person had one some hours ago."""
    Gateway.objects.filter(workspace_id=firm.id).update(provider="smpp")
    person = make_contact(workspace=firm, msisdn="+573001234567", country="CO")
    Workspace.objects.filter(id=firm.id).update(zone="America/Bogota")
    firm.refresh_from_db()
    firm.review_url = "https://reviews.example/dent"
    morning = datetime(2026, 1, 14, 15, tzinfo=UTC)  # a Wednesday, ten o'clock there
    with time_machine.travel(morning, tick=False):
        give_text(person)
        number = person.msisdn
        sent = ask_for_review(workspace=firm, number=number, text="How was it?", actor="user:1")
        publish_promise(workspace=firm, most=9, actor="user:1")
        Gateway.objects.update(provider="simulator")
        Sender.objects.update(value="CAFE")
        with pytest.raises(FieldError, match="public promise does not name the sender"):
            ask_for_review(workspace=firm, number=number, text="Well?", actor="user:1")

    assert sent.due_at == datetime(2026, 1, 15, 13, tzinfo=UTC)


def test_it_is_day_where_the_firm_is_as_well_as_where_the_number_is() -> None:
    load_zones()
    firm = make_workspace(name="Dent", zone="America/New_York", country="US")
    make_gateway(workspace=firm)
    make_contact(workspace=firm, msisdn="+13105550124")
    firm.review_url = "https://reviews.example/dent"
    half_past_eleven = at(13, 4, 30)  # at night in New York

    sent = remind(firm, number="+1 310 555 0123", booking_at=at(15, 14))
    with time_machine.travel(half_past_eleven, tick=False):
        asked = ask_for_review(workspace=firm, number="+13105550124", text="OK?", actor="user:1")

    # At eleven in New York: its nine is six in Los Angeles.
    assert (sent.due_at, sent.expires_at) == (at(14, 16), at(15, 2))
    assert (asked.due_at, asked.expires_at) == (at(13, 16), at(14, 2))


def test_a_zone_that_was_given_counts_alone(firm: Workspace) -> None:
    make_contact(workspace=firm, msisdn="+33612345678", zone="Asia/Tokyo")

    sent = remind(firm, booking_at=at(15, 13))

    # At 20:00 in Tokyo, which is noon in Paris.
    assert (sent.due_at, sent.expires_at) == (at(14, 11), at(14, 12))


@pytest.mark.parametrize(
    ("meaning", "names", "zones"),
    [
        ("in both", ["America/Los_Angeles"], {"America/Los_Angeles", "America/New_York"}),
        ("nothing is known", [], {"America/New_York"}),
        ("no hour is day in all", ["Asia/Tokyo", "Europe/Paris"], {"America/New_York"}),
        ("there is no such zone", ["Mars/Base"], {"America/New_York"}),
    ],
)
def test_without_a_zone_of_the_person_the_firms_counts(
    meaning: str, names: list[str], zones: set[str]
) -> None:
    assert set(day_zones(names, "America/New_York", NOW)) == zones, meaning


def test_the_day_ends_where_it_ends_first() -> None:
    assert day_end(["Europe/Paris", "Europe/London"], at(12, 9, 7)) == at(12, 20)


def test_who_agreed_is_asked_once_with_the_link(firm: Workspace) -> None:
    make_contact(workspace=firm, msisdn="+33612345678")

    sent = ask(firm)
    with pytest.raises(Conflict):
        ask(firm)

    batch = Batch.objects.get(first_message_id=sent.message_id)
    assert Message.objects.count() == 1
    assert (batch.extra["purpose"], batch.lane) == ("marketing", "bulk")
    assert batch.body.startswith("How was it? http")


def test_the_cap_of_the_workspace_holds_for_requests(firm: Workspace) -> None:
    make_contact(workspace=firm, msisdn="+33612345678")
    Workspace.objects.filter(id=firm.id).update(cap_count=1)
    with time_machine.travel(NOW, tick=False):
        ask_for_review(workspace=firm, number=NUMBER, text="Another", actor="user:1")

    with pytest.raises(FieldError, match="frequency cap"):
        ask(firm)


def test_without_a_link_nobody_is_asked(firm: Workspace) -> None:
    firm.review_url = ""

    with pytest.raises(FieldError) as caught:
        ask(firm)

    assert caught.value.field == "review_url"


@pytest.mark.parametrize("language", ["en", "vi", "zh-hans", "zh-hant", "es", "fr"])
def test_ready_texts_are_whole_in_every_language(language: str) -> None:
    firm = make_workspace(name="Zahn", language=language)

    reminder, request = ready_reminder(firm), ready_request(firm)

    assert all(part in reminder for part in ("Zahn", "{day}", "{time}"))
    assert ("Zahn" in request, "STOP" in request) == (True, True)


def test_a_sender_that_can_be_answered_is_preferred(firm: Workspace) -> None:
    Sender.objects.create(
        workspace_id=firm.id,
        gateway=make_gateway(workspace=firm),
        value="+33700000000",
        kind="long_code",
    )

    sent = remind(firm)

    assert Message.objects.get(id=sent.message_id).sender == "+33700000000"


def test_no_hour_is_made_up_where_none_is_day() -> None:
    with pytest.raises(ValueError, match="no hour is day"):
        first_day_time(["Asia/Tokyo", "Europe/Paris", "America/New_York"], NOW)

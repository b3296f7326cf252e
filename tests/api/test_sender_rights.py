"""By every route: a sender goes where law lets its kind go, and where it must be registered first once it is.

What law says is read from the packs' own lines here, not by the code that judges; what a registration
covers is written down case by case.
"""

import tomllib
from collections.abc import Callable
from datetime import date
from functools import cache
from itertools import count
from typing import Any

import pytest
import time_machine

from api.conftest import Program
from api.doors.test_kannel import DENIED
from api.quick.conftest import Ways, nudges, ways
from api.test_every_route import (
    ROUTES,
    Route,
    Shop,
    by_campaign,
    by_kannels_door,
    by_scheduled_campaign,
    by_test_to_a_list,
)
from builders import make_campaign, make_contact, make_gateway, make_registration
from domain.messaging.handing import hand_off_waiting
from textwell.accounts.models import Workspace
from textwell.campaigns.actions import launch_campaign
from textwell.campaigns.trial import send_test
from textwell.compliance.library import FOLDER
from textwell.contacts.models import Contact
from textwell.core.errors import FieldError
from textwell.gateways.models import Sender
from textwell.messaging.models import Message
from wide import WIDE

pytestmark = pytest.mark.django_db

__all__ = ["nudges", "ways"]  # fixtures of the quick way

MORNING = "2026-11-24T09:00:00Z"  # open for marketing in each of them, by law
COUNTRIES = {
    "VN": "+849123456", "FR": "+336123456", "GB": "+4474001234", "ES": "+346123456",
    "IT": "+3931234567", "IE": "+3538501234", "ID": "+628123456", "EG": "+2010012345",
    "DE": "+49151234567", "KR": "+8210200000", "CA": "+150623456",
}  # fmt: skip
SENDERS = {
    "alphanumeric": "BAKERY", "long_code": "+447700900999", "short_code": "38000",
    "toll_free": "+18005550100", "modem": "+84901111111",
}  # fmt: skip

OVER = date(2026, 11, 2)  # the store's clock is not ours: its day is a later one
STILL = date(2096, 11, 24)
GOOD = {"state": "approved"}
# What is on file of a sender, its country and the class of the text, and whether that covers it.
ON_FILE: dict[str, tuple[list[dict[str, Any]], bool]] = {
    "nothing": ([], False),
    "a draft": ([{"state": "draft"}], False),
    "one pending": ([{"state": "submitted"}], False),
    "one approved": ([GOOD], True),
    "one that holds yet": ([GOOD | {"expires_on": STILL}], True),
    "one that ended": ([GOOD | {"expires_on": OVER}], False),
    "one called expired": ([{"state": "expired"}], False),
    "one refused": ([{"state": "refused"}], False),
    "one suspended": ([{"state": "suspended"}], False),
    "one of another class": ([GOOD | {"purpose": "care"}], False),
    "one of another country": ([GOOD | {"country": "ZA"}], False),
    "one of another sender": ([GOOD | {"value": "BREAD"}], False),
    "one of one operator alone": ([GOOD | {"operator": "Uno"}], True),
    "one operator's yes, another's no": (
        [GOOD | {"operator": "Uno"}, {"operator": "Duo", "state": "refused"}],
        False,
    ),
    "one operator's yes, another's over": (
        [GOOD | {"operator": "Uno"}, GOOD | {"operator": "Duo", "expires_on": OVER}],
        False,
    ),
    "both operators' yes": ([GOOD | {"operator": "Uno"}, GOOD | {"operator": "Duo"}], True),
}


@cache
def right_of(country: str, kind: str) -> str:
    """What the pack says of the kind in marketing there: yes, no, preregistered."""
    pack = tomllib.loads(max(FOLDER.glob(f"{country}/*.toml")).read_text())
    rule = next(each for each in pack["rule"] if each["kind"] == "sender")
    return str(rule.get(kind, "no" if kind == "modem" else "yes"))


def put_on_file(shop: Shop, country: str, kind: str, name: str) -> str:
    """Put it on file; the reason that must be given, "" for none."""
    rows, is_covered = ON_FILE[name]
    for row in rows:
        values = {"value": SENDERS[kind], "kind": kind, "country": country, "purpose": "marketing"}
        make_registration(workspace=shop.workspace, **values | row)
    right = right_of(country, kind)
    if right == "no":
        return "sender_not_allowed"
    return "sender_unregistered" if right == "preregistered" and not is_covered else ""


@pytest.fixture
def shop(workspace: Workspace, program: Program, ways: Ways) -> Shop:
    workspace.review_url = "https://reviews.example/bakery"
    workspace.legal_name = "Green Bakery Ltd"
    workspace.postal_address = "1 Mill Lane, London"
    workspace.public_contact = "+442079460000"
    workspace.save()
    return Shop(workspace, make_gateway(workspace=workspace, provider="smpp"), program, ways)


def gather(shop: Shop, kind: str, turn: int) -> dict[int, str]:
    """One person of each country, with another thing on file in each; what must be said of them."""
    shop.sender = SENDERS[kind]
    Sender.objects.filter(gateway=shop.gateway).update(value=shop.sender, kind=kind)
    names = list(ON_FILE)
    found = {}
    for place, country in enumerate(COUNTRIES):
        if not WIDE and (place + turn) % 2:
            continue
        person = make_person(shop, country)
        found[person.id] = put_on_file(shop, country, kind, names[(turn + place * 5) % len(names)])
    return found


def make_person(shop: Shop, country: str) -> Contact:
    number = f"{COUNTRIES[country]}{next(_numbers) % 100:02d}"
    return make_contact(workspace=shop.workspace, msisdn=number, country=country)


def take(route: Route, shop: Shop) -> dict[int, str]:
    """What each person is left out for, "" for who gets it."""
    people = list(Contact.objects.filter(workspace_id=shop.workspace.id).order_by("id"))
    try:
        route(shop, people)
    except FieldError as refused:  # nobody is left
        return {each.id: f"{refused.problem} {refused.mend}" for each in people}
    left_out = dict(Message.objects.exclude(reason="").values_list("contact_id", "reason"))
    return shop.told | left_out | hand_off_waiting(shop.workspace)


def in_words_of(route: Route, reasons: dict[int, str]) -> dict[int, str]:
    if route is not by_kannels_door:
        return reasons
    return {who: reason and DENIED for who, reason in reasons.items()}


_numbers = count()
AS_A_WHOLE = {by_campaign, by_scheduled_campaign, by_test_to_a_list}  # refused where nobody is left
WAYS = list(dict.fromkeys(route for route, _topic, _brand in ROUTES))
KINDS = list(SENDERS)
CASES = [
    (route, kind, turn)
    for number, route in enumerate(WAYS)
    for kind in (KINDS if WIDE else KINDS[number % 4 : number % 4 + 1])
    for turn in (range(6) if WIDE else [number + 3])
]  # widely 330 of each route: five kinds, eleven countries, six times another thing on file


@pytest.mark.parametrize(("route", "kind", "turn"), CASES)
@time_machine.travel(MORNING, tick=False)
def test_a_sender_is_shown_where_its_kind_may_be_and_it_is_registered(
    shop: Shop, route: Route, kind: str, turn: int
) -> None:
    expected = gather(shop, kind, turn)

    # Where it is night it waits, as its sender may be shown.
    found = {who: reason.replace("quiet_hours", "") for who, reason in take(route, shop).items()}

    if all(expected.values()) and route in AS_A_WHOLE:
        told = set(found.values())
        assert [shop.sender in each or "Nobody of it" in each for each in told] == [True]
        assert not Message.objects.filter(workspace_id=shop.workspace.id).exists()
    else:
        assert found == in_words_of(route, expected)


@pytest.mark.parametrize("act", [launch_campaign, send_test])
@time_machine.travel(MORNING, tick=False)
def test_the_refusal_says_what_is_missing(shop: Shop, act: Callable[..., object]) -> None:
    person = make_person(shop, "VN")
    campaign = make_campaign(workspace=shop.workspace, gateway=shop.gateway)
    values = {"contact": person} if act is send_test else {}

    with pytest.raises(FieldError) as refused:
        act(campaign=campaign, actor="user:1", **values)

    said = f"{refused.value.problem} {refused.value.mend}"
    assert "“BAKERY” is not registered in VN for marketing. Registry: " in said


@pytest.mark.parametrize("route", WAYS)
@time_machine.travel(MORNING, tick=False)
def test_nobody_of_a_country_without_a_pack_gets_marketing(shop: Shop, route: Route) -> None:
    fine = make_person(shop, "FR")
    barred = make_contact(workspace=shop.workspace, msisdn="+352621000100", country="LU")

    found = take(route, shop)

    assert found == in_words_of(route, {fine.id: "", barred.id: "no_pack"})

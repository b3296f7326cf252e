"""People's zones: the given one wins; else every one that the number allows."""

import pytest
from django.db import connection

from builders import make_contact
from textwell.accounts.models import Workspace
from textwell.contacts.models import NumberZone
from textwell.contacts.zones import find_zones, list_zones, load_zones, refresh_zones, zones_sql
from textwell.core.models import Cursor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _table() -> None:
    load_zones()


def test_a_given_zone_wins_and_is_told_apart(workspace: Workspace) -> None:
    given = make_contact(workspace=workspace, msisdn="+12125550123", zone="Europe/Paris")
    derived = make_contact(workspace=workspace, msisdn="+12125550124")

    assert (find_zones(given).names, find_zones(given).is_given) == (("Europe/Paris",), True)
    assert (find_zones(derived).names, find_zones(derived).is_given) == (
        ("America/New_York",),
        False,
    )


def test_a_changed_number_and_a_withdrawn_zone_count_at_once(workspace: Workspace) -> None:
    person = make_contact(workspace=workspace, msisdn="+12125550123", zone="Europe/Paris")

    person.msisdn = "+34612345678"
    assert find_zones(person).names == ("Europe/Paris",)
    person.zone = ""
    assert find_zones(person).names == ("Atlantic/Canary", "Europe/Madrid")


def test_the_statement_says_the_same_of_many(workspace: Workspace) -> None:
    numbers = ("+12125550123", "+5592912345678", "+84901234567", "+61412345678", "+99912345678")
    people = [make_contact(workspace=workspace, msisdn=number) for number in numbers]
    people.append(make_contact(workspace=workspace, zone="Asia/Tokyo"))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {zones_sql('c')} FROM contacts_contact c ORDER BY c.id")
        found = [tuple(row[0]) for row in cursor.fetchall()]

    assert found == list_zones(people)
    assert found[1:3] == [("America/Manaus",), ("Asia/Ho_Chi_Minh",)]
    assert (len(found[3]), found[4], found[5]) == (8, (), ("Asia/Tokyo",))


def test_the_table_is_loaded_again_only_when_empty_or_of_another_edition() -> None:
    assert not refresh_zones()

    NumberZone.objects.filter(start__gt="+2").delete()
    Cursor.objects.filter(name="contacts.zones").update(position=1)
    assert refresh_zones()
    assert NumberZone.objects.filter(start="+84").exists()

    NumberZone.objects.all().delete()
    assert refresh_zones()
    assert not refresh_zones()

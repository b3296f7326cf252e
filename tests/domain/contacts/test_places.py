"""The table of places by number is loaded once per edition, and joins by the number's start."""

import pytest
from django.db import connection

from textwell.contacts.models import NumberPlace
from textwell.contacts.places import load_places, place_key_sql, request_places
from textwell.core.models import Cursor, Job

pytestmark = pytest.mark.django_db


def test_the_table_is_loaded_whole_and_asked_for_no_more() -> None:
    count = load_places()

    assert NumberPlace.objects.count() == count > 300_000
    assert not request_places()
    regions = dict(
        NumberPlace.objects.filter(
            prefix__in=["+1212", "+1416", "+1713", "+5511", "+52551", "+52331", "+5491123"]
        ).values_list("prefix", "region")
    )
    assert regions == {
        "+1212": "New York", "+1416": "Ontario", "+1713": "Texas", "+5511": "São Paulo",
        "+52551": "Ciudad de México", "+52331": "Jalisco", "+5491123": "Buenos Aires",
    }  # fmt: skip
    shanghai = NumberPlace.objects.get(prefix="+861381600")
    assert (shanghai.region, shanghai.local_region) == ("Shanghai", "上海市")


class Told(Exception):
    """The worker is to stop."""


def test_a_worker_that_is_to_stop_does_not_wait_for_the_tables() -> None:
    def stop() -> None:
        raise Told

    with pytest.raises(Told):
        load_places(stop)

    assert NumberPlace.objects.count() == 0
    assert not Cursor.objects.filter(name="contacts.places").exists()


def test_an_old_edition_is_asked_for_once() -> None:
    Cursor.objects.filter(name="contacts.places").delete()

    assert request_places()
    assert not request_places()

    assert Job.objects.filter(kind="contacts.places").count() == 1


@pytest.mark.parametrize(
    ("msisdn", "key"),
    [("+12125550123", "+1212"), ("+5215512345678", "+52155"), ("+5491123456789", "+5491123"),
     ("+5511912345678", "+5511"), ("+8613812345678", "+861381234"), ("+84901234567", None),
     ("+541123456789", None)],
)  # fmt: skip
def test_only_plans_that_place_mobile_numbers_have_a_key(msisdn: str, key: str | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {place_key_sql('x.n')} FROM (SELECT %s AS n) x", [msisdn])
        row = cursor.fetchone()

    assert row == (key,)

"""People found by number, name and tag through an index, not by reading everybody."""

import pytest
from django.db import connection

from textwell.accounts.models import Workspace
from textwell.contacts import selectors
from textwell.contacts.choosing import PeopleFilter, matching
from textwell.contacts.models import Contact

pytestmark = pytest.mark.django_db

CROWD = """
INSERT INTO contacts_contact (workspace_id, msisdn, email, first_name, last_name, language, zone, country,
    operator, fields, tags, created_at, updated_at)
SELECT %s, '+849' || lpad((n * 6180339 %% 99999989)::text, 8, '0'), '', 'First' || n, 'Last' || n, '', '',
    'VN', '', '{}', CASE WHEN n %% 2 = 0 THEN '{vip}'::varchar[] ELSE '{}' END, now(), now()
FROM generate_series(1::bigint, 30000) n
"""


@pytest.fixture
def crowd(workspace: Workspace) -> Workspace:
    """30,000 people, enough that reading all of them is the dearer way."""
    with connection.cursor() as raw:
        raw.execute(CROWD, [workspace.id])
        raw.execute("ANALYZE contacts_contact")
    return workspace


@pytest.mark.parametrize(
    ("search", "index"),
    [
        ("+8490618", "contact_msisdn_once"),
        ("first29999", "contact_first_name"),
        ("LAST29999", "contact_last_name"),
    ],
)
def test_a_search_reads_an_index(crowd: Workspace, search: str, index: str) -> None:
    people = matching(crowd.id, PeopleFilter(search=search))

    assert index in people.order_by("id")[:50].explain()


def test_a_name_is_found_by_its_beginning_in_any_case(crowd: Workspace) -> None:
    found = selectors.list_contacts(crowd.id, search="first2999")

    assert [person.first_name for person in found][:2] == ["First2999", "First29990"]
    assert len(found) == 11


def test_a_rare_tag_is_found_by_its_index_and_comes_in_order(crowd: Workspace) -> None:
    people = list(Contact.objects.filter(workspace_id=crowd.id).order_by("-id")[:3])
    for person in people:
        person.tags = ["rare"]
        person.save()

    found = selectors.list_contacts(crowd.id, tag="rare")
    rare = matching(crowd.id, PeopleFilter(tag="rare"))

    assert [person.id for person in found] == sorted(person.id for person in people)
    assert (selectors._are_few(rare), len(selectors.list_contacts(crowd.id, tag="vip"))) == (
        True,
        50,
    )

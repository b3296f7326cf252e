"""People found by number, name and tag through an index, not by reading everybody."""

import pytest
from django.db import connection

from builders import make_contact, make_workspace
from reads import reads
from textwell.accounts.models import Workspace
from textwell.contacts import selectors
from textwell.contacts.choosing import PeopleFilter, matching
from textwell.contacts.models import Contact, ContactList, ListMember

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


def test_a_number_as_at_home_is_looked_up(crowd: Workspace) -> None:
    before = reads()

    [found] = selectors.list_contacts(crowd.id, search="0906 180 339")

    assert found.msisdn == "+84906180339"
    assert reads() - before < 1_000  # in 219 countries, with and without the zero


def test_a_name_is_found_by_its_beginning_in_any_case(crowd: Workspace) -> None:
    found = selectors.list_contacts(crowd.id, search="first2999")

    assert [person.first_name for person in found][:2] == ["First2999", "First29990"]
    assert len(found) == 11


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("06 12 34 56 78", ["+33612345678", "+40612345678"]),  # in any country
        ("0033 6 12 34", ["+33612345678"]),
        ("06 1234 5678 9", ["+3906123456789"]),  # Italy keeps the zero
        ("06 12", []),
        ("00", []),
    ],
)
def test_a_number_is_found_as_it_is_dialled_at_home(
    workspace: Workspace, search: str, found: list[str]
) -> None:
    for msisdn in ("+33612345678", "+40612345678", "+3906123456789", "+33698765432"):
        make_contact(workspace=workspace, msisdn=msisdn)

    people = selectors.list_contacts(workspace.id, search=search)

    assert [person.msisdn for person in people] == found


def test_a_count_stops_at_the_most(workspace: Workspace) -> None:
    people = [make_contact(workspace=workspace, tags=["vip"]) for _ in range(4)]
    group = ContactList.objects.create(workspace_id=workspace.id, name="Friends")
    for person in people:
        ListMember.objects.create(list_id=group.id, contact_id=person.id)

    counts = [
        selectors.count_contacts(workspace.id, most=most, **wanted)
        for most in (3, 9)
        for wanted in ({}, {"tag": "vip"}, {"list_id": group.id})
    ]

    assert counts == [3, 3, 3, 4, 4, 4]


def test_a_list_of_another_workspace_has_nobody(workspace: Workspace) -> None:
    group = ContactList.objects.create(workspace_id=make_workspace().id, name="Friends")
    ListMember.objects.create(list_id=group.id, contact_id=make_contact(workspace=workspace).id)
    stranger = make_workspace().id

    assert selectors.list_contacts(stranger, list_id=group.id) == []
    assert selectors.count_contacts(stranger, list_id=group.id, most=9) == 0


def test_a_list_is_shown_page_by_page(workspace: Workspace) -> None:
    people = [make_contact(workspace=workspace) for _ in range(5)]
    group = ContactList.objects.create(workspace_id=workspace.id, name="Friends")
    for person in people[1:]:
        ListMember.objects.create(list_id=group.id, contact_id=person.id)

    first = selectors.list_contacts(workspace.id, list_id=group.id, limit=3)
    second = selectors.list_contacts(workspace.id, list_id=group.id, limit=3, after_id=first[-1].id)

    assert (first, second) == (people[1:4], people[4:])


def test_a_rare_tag_is_found_by_its_index_and_comes_in_order(crowd: Workspace) -> None:
    people = list(Contact.objects.filter(workspace_id=crowd.id).order_by("-id")[:3])
    for person in people:
        person.tags = ["rare"]
        person.save()

    before = reads()

    found = selectors.list_contacts(crowd.id, tag="rare")

    assert [person.id for person in found] == sorted(person.id for person in people)
    assert reads() - before < 2 * selectors.WALKED + 1_000


def test_a_common_tag_is_read_page_by_page(crowd: Workspace) -> None:
    first = selectors.list_contacts(crowd.id, tag="vip")
    before = reads()

    second = selectors.list_contacts(crowd.id, tag="vip", after_id=first[-1].id)

    assert [person.id - first[0].id for person in second] == list(range(100, 200, 2))
    assert reads() - before < selectors.WALKED + 1_000

"""Tables sorted by the server: what stands in the address, in the heads and in the rows."""

import html
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from builders import make_campaign, make_contact, make_gateway, make_member
from textwell.accounts.models import ApiKey, Workspace
from textwell.contacts.choosing import PeopleFilter, matching
from textwell.contacts.models import Contact, ContactList, ImportRun, ListMember
from textwell.core.ordering import Window, read_page
from textwell.messaging.models import SavedText
from textwell.segments.figures import keep_figures
from textwell.web.sorting import PEOPLE
from textwell.webhooks.models import Endpoint

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 24, 9, tzinfo=UTC)
NAMES = ("Beta", "alpha", "Gamma")
_HEAD = re.compile(r'<th scope="col"([^>]*)><a class="sort" href="([^"]*)">([^<]*)')


def rows(page: str) -> list[str]:
    """Alpha, Beta and Gamma as the table has them."""
    table = page[page.index("<tbody>") : page.index("</tbody>")]
    table = re.sub(r'<span class="tag">[^<]*</span>', "", table)
    seen = re.findall(r"(?:>|\s)(Beta|alpha|Gamma)\b", table)
    return list(dict.fromkeys(seen))


def heads(page: str) -> dict[str, tuple[str, str]]:
    """By label: how it is sorted by it now, and the address that sorts by it."""
    found = {}
    for attributes, address, label in _HEAD.findall(page):
        way = re.search(r'aria-sort="(\w+)"', attributes)
        found[label.strip()] = (way[1] if way else "", html.unescape(address))
    return found


@pytest.fixture
def full(workspace: Workspace) -> Workspace:
    """Three of everything, whose names, times and numbers are in three different orders."""
    for n, name in enumerate(NAMES):
        at = AT + timedelta(days=n)
        gateway = make_gateway(
            workspace=workspace, name=name, state=("broken", "active", "paused")[n]
        )
        made = make_campaign(
            workspace=workspace, gateway=gateway, name=name, launched_at=AT - n * timedelta(1)
        )
        person = make_contact(
            workspace=workspace, first_name=name, msisdn=f"+3361234567{(1, 0, 2)[n]}"
        )
        listed = ContactList.objects.create(workspace_id=workspace.id, name=name)
        for _ in range((2, 3, 1)[n]):
            other = make_contact(workspace=workspace, tags=[name])
            ListMember.objects.create(list_id=listed.id, contact_id=other.id)
        text = SavedText.objects.create(workspace_id=workspace.id, name=name, body="Hello")
        run = ImportRun.objects.create(
            workspace_id=workspace.id, filename=name, state="applied", encoding="utf-8", delimiter=",",
            actor="system", row_count=(5, 9, 7)[n],
        )  # fmt: skip
        Endpoint.objects.create(workspace_id=workspace.id, name=name, last_success_at=at)
        ApiKey.objects.create(
            workspace=workspace, name=name, prefix=name, last_used_at=AT - timedelta(n)
        )
        make_member(workspace=workspace, role=("reader", "agent", "admin")[n], name=name)
        SavedText.objects.filter(id=text.id).update(updated_at=AT - n * timedelta(1))
        for row in (made, run):
            type(row).objects.filter(id=row.id).update(created_at=at)
        assert person.id
    keep_figures(workspace.id)
    return workspace


B, A, G = NAMES
TABLES = {
    "/campaigns/": {"name": [A, B, G], "created": [B, A, G], "start": [G, A, B]},
    "/contacts/": {"number": [A, B, G], "added": [B, A, G]},
    "/contacts/lists/": {"name": [A, B, G], "members": [G, B, A], "made": [B, A, G]},
    "/contacts/tags/": {"name": [A, B, G], "members": [G, B, A]},
    "/contacts/imports/": {"name": [A, B, G], "rows": [B, G, A], "started": [B, A, G]},
    "/templates/": {"name": [A, B, G], "changed": [G, A, B]},
    "/gateways/": {"name": [A, B, G], "state": [A, B, G]},
    "/settings/members/": {"name": [A, B, G], "role": [G, A, B]},
    "/settings/keys/": {"name": [A, B, G], "used": [G, A, B]},
    "/settings/webhooks/": {"name": [A, B, G], "success": [B, A, G]},
}


@pytest.mark.parametrize("path", TABLES)
def test_each_table_is_sorted_by_each_of_its_columns_both_ways(
    path: str, full: Workspace, owner_client: Client
) -> None:
    for name, rising in TABLES[path].items():
        up = owner_client.get(f"{path}?sort={name}").content.decode()
        down = owner_client.get(f"{path}?sort=-{name}").content.decode()

        assert (rows(up), rows(down)) == (rising, rising[::-1]), name
        [(label, (_way, again))] = [each for each in heads(up).items() if each[1][0] == "ascending"]
        assert again == f"?sort=-{name}"
        assert heads(down)[label] == ("descending", f"?sort={name}")


def test_a_person_is_found_by_name_among_everybody_and_within_a_filter(
    full: Workspace, owner_client: Client
) -> None:
    Contact.objects.filter(first_name__in=NAMES).update(tags=["vip"])
    Contact.objects.exclude(first_name__in=NAMES).delete()

    for path in ("/contacts/?", "/contacts/?tag=vip&", "/contacts/tags/one?tag=vip&"):
        up = owner_client.get(f"{path}sort=name").content.decode()
        down = owner_client.get(f"{path}sort=-name").content.decode()

        assert (rows(up), rows(down)) == ([A, B, G], [G, B, A]), path


def test_no_cursor_of_an_order_by_number_holds_one(
    workspace: Workspace, owner_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("textwell.web.people_table.PAGE_SIZE", 2)
    for n in (3, 1, 5, 2, 4):
        make_contact(
            workspace=workspace, msisdn=f"+3361234567{n}", first_name=f"P{n}", tags=["vip"]
        )

    for filtered in ("", "tag=vip&"):
        seen, address = [], f"?{filtered}sort=number"
        while address:
            page = owner_client.get(f"/contacts/{address}").content.decode()
            seen += re.findall(r">(P\d)\s", page)
            for cursor in re.findall(r"(?:after|upto)=([\w.-]*)", page):
                assert re.fullmatch(r"\d+\.", cursor), cursor
            older = re.search(r'rel="next" href="([^"]*)"', page)
            address = html.unescape(older[1]) if older else ""
        assert seen == ["P1", "P2", "P3", "P4", "P5"]


def test_people_are_sorted_by_the_name_that_is_shown(
    workspace: Workspace, owner_client: Client
) -> None:
    names = (("Zoe", "Abel"), ("", "Martin"), ("Ada", "Zorn"), ("ada", "Byron"))
    for first, last in names:
        make_contact(workspace=workspace, first_name=first, last_name=last)

    page = owner_client.get("/contacts/?sort=name").content.decode()

    shown = re.findall(r'class="main-link" href="/contacts/\d+">([^<]*)<', page)
    assert [name.strip() for name in shown] == ["ada Byron", "Ada Zorn", "Martin", "Zoe Abel"]


def test_the_order_is_kept_with_filter_search_and_pages(
    workspace: Workspace, owner_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("textwell.web.views.campaigns.PAGE_SIZE", 2)
    gateway = make_gateway(workspace=workspace)
    for name in ("Sale d", "Sale b", "Other", "Sale a", "Sale c", "Sale e"):
        make_campaign(workspace=workspace, gateway=gateway, name=name)

    seen, address, last = [], "?state=draft&q=Sale&sort=name", ""
    while address:
        last = owner_client.get(f"/campaigns/{address}").content.decode()
        seen.append(re.findall(r">(Sale \w|Other)<", last))
        older = re.search(r'rel="next" href="([^"]*)"', last)
        address = html.unescape(older[1]) if older else ""
    back = html.unescape(re.search(r'rel="prev" href="([^"]*)"', last)[1])
    before = owner_client.get(f"/campaigns/{back}").content.decode()

    assert seen == [["Sale a", "Sale b"], ["Sale c", "Sale d"], ["Sale e"]]
    assert re.findall(r">(Sale \w|Other)<", before) == seen[1]
    assert 'name="sort" value="name"' in before
    assert heads(before)["Campaign"] == ("ascending", "?state=draft&q=Sale&sort=-name")


@pytest.mark.parametrize("path", [*TABLES, "/settings/audit/"])
def test_a_column_that_the_table_has_not_is_told_and_the_usual_order_taken(
    path: str, full: Workspace, owner_client: Client
) -> None:
    usual = owner_client.get(path).content.decode()

    answer = owner_client.get(f"{path}?sort=-workspace_id")

    assert answer.status_code == 200
    page = answer.content.decode()
    assert "is no column to sort by. Use one of: " in page
    assert body(page) == body(usual)


def body(page: str) -> str:
    """The rows of the page's table, without what differs at each look."""
    found = re.search(r"<tbody>.*?</tbody>", page, re.DOTALL)
    return re.sub(r'value="\w{64}"', "", found[0]) if found else ""


def test_the_audit_log_is_read_from_its_beginning_too(
    full: Workspace, owner_client: Client
) -> None:
    owner_client.post("/settings/approval", {"needs_approval": "on", "approval_above": "0"})
    owner_client.post("/contacts/lists/new", {"name": "Friends"})

    def actions(sort: str) -> list[str]:
        page = owner_client.get(f"/settings/audit/?sort={sort}").content.decode()
        return re.findall(r'<span class="mono">([\w.]+)</span>', page)

    assert actions("at") == actions("-at")[::-1]
    assert len(actions("at")) == 2


def test_what_a_filter_finds_too_much_of_is_not_sorted_otherwise(
    full: Workspace, owner_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("textwell.web.people_table.MOST_COUNTED", 2)
    Contact.objects.filter(first_name__in=NAMES).update(tags=["vip"])

    page = owner_client.get("/contacts/?tag=vip&sort=name").content.decode()

    assert "These are too many to be sorted so: narrow the filter." in page
    assert rows(page) == [B, A, G]
    assert rows(owner_client.get("/contacts/?sort=name").content.decode()) == [A, B, G]


@pytest.mark.parametrize("sort", ["name", "-name", "number", "-number", "added", "-added"])
def test_a_page_of_everybody_is_a_walk_of_an_index_from_wherever_it_begins(
    sort: str, workspace: Workspace
) -> None:
    Contact.objects.bulk_create(
        Contact(workspace_id=workspace.id, msisdn=f"+336{n:08d}", first_name=f"P{n % 97}")
        for n in range(2000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE contacts_contact")
    everybody, order = matching(workspace.id, PeopleFilter()), PEOPLE.read(sort)
    first = read_page(everybody, order, Window(50))

    for after in ("", first.next):
        with CaptureQueriesContext(connection) as asked:
            read_page(everybody, order, Window(50, after=after))
        plan = explain(asked.captured_queries[-1]["sql"])
        assert "Index Scan" in plan, plan
        assert re.search(r"(?<!Incremental )Sort  ", plan) is None, plan


def explain(statement: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {statement}")
        return "\n".join(row[0] for row in cursor.fetchall())

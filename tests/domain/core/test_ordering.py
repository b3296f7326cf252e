"""Pages of a list in an order that the reader chooses."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builders import make_workspace
from textwell.campaigns.models import Campaign
from textwell.core.errors import FieldError
from textwell.core.ordering import Sort, Sorting, Window, by_moment, by_text, by_word, read_page
from wide import examples

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 24, 9, tzinfo=UTC)
SORTING = Sorting(
    {
        "name": by_text("name"),
        "state": by_word("state"),
        "start": by_moment("launched_at", "scheduled_at"),
    },
    default="-start",
)
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["", "Spring", "spring", "Été", "=1", "雨", "a.b", "z" * 120]),
        st.sampled_from(["draft", "sending", "finished"]),
        st.none() | st.integers(0, 3),
        st.none() | st.integers(0, 3),
    ),
    max_size=14,
)  # fmt: skip


def make_rows(rows: list[tuple[str, str, int | None, int | None]]) -> int:
    """Campaigns of a workspace of their own, by its id."""
    workspace_id = make_workspace().id

    def at(days: int | None) -> datetime | None:
        return None if days is None else AT + timedelta(days=days, microseconds=days)

    Campaign.objects.bulk_create(
        Campaign(
            workspace_id=workspace_id, name=name, state=state, launched_at=at(launched),
            scheduled_at=at(scheduled),
        )
        for name, state, launched, scheduled in rows
    )  # fmt: skip
    return workspace_id


def walk(workspace_id: int, sort: Sort, limit: int) -> tuple[list[list[int]], list[list[int]]]:
    """Ids of each page from the first to the last, and from the last back to the first."""
    found = Campaign.objects.filter(workspace_id=workspace_id)
    page = read_page(found, sort, Window(limit))
    ahead = [[row.id for row in page.rows]]
    while page.next:
        page = read_page(found, sort, Window(limit, after=page.next))
        ahead.append([row.id for row in page.rows])
    back = [ahead[-1]]
    while page.previous:
        page = read_page(found, sort, Window(limit, upto=page.previous))
        back.append([row.id for row in page.rows])
    return ahead, back


def expected(workspace_id: int, sort: Sort) -> list[int]:
    """The ids in their order, by PostgreSQL's own sort."""
    start = "coalesce(launched_at, scheduled_at, '1900-01-01Z')"
    by = {"name": "lower(name)", "state": "state", "start": start}[sort.name]
    way = "DESC" if sort.is_falling else "ASC"
    statement = (
        f"SELECT id FROM campaigns_campaign WHERE workspace_id = %s ORDER BY {by} {way}, id {way}"
    )
    return [row.id for row in Campaign.objects.raw(statement, [workspace_id])]


@settings(
    max_examples=examples(25),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    rows=ROWS,
    sort=st.sampled_from(["name", "-name", "state", "-state", "start", "-start"]),
    limit=st.integers(1, 5),
)
def test_walking_the_pages_gives_each_row_once_and_in_order_there_and_back(
    db: None, rows: list[tuple[str, str, int | None, int | None]], sort: str, limit: int
) -> None:
    workspace_id, order = make_rows(rows), SORTING.read(sort)

    ahead, back = walk(workspace_id, order, limit)

    assert [each for page in ahead for each in page] == expected(workspace_id, order)
    assert back == ahead[::-1]


def test_a_page_goes_on_where_its_last_row_stood_though_that_is_gone() -> None:
    workspace_id = make_rows([(name, "draft", None, None) for name in "abcde"])
    found, order = Campaign.objects.filter(workspace_id=workspace_id), SORTING.read("name")
    first = read_page(found, order, Window(2))
    found.filter(name="b").delete()

    second = read_page(found, order, Window(2, after=first.next))

    assert [row.name for row in second.rows] == ["c", "d"]


@pytest.mark.parametrize("cursor", ["7", "x.YQ", "7.!", "99999999999999999999.YQ", "7.AA", "7.YQ"])
def test_what_is_no_cursor_of_the_order_begins_at_the_start(cursor: str) -> None:
    workspace_id = make_rows([("a", "draft", 1, None), ("b", "draft", 2, None)])
    found, order = Campaign.objects.filter(workspace_id=workspace_id), SORTING.read("start")

    page = read_page(found, order, Window(2, after=cursor, upto=cursor))

    assert [row.name for row in page.rows] == ["a", "b"]


def test_a_column_that_is_not_on_the_list_is_refused_with_those_that_are() -> None:
    with pytest.raises(FieldError) as refused:
        SORTING.read("-workspace_id")

    assert (refused.value.field, refused.value.mend) == ("sort", "Use one of: name, state, start.")
    assert str(SORTING.read("")) == "-start"

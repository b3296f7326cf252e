"""The list of people behind a figure."""

from collections.abc import Iterator

from textwell.campaigns.models import Campaign
from textwell.reports import sql
from textwell.reports.figures import Figure
from textwell.reports.scope import Scope, scope_of
from textwell.reports.types import PeoplePage, Person

PAGE = 5_000


def _where(scope: Scope, figure: Figure) -> tuple[str, dict[str, object]]:
    """AND clauses and their parameters; texts come from constants, values are bound."""
    values: dict[str, object] = dict(figure.values())
    states = figure.states()
    values["states"] = states
    clauses = [clause for name, clause in sql.CLAUSES.items() if values.get(name) is not None]
    if figure.place is not None:
        clauses.append(scope.place("__PLACE__ = %(place)s"))
    if figure.reaction is not None:
        clauses.append(sql.REACTIONS[figure.reaction])
    return "".join(f" AND {clause}" for clause in clauses), values


def people_of(
    campaign: Campaign, figure: Figure, *, after: int | None = None, limit: int = 50
) -> PeoplePage:
    """People of a figure by message id, a page at a time; `after` is `next_after` of the page before."""
    scope = scope_of(campaign)
    where, values = _where(scope, figure)
    statement = sql.PEOPLE.replace("__WHERE__", where)
    rows = scope.rows(statement, **values, after=after or 0, limit=limit + 1)
    people = tuple(Person(*row) for row in rows[:limit])
    return PeoplePage(people, people[-1].message_id if len(rows) > limit else None)


def count_people(campaign: Campaign, figure: Figure) -> int:
    """How many people a figure has: the number that its list has."""
    scope = scope_of(campaign)
    where, values = _where(scope, figure)
    return int(scope.rows(sql.COUNT_PEOPLE.replace("__WHERE__", where), **values)[0][0])


def each_person(campaign: Campaign, figure: Figure) -> Iterator[Person]:
    """All people of a figure, read page by page: memory does not grow with their number."""
    after: int | None = None
    while True:
        page = people_of(campaign, figure, after=after, limit=PAGE)
        yield from page.people
        if page.next_after is None:
            return
        after = page.next_after

"""The list of people behind a figure, of one campaign or of a whole workspace."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from textwell.campaigns.models import Campaign
from textwell.reports import sql
from textwell.reports.figures import Figure, Term
from textwell.reports.scope import Row, Scope, WorkspaceScope, scope_of
from textwell.reports.sums.tallies import count_messages, find_sums
from textwell.reports.types import ClickPlace, PeoplePage, Person, Sums

PAGE = 5_000
PAGE_SIZE = 50  # people of a page
_PAGE_ROWS = 800  # messages in the pages that one summary is of
AnyScope = Scope | WorkspaceScope
Whole = Campaign | WorkspaceScope  # what a figure is part of


def _where(
    scope: AnyScope, figure: Figure, *, is_rare: bool = False
) -> tuple[str, dict[str, object]]:
    """AND clauses and their parameters; texts come from constants, values are bound."""
    values: dict[str, object] = {**figure.values(), "states": figure.states()}
    known = {name: clause for name, clause in sql.KNOWN.items() if values.get(name)}
    if not scope.place_field:
        known.pop("place", None)
    clauses = _set({**sql.CLAUSES, **(sql.RARE if is_rare else {}), **known}, values)
    if is_rare and isinstance(scope, Scope):
        clauses.append(sql.RARE_BLOCK)
    if figure.term in sql.TERMS:
        clauses.append(sql.TERMS[figure.term])
    if figure.place == "" or (figure.place and not scope.place_field):
        clauses.append(scope.place("__PLACE__ = %(place)s"))
    if figure.reaction in sql.REACTIONS:
        clauses.append(sql.REACTIONS[figure.reaction])
    if figure.is_of_clicks:
        more = [*_set(sql.CLICK_CLAUSES, values), *_times("k.at", values)]
        clauses.append(sql.CLICKED.replace("__MORE__", _and(more)))
    if figure.is_of_replies:
        more = [*_set(sql.REPLY_CLAUSES, values), *_times("r.received_at", values)]
        clauses.append(sql.REPLIED.replace("__MORE__", _and(more)))
    if isinstance(scope, WorkspaceScope) and scope.is_single is not None:
        clauses.append(sql.SINGLE if scope.is_single else sql.OF_ANY_CAMPAIGN)
    if figure.lot is not None:
        clauses.append(sql.LOTS[figure.lot])
    if figure.event is not None:
        clauses.append(sql.EVENT.replace("__MORE__", _and(_times("e.at", values))))
    if not (figure.is_of_clicks or figure.is_of_replies or figure.event is not None):
        clauses += _times("m.handed_at" if figure.term == Term.HANDED else "m.done_at", values)
    return _and(clauses), values


def _set(clauses: dict[str, str], values: dict[str, object]) -> list[str]:
    return [clause for name, clause in clauses.items() if values.get(name) is not None]


def _times(at: str, values: dict[str, object]) -> list[str]:
    return [clause.replace("__AT__", at) for clause in _set(sql.TIMES, values)]


def _and(clauses: list[str]) -> str:
    return "".join(f" AND {clause}" for clause in clauses)


def _scopes(whole: Whole) -> tuple[AnyScope, ...]:
    return whole.parts() if isinstance(whole, WorkspaceScope) else (scope_of(whole),)


def people_of(
    whole: Whole, figure: Figure, *, after: int | None = None, limit: int = PAGE_SIZE
) -> PeoplePage:
    """People of a figure by message id, a page at a time; `after` is `next_after` of the page before."""
    return _people_of(whole, figure, find_sums(whole, figure), after, limit)


def _people_of(
    whole: Whole, figure: Figure, known: Sums | None, after: int | None, limit: int
) -> PeoplePage:
    """`known`: the sums of the figure, if they are known without a look at messages."""
    if known is not None and not known.people_count:
        return PeoplePage((), None)  # no walk through all messages to find that there is none
    is_rare = _is_rare(whole, figure, known)
    rows: list[Row] = []
    for scope in _scopes(whole):
        where, values = _where(scope, figure, is_rare=is_rare)
        statement = sql.PEOPLE.replace("__WHERE__", where)
        rows += scope.rows(statement, **values, after=after or 0, limit=limit + 1)
    return _page(scope, figure, sorted(rows)[: limit + 1], limit)


def _is_rare(whole: Whole, figure: Figure, known: Sums | None) -> bool:
    """Its people are found by the summaries of pages sooner than by a walk that ends with a full page.

    A walk reads 51 of so many; summaries leave at most some 800 messages for each that is sought.
    """
    asks = (figure.states(), figure.reason, figure.code)
    if known is None or figure.since is not None or all(each is None for each in asks):
        return False
    return known.people_count**2 * _PAGE_ROWS // PAGE_SIZE < count_messages(whole)


def _page(scope: AnyScope, figure: Figure, rows: Sequence[Row], limit: int) -> PeoplePage:
    people = tuple(Person(*row) for row in rows[:limit])
    if figure.shows_clicks:
        people = _with_clicks(scope, people)
    return PeoplePage(people, people[-1].message_id if len(rows) > limit else None)


def open_people(
    whole: Whole, figure: Figure, *, after: int | None = None, limit: int = PAGE_SIZE
) -> tuple[PeoplePage, Sums]:
    """A page of people as `people_of`, and the sums of all of them as `sum_people`."""
    is_apart = isinstance(whole, WorkspaceScope) and whole.has_singles
    is_named = figure.is_of_reactions or figure.operator or figure.place  # by rows of other tables
    if is_apart or not is_named:
        sums = find_sums(whole, figure)
        people = _people_of(whole, figure, sums, after, limit)
        return people, sums or _count(whole, figure)
    [scope] = _scopes(whole)
    where, values = _where(scope, figure)
    statement = sql.FIND_PEOPLE.replace("__WHERE__", where)
    [found] = scope.rows(statement, **values, after=after or 0, limit=limit + 1)
    rows = scope.rows(sql.PEOPLE_BY_ID, message_ids=found[3]) if found[3] else ()
    return _page(scope, figure, rows, limit), Sums(*found[:3])


def _with_clicks(scope: AnyScope, people: tuple[Person, ...]) -> tuple[Person, ...]:
    ids = [person.message_id for person in people]
    clicks = {
        message_id: ClickPlace(*found)
        for message_id, *found in scope.rows(sql.CLICKS_OF, message_ids=ids)
    }
    return tuple(replace(person, click=clicks.get(person.message_id)) for person in people)


def sum_people(whole: Whole, figure: Figure) -> Sums:
    """How many people the list of a figure has, with their segments and cost."""
    return find_sums(whole, figure) or _count(whole, figure)


def _count(whole: Whole, figure: Figure) -> Sums:
    sums = [_count_in(scope, figure) for scope in _scopes(whole)]
    return Sums(
        sum(each.people_count for each in sums),
        sum(each.segment_count for each in sums),
        sum(each.cost_micros for each in sums),
    )


def _count_in(scope: AnyScope, figure: Figure) -> Sums:
    known = find_sums(scope, figure) if isinstance(scope, WorkspaceScope) else None
    if known is not None:
        return known
    where, values = _where(scope, figure)
    return Sums(*scope.rows(sql.COUNT_PEOPLE.replace("__WHERE__", where), **values)[0])


def count_people(whole: Whole, figure: Figure) -> int:
    """How many people a figure has: the number that its list has."""
    return sum_people(whole, figure).people_count


def each_person(whole: Whole, figure: Figure) -> Iterator[Person]:
    """All people of a figure, read page by page: memory does not grow with their number."""
    after: int | None = None
    while True:
        page = people_of(whole, figure, after=after, limit=PAGE)
        yield from page.people
        if page.next_after is None:
            return
        after = page.next_after

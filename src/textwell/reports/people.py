"""The list of people behind a figure, of one campaign or of a whole workspace."""

from collections.abc import Iterator
from dataclasses import replace

from django.db.models import Sum
from django.db.models.functions import Coalesce

from textwell.campaigns.models import Campaign
from textwell.messaging.models import Tally
from textwell.reports import sql
from textwell.reports.figures import Figure, Term
from textwell.reports.scope import Scope, WorkspaceScope, scope_of
from textwell.reports.types import ClickPlace, PeoplePage, Person, Sums

PAGE = 5_000
AnyScope = Scope | WorkspaceScope
Whole = Campaign | WorkspaceScope  # what a figure is part of


def _where(scope: AnyScope, figure: Figure) -> tuple[str, dict[str, object]]:
    """AND clauses and their parameters; texts come from constants, values are bound."""
    values: dict[str, object] = {**figure.values(), "states": figure.states()}
    clauses = _set(sql.CLAUSES, values)
    if figure.term in sql.TERMS:
        clauses.append(sql.TERMS[figure.term])
    if figure.place is not None:
        clauses.append(scope.place("__PLACE__ = %(place)s"))
    if figure.reaction in sql.REACTIONS:
        clauses.append(sql.REACTIONS[figure.reaction])
    if figure.is_of_clicks:
        more = [*_set(sql.CLICK_CLAUSES, values), *_times("k.at", values)]
        clauses.append(sql.CLICKED.replace("__MORE__", _and(more)))
    if figure.is_of_replies:
        more = [*_set(sql.REPLY_CLAUSES, values), *_times("r.received_at", values)]
        clauses.append(sql.REPLIED.replace("__MORE__", _and(more)))
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


def _scope(whole: Whole) -> AnyScope:
    return whole if isinstance(whole, WorkspaceScope) else scope_of(whole)


def people_of(
    whole: Whole, figure: Figure, *, after: int | None = None, limit: int = 50
) -> PeoplePage:
    """People of a figure by message id, a page at a time; `after` is `next_after` of the page before."""
    if isinstance(whole, Campaign) and figure.is_of_states and not count_people(whole, figure):
        return PeoplePage((), None)  # no walk through all messages to find that there is none
    scope = _scope(whole)
    where, values = _where(scope, figure)
    statement = sql.PEOPLE.replace("__WHERE__", where)
    rows = scope.rows(statement, **values, after=after or 0, limit=limit + 1)
    people = tuple(Person(*row) for row in rows[:limit])
    if figure.shows_clicks:
        people = _with_clicks(scope, people)
    return PeoplePage(people, people[-1].message_id if len(rows) > limit else None)


def _with_clicks(scope: AnyScope, people: tuple[Person, ...]) -> tuple[Person, ...]:
    ids = [person.message_id for person in people]
    clicks = {
        message_id: ClickPlace(*found)
        for message_id, *found in scope.rows(sql.CLICKS_OF, message_ids=ids)
    }
    return tuple(replace(person, click=clicks.get(person.message_id)) for person in people)


def sum_people(whole: Whole, figure: Figure) -> Sums:
    """How many people the list of a figure has, with their segments and cost."""
    if isinstance(whole, Campaign) and figure.is_of_states:
        return _sum_tallies(whole, figure)
    scope = _scope(whole)
    where, values = _where(scope, figure)
    return Sums(*scope.rows(sql.COUNT_PEOPLE.replace("__WHERE__", where), **values)[0])


def _sum_tallies(campaign: Campaign, figure: Figure) -> Sums:
    """The same without a look at the messages, of which there may be a million."""
    kept = Tally.objects.filter(campaign_id=campaign.id)
    states = figure.states()
    if states is not None:
        kept = kept.filter(state__in=states)
    if figure.reason is not None:
        kept = kept.filter(reason=figure.reason)
    names = ("message_count", "segment_count", "cost_micros")
    found = kept.aggregate(**{f"{name}_sum": Coalesce(Sum(name), 0) for name in names})
    return Sums(*(int(found[f"{name}_sum"]) for name in names))


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

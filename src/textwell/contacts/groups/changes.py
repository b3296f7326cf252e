"""One change to many people's lists or tags: done at once for some thousands, else by a job.

The job walks by rising id in steps of `STEP`, each committed with its cursor: stopping and starting
it again is safe, and no step holds its locks for long.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, LiteralString

from django.core.exceptions import EmptyResultSet
from django.db import transaction
from django.db.models import QuerySet

from textwell.contacts.choosing import Chosen, PeopleFilter
from textwell.contacts.groups import sql
from textwell.contacts.models import Contact
from textwell.contacts.statistics import refresh_people_statistics
from textwell.core.clock import now
from textwell.core.db import cursor
from textwell.core.jobs import JobContext, enqueue_job

GROUP_JOB = "contacts.group"
MOST_AT_ONCE = 20_000  # people; more take longer than a page should
STEP = 10_000  # people


@dataclass(frozen=True, slots=True)
class Change:
    """What happens to each of the people: on or off a list, with or without tags."""

    add_list: int | None = None
    remove_list: int | None = None
    add_tags: Sequence[str] = ()
    remove_tags: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """People changed; of a change that a job carries on with: people chosen."""

    count: int
    is_under_way: bool = False


def change_people(workspace_id: int, whom: Chosen, change: Change) -> Outcome:
    """Change all chosen people, in the present transaction or by a job after it. Twice is once."""
    refresh_people_statistics(workspace_id)
    people = whom.people(workspace_id)
    if whom.ids is None and people.order_by()[: MOST_AT_ONCE + 1].count() > MOST_AT_ONCE:
        count = people.count()
        payload = {"filter": whom.filter.to_json(), "change": asdict(change)}
        enqueue_job(workspace_id=workspace_id, kind=GROUP_JOB, payload=payload, total_count=count)
        return Outcome(count, is_under_way=True)
    return Outcome(_apply(people, change))


def run_change(context: JobContext) -> None:
    """The job: goes on at its cursor."""
    assert context.workspace_id is not None
    wanted = PeopleFilter(**context.payload["filter"])
    change = Change(**context.payload["change"])
    people = Chosen(filter=wanted).people(context.workspace_id)
    last = int(context.cursor.get("after_id", 0))
    done = int(context.cursor.get("done", 0))
    while ids := list(
        people.filter(id__gt=last).order_by("id").values_list("id", flat=True)[:STEP]
    ):
        last, done = ids[-1], done + len(ids)
        with transaction.atomic():
            _apply(Chosen(ids=ids).people(context.workspace_id), change)
            context.save(cursor={"after_id": last, "done": done}, done_count=done)


def _apply(people: "QuerySet[Contact]", change: Change) -> int:
    """People who are other than before."""
    count = 0
    if change.add_list is not None:
        count += _execute(sql.ADD_TO_LIST, people, change.add_list, now())
    if change.remove_list is not None:
        count += _execute(sql.REMOVE_FROM_LIST, people, change.remove_list)
    if change.add_tags or change.remove_tags:
        tags = list(change.add_tags), list(change.remove_tags)
        count += _execute(sql.RETAG, people, now(), *tags)
    return count


def _execute(
    statement: LiteralString, people: "QuerySet[Contact]", *params: Any
) -> int:  # Any: what psycopg binds
    """The statement's own parameters come first: the people stand at its end."""
    try:
        select, chosen = people.order_by().values("id").query.sql_with_params()
    except EmptyResultSet:  # nobody can be meant: no ids, or a number that no column holds
        return 0
    with cursor() as opened:
        opened.execute(statement.replace("__PEOPLE__", select), [*params, *chosen])
        return int(opened.rowcount)

"""Incentive codes: one a person, the same one for ever, none twice, none lost."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import connection, connections, transaction

from builders import make_crowd, make_workspace
from domain.programmes import (
    ACTOR,
    join_by,
    make_programme,
    make_sender,
    placement_of,
    texts_to,
    write,
)
from textwell.accounts.models import Workspace
from textwell.core.clock import now
from textwell.core.db import connect_sync
from textwell.core.errors import FieldError
from textwell.programmes import welcoming
from textwell.programmes.codes import give_code, import_codes
from textwell.programmes.models import IncentiveCode, Programme, SignUp
from textwell.programmes.selectors import count_codes
from textwell.programmes.welcoming import welcome_one, welcome_waiting
from wide import WIDE

PEOPLE = 10_000 if WIDE else 300
AT_ONCE = 12


def test_a_pool_takes_each_code_once(workspace: Workspace) -> None:
    programme = make_programme(workspace)

    assert import_codes(programme=programme, codes=["A", " B ", "A", ""], actor=ACTOR) == (2, 0)
    assert import_codes(programme=programme, codes=["B", "C"], actor=ACTOR) == (1, 1)
    assert count_codes(programme) == (3, 3)
    with pytest.raises(FieldError, match="codes"):
        import_codes(programme=programme, codes=["x" * 61], actor=ACTOR)


def test_who_came_too_late_is_welcomed_when_codes_come(workspace: Workspace) -> None:
    make_sender(workspace)
    programme = make_programme(workspace, welcome="Your code: {code}. STOP to stop.")
    join_by(programme)
    assert (texts_to(workspace), welcome_waiting()) == ([], 0)

    import_codes(programme=programme, codes=["A1"], actor=ACTOR)

    assert (welcome_waiting(), welcome_waiting()) == (1, 0)
    assert texts_to(workspace) == ["Your code: A1. STOP to stop."]


def test_those_who_cannot_be_welcomed_keep_nobody_from_it(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(welcoming, "BATCH", 1)
    empty = make_programme(workspace, name="Empty", welcome="{code} STOP")
    join_by(empty, number="+33644640001")
    join_by(make_programme(workspace, name="Gone", welcome="Hi. STOP"), number="+33644640002")
    join_by(make_programme(workspace, welcome="Hello. STOP"))
    gateway = make_sender(workspace)
    write(gateway, "STOP", number="+33644640002")
    before = texts_to(workspace)

    for _ in range(30):
        welcome_waiting()

    assert texts_to(workspace) == [*before, "Hello. STOP"]


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_a_code_that_another_holds() -> None:
    workspace = make_workspace()
    programme = make_programme(workspace)
    import_codes(programme=programme, codes=["A1"], actor=ACTOR)

    with connect_sync(autocommit=False) as other:
        other.execute("SELECT FROM programmes_incentivecode FOR UPDATE")
        with transaction.atomic(), connection.cursor() as raw:
            raw.execute("SET LOCAL lock_timeout = '2s'")
            assert give_code(programme_id=programme.id, contact_id=1) is None
        other.rollback()

    assert give_code(programme_id=programme.id, contact_id=1) == "A1"


@pytest.mark.django_db(transaction=True)
def test_as_many_people_at_once_as_codes_get_one_each_and_none_is_lost() -> None:
    workspace = make_workspace()
    make_sender(workspace)
    programme = make_programme(workspace, welcome="{code} STOP")
    import_codes(programme=programme, codes=[f"C{n}" for n in range(PEOPLE)], actor=ACTOR)
    work = _whole(programme) if WIDE else _waiting(workspace, programme)
    twice = [*work[: PEOPLE // 10], *work]  # a tenth press the button again

    def do_all(some: list[Callable[[], object]]) -> None:
        try:
            for each in some:
                each()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(do_all, [twice[turn::AT_ONCE] for turn in range(AT_ONCE)]))

    given = list(IncentiveCode.objects.values_list("contact_id", "code"))
    assert len({contact for contact, _code in given if contact}) == PEOPLE
    assert SignUp.objects.filter(welcomed_at__isnull=False).count() == PEOPLE
    assert sorted(texts_to(workspace)) == sorted(f"{code} STOP" for _contact, code in given)


def _whole(programme: Programme) -> list[Callable[[], object]]:
    """All of a sign-up, by a form."""
    return [partial(join_by, programme, number=f"+3364464{n:04d}") for n in range(PEOPLE)]


def _waiting(workspace: Workspace, programme: Programme) -> list[Callable[[], object]]:
    """The end of it, where people meet at the pool: the code and the welcome of somebody who joined."""
    placement = placement_of(programme)
    people = make_crowd(workspace=workspace, count=PEOPLE)
    rows = SignUp.objects.bulk_create(
        SignUp(
            workspace_id=workspace.id, programme=programme, placement=placement, method="form",
            contact_id=person.id, state="joined", signed_at=now(), joined_at=now(),
        )
        for person in people
    )  # fmt: skip
    return [partial(welcome_one, row.id) for row in rows]

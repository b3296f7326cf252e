"""What somebody said last holds, however their texts were bundled on the way."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builders import make_workspace
from domain.programmes import (
    NUMBER,
    SHORT_CODE,
    hand_off,
    join_by,
    make_programme,
    make_sender,
    placement_of,
)
from textwell.accounts.models import Workspace
from textwell.consent.models import ConsentEvent, ConsentState
from textwell.consent.selectors import find_suppression
from textwell.contacts.models import Contact
from textwell.core.wire import MoItem
from textwell.gateways.models import Gateway
from textwell.inbox.actions import record_replies
from textwell.inbox.models import Reply
from textwell.programmes.models import SignUp
from wide import WIDE

NOON = datetime(2026, 11, 24, 11, tzinfo=UTC)
STRANGER = "+33644640102"
SAID = st.lists(
    st.sampled_from([(who, text) for who in (NUMBER, STRANGER)
                     for text in ("STOP", "yes", "BREAD", "START", "Where are you?")]),
    min_size=1, max_size=5,
)  # fmt: skip


@pytest.fixture(autouse=True)
def at_noon() -> object:
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


def ask(workspace: Workspace) -> Gateway:
    """Somebody waits for a yes that they were asked for, and a keyword is offered."""
    gateway = make_sender(workspace)
    join_by(make_programme(workspace, asks_twice=True))
    hand_off(NOON - timedelta(minutes=30))
    placement_of(make_programme(workspace, name="Bread"), keyword="BREAD", sender=SHORT_CODE)
    return gateway


def items(gateway: Gateway, said: list[tuple[str, str]]) -> list[MoItem]:
    """A minute between each."""
    start = NOON.timestamp() - 60 * len(said)
    return [
        MoItem(gateway.id, str(n), who, SHORT_CODE, text, start + 60 * n)
        for n, (who, text) in enumerate(said)
    ]


def end(workspace: Workspace) -> list[object]:
    """All that holds of the two, without numbers of rows."""
    found: list[object] = []
    for msisdn in (NUMBER, STRANGER):
        person = Contact.objects.filter(workspace_id=workspace.id, msisdn=msisdn).first()
        known = {"contact_id": person.id if person else 0}
        suppression = find_suppression(workspace.id, msisdn)
        found += [
            suppression.reason if suppression else "",
            list(ConsentState.objects.filter(**known).values_list("is_granted", flat=True)),
            list(ConsentEvent.objects.filter(**known).order_by("given_at", "kind")
                 .values_list("kind", "given_at", "source")),
            list(SignUp.objects.filter(**known).order_by("programme__name")
                 .values_list("programme__name", "state")),
            [(each.intent, each.handled_at is None, each.contact_id == known["contact_id"])
             for each in Reply.objects.filter(workspace_id=workspace.id, msisdn=msisdn)
             .order_by("received_at")],
        ]  # fmt: skip
    return found


def test_a_yes_after_a_stop_joins_nobody_though_both_came_at_once(workspace: Workspace) -> None:
    gateway = ask(workspace)

    record_replies(items(gateway, [(NUMBER, "STOP"), (NUMBER, "yes")]))

    assert SignUp.objects.get().state == "barred"
    assert not ConsentState.objects.filter(is_granted=True).exists()


def test_a_stop_after_a_strangers_keyword_is_theirs_though_both_came_at_once(
    workspace: Workspace,
) -> None:
    gateway = ask(workspace)

    record_replies(items(gateway, [(STRANGER, "BREAD"), (STRANGER, "STOP")]))

    person = Contact.objects.get(msisdn=STRANGER)
    assert ConsentState.objects.get(contact_id=person.id).is_granted is False
    assert list(Reply.objects.values_list("contact_id", flat=True)) == [person.id] * 2


@settings(
    max_examples=100 if WIDE else 12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(said=SAID, data=st.data())
def test_texts_that_are_bundled_anyhow_end_alike(
    said: list[tuple[str, str]], data: st.DataObject, db: None
) -> None:
    cuts = data.draw(st.sets(st.integers(1, len(said)), max_size=len(said)))
    one, other = make_workspace(), make_workspace()
    whole, single = ask(one), ask(other)

    bounds = [0, *sorted(cuts - {len(said)}), len(said)]
    for begin, until in pairwise(bounds):
        record_replies(items(whole, said)[begin:until])
    for each in items(single, said):
        record_replies([each])

    assert end(one) == end(other)

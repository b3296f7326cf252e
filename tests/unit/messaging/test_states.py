"""Final states stay; late, doubled and disordered receipts change nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textwell.messaging.states import (
    EQUATION_TERMS,
    FINAL,
    MOVES,
    WAITING,
    State,
    equation_term,
    may_move,
)

RECEIPTS = [State.DELIVERED, State.UNDELIVERED, State.EXPIRED, State.REJECTED]


@pytest.mark.parametrize("state", sorted(FINAL))
def test_a_final_state_does_not_move(state: State) -> None:
    assert MOVES[state] == frozenset()


@given(st.lists(st.sampled_from(RECEIPTS), min_size=1))
def test_the_first_final_receipt_stands_whatever_comes_after(receipts: list[State]) -> None:
    state = State.SUBMITTED
    for receipt in receipts:
        if may_move(current=state, to=receipt):
            state = receipt

    assert state is receipts[0]


@pytest.mark.parametrize("receipt", RECEIPTS)
def test_a_late_receipt_settles_an_unknown(receipt: State) -> None:
    assert may_move(current=State.UNKNOWN, to=receipt)


def test_nothing_goes_back_to_waiting_once_a_carrier_may_have_it() -> None:
    for state in (State.SUBMITTED, State.UNKNOWN, *FINAL):
        assert not MOVES[state] & WAITING


def test_every_state_counts_in_exactly_one_term() -> None:
    assert {equation_term(state) for state in State} == set(EQUATION_TERMS)

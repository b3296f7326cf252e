"""The guard against pumped sign-ups: one line is one, however many addresses it has."""

import pytest

from textwell.accounts.models import Workspace
from textwell.programmes.errors import TooManyAttempts
from textwell.programmes.guard import MOST_BY_ADDRESS, MOST_BY_NUMBER, check_attempt
from textwell.programmes.models import Attempt


def try_all(workspace: Workspace, address: str, count: int) -> list[bool]:
    return [
        check_attempt(
            workspace_id=workspace.id, msisdn=f"+336446{n:02d}000", address=address.format(n=n)
        )
        for n in range(count)
    ]


def test_all_addresses_of_one_line_count_as_one(workspace: Workspace) -> None:
    assert try_all(workspace, "2001:db8:1:2::{n:x}", MOST_BY_ADDRESS) == [True] * MOST_BY_ADDRESS

    with pytest.raises(TooManyAttempts):
        try_all(workspace, "2001:db8:1:2:ffff::1", 1)
    assert try_all(workspace, "2001:db8:1:3::1", 1) == [True]


def test_who_is_refused_by_address_uses_up_nothing_of_others(workspace: Workspace) -> None:
    try_all(workspace, "192.0.2.7", MOST_BY_ADDRESS)
    counted = Attempt.objects.exclude(key__startswith="address:").count()

    for n in range(50, 55):
        with pytest.raises(TooManyAttempts):
            check_attempt(
                workspace_id=workspace.id, msisdn=f"+336446{n}000", address="::ffff:192.0.2.7"
            )

    assert Attempt.objects.exclude(key__startswith="address:").count() == counted


def test_a_number_that_had_enough_is_told_to_nobody(workspace: Workspace) -> None:
    found = [
        check_attempt(workspace_id=workspace.id, msisdn="+33644640101", address=f"192.0.2.{n}")
        for n in range(MOST_BY_NUMBER + 1)
    ]

    assert found == [True, True, True, False]

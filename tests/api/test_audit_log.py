"""The audit log, read by a program."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from api.conftest import Program
from textwell.accounts.actions import record_audit
from textwell.core.clock import now

pytestmark = pytest.mark.django_db


def write(program: Program, action: str, subject: str = "", **values: object) -> int:
    return record_audit(
        workspace_id=program.workspace.id, actor="user:7", action=action, subject=subject, **values
    ).id  # type: ignore[arg-type]


@pytest.fixture
def entries(program: Program) -> list[int]:
    """Three entries, oldest first."""
    return [
        write(program, "campaigns.launched", "campaign:1", reason="Ask +33612345678"),
        write(program, "campaigns.paused", "campaign:1"),
        write(program, "contacts.changed", "contact:2", before={"to": "+33612345678"}, after={}),
    ]


@pytest.mark.parametrize(
    ("asked", "places"),
    [
        ({"actor": "user:7"}, [2, 1, 0]),
        ({"action": "campaigns."}, [1, 0]),
        ({"subject": "contact:2"}, [2]),
        ({"actor": "user:7", "action": "campaigns.p"}, [1]),
        ({"actor": "user:8"}, []),
        ({"until": "2025-01-01T00:00:00Z"}, []),
        ({"since": "2025-01-01T00:00:00Z", "subject": "campaign:1"}, [1, 0]),
    ],
)
def test_entries_are_found_newest_first(
    program: Program, entries: list[int], asked: dict[str, str], places: list[int]
) -> None:
    answer = program.get("/audit", **asked).json()

    assert [each["id"] for each in answer["items"]] == [entries[place] for place in places]


def test_a_page_ends_where_the_next_begins(program: Program, entries: list[int]) -> None:
    first = program.get("/audit", actor="user:7", limit=2).json()
    rest = program.get("/audit", actor="user:7", limit=2, after=first["next"]).json()

    assert [each["id"] for each in first["items"]] == [entries[2], entries[1]]
    assert ([each["id"] for each in rest["items"]], rest["next"]) == ([entries[0]], None)


def test_numbers_are_masked_whatever_the_key_may(program: Program, entries: list[int]) -> None:
    changed, _paused, launched = program.get("/audit", actor="user:7").json()["items"]

    assert (changed["before"], changed["after"]) == ({"to": "+3361•••678"}, {})
    assert launched["reason"] == "Ask +3361•••678"


def test_another_workspaces_entries_are_not_there(stranger: Program, entries: list[int]) -> None:
    assert stranger.get("/audit", actor="user:7").json()["items"] == []


def test_it_needs_its_own_scope(program_with: Callable[..., Program]) -> None:
    assert program_with("workspace:manage").get("/audit").status_code == 403
    assert program_with("audit:read").get("/audit").status_code == 200


def test_a_time_in_between_holds_on_both_sides(program: Program, entries: list[int]) -> None:
    soon = (now() + timedelta(hours=1)).isoformat()

    assert program.get("/audit", since=soon).json()["items"] == []
    assert len(program.get("/audit", actor="user:7", until=soon).json()["items"]) == 3

"""Answers that were lost, through the API: settled once, sent again on purpose."""

from collections.abc import Callable

import pytest

from api.conftest import Program
from builders import make_workspace
from domain.messaging.ledger import Planned, lose_answers, lose_single, states
from textwell.accounts.models import AuditEntry

pytestmark = pytest.mark.django_db
NOT_SENT = {"fate": "not_sent", "reason": "The portal has no trace of it."}


@pytest.fixture
def lost(program: Program) -> tuple[Planned, list[int]]:
    return lose_answers(program.workspace, people=3, count=2)


def _path(planned: Planned, verb: str) -> str:
    return f"/campaigns/{planned.campaign.id}/unknown/{verb}"


def test_a_program_settles_and_sends_again(
    program: Program, lost: tuple[Planned, list[int]]
) -> None:
    planned, ids = lost

    settled = program.post(_path(planned, "settle"), NOT_SENT | {"message_ids": ids[:1]})
    equation = program.get(f"/campaigns/{planned.campaign.id}/equation").json()
    again = program.post(_path(planned, "send-again"), {"reason": "The link is back."})

    assert (settled.status_code, settled.json()) == (200, {"count": 1})
    assert (equation["not_sent_count"], equation["terms"]["canceled"]) == (1, 1)
    assert equation["is_balanced"]
    assert again.json() == {"count": 1}
    assert [states(planned)[each] for each in ids] == ["planned", "unknown"]
    made = AuditEntry.objects.filter(action__startswith="messages.")
    assert {entry.actor for entry in made} == {f"key:{program.key.id}"}


def test_one_key_settles_once(program: Program, lost: tuple[Planned, list[int]]) -> None:
    planned, _ids = lost

    answers = [program.post(_path(planned, "settle"), NOT_SENT, key="once") for _ in range(2)]

    assert [answer.json() for answer in answers] == [{"count": 2}, {"count": 2}]
    assert answers[1]["Idempotency-Replayed"] == "true"
    assert AuditEntry.objects.filter(action="messages.settled").count() == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [({"fate": "lost", "reason": "x"}, "fate"), ({"fate": "sent"}, "reason"),
     ({"fate": "sent", "reason": " "}, "reason"), (NOT_SENT | {"message_ids": []}, "message_ids"),
     (NOT_SENT | {"ids": [1]}, "ids")],
)  # fmt: skip
def test_a_refusal_names_the_field(
    program: Program, lost: tuple[Planned, list[int]], body: dict[str, object], field: str
) -> None:
    planned, ids = lost

    answer = program.post(_path(planned, "settle"), body)

    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert {states(planned)[each] for each in ids} == {"unknown"}


def test_a_key_without_the_scope_may_not(
    program_with: Callable[..., Program], lost: tuple[Planned, list[int]]
) -> None:
    planned, ids = lost
    reader = program_with("campaigns:read")

    statuses = [
        reader.post(_path(planned, "settle"), NOT_SENT).status_code,
        reader.post(_path(planned, "send-again"), {"reason": "x"}).status_code,
    ]

    assert statuses == [403, 403]
    assert {states(planned)[each] for each in ids} == {"unknown"}


def test_another_workspaces_campaign_is_not_found(program: Program) -> None:
    planned, ids = lose_answers(make_workspace(), people=1, count=1)

    answer = program.post(_path(planned, "settle"), NOT_SENT)

    assert answer.status_code == 404
    assert states(planned)[ids[0]] == "unknown"


def test_a_paused_campaign_sends_nothing_again(
    program: Program, lost: tuple[Planned, list[int]]
) -> None:
    planned, ids = lost
    program.post(_path(planned, "settle"), NOT_SENT)
    assert program.post(f"/campaigns/{planned.campaign.id}/pause").status_code == 200

    answer = program.post(_path(planned, "send-again"), {"reason": "The link is back."})

    assert (answer.status_code, answer["Content-Type"]) == (409, "application/problem+json")
    assert {states(planned)[each] for each in ids} == {"not_sent"}


def test_a_program_settles_a_message_outside_campaigns(program: Program) -> None:
    message_id = lose_single(program.workspace)

    settled = program.post(f"/messages/{message_id}/unknown/settle", NOT_SENT)
    again = program.post(f"/messages/{message_id}/unknown/settle", NOT_SENT | {"fate": "sent"})

    assert (settled.status_code, settled.json()["state"]) == (200, "not_sent")
    assert settled.json()["timeline"][-1]["data"]["why"] == NOT_SENT["reason"]
    assert again.status_code == 409
    made = AuditEntry.objects.get(action="messages.settled")
    assert (made.actor, made.subject) == (f"key:{program.key.id}", f"message:{message_id}")

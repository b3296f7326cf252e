"""The workspace's own cap, through the API, and what it does to single messages."""

from collections.abc import Callable

import pytest

from api.conftest import Program
from builders import make_contact, make_gateway
from textwell.accounts.models import Workspace
from textwell.messaging.models import Message

pytestmark = pytest.mark.django_db


def test_a_program_sets_the_cap(program: Program) -> None:
    answer = program.send("put", "/workspace/cap", {"cap_count": 2, "cap_hours": 48})

    assert (answer.json()["cap_count"], answer.json()["cap_hours"]) == (2, 48)
    assert program.get("/workspace").json()["cap_count"] == 2


def test_a_key_without_the_scope_may_not(
    program_with: Callable[..., Program], workspace: Workspace
) -> None:
    answer = program_with("campaigns:write").send("put", "/workspace/cap", {"cap_count": 2})

    workspace.refresh_from_db()
    assert (answer.status_code, workspace.cap_count) == (403, 0)


def test_single_marketing_messages_stop_at_the_cap(program: Program) -> None:
    make_gateway(workspace=program.workspace)
    contact = make_contact(workspace=program.workspace)
    program.send("put", "/workspace/cap", {"cap_count": 2})
    new = {"to": contact.msisdn, "body": "Sale!"}

    codes = [program.post("/messages", new).status_code for _ in range(3)]
    refused = program.post("/messages", new).json()
    care = program.post("/messages", new | {"purpose": "care"})

    assert codes == [202, 202, 422]
    assert (refused["reason"], care.status_code) == ("frequency_cap", 202)
    assert Message.objects.filter(contact_id=contact.id, is_counted=True).count() == 2

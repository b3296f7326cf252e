import pytest

from api.conftest import Program
from builders import make_gateway
from proofs import note_many, store
from textwell.core.signing import list_public_keys
from textwell.messaging.proof.form import GivenKey, check_line

pytestmark = pytest.mark.django_db


def test_the_proof_of_a_message_is_given_as_a_line_that_is_verified(program: Program) -> None:
    make_gateway(workspace=program.workspace)
    taken = program.post("/messages", {"to": "+33612345678", "body": "Hello", "purpose": "care"})
    message_id = taken.json()["id"]
    store(note_many(1, workspace_id=program.workspace.id, first_id=message_id))

    answer = program.get(f"/messages/{message_id}/proof")
    missing = program.get("/messages/999999/proof")

    keys = {key.key_id: GivenKey(key.value) for key in list_public_keys(program.workspace.id)}
    assert answer["Content-Type"] == "application/x-ndjson"
    checked = check_line(answer.getvalue().removesuffix(b"\n"), keys)
    assert (checked.problem, checked.message_id) == ("", message_id)
    assert missing.status_code == 404

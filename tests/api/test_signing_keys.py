import pytest

from api.conftest import Program
from textwell.accounts.models import AuditEntry
from textwell.core.signatures import decode, is_signed
from textwell.core.signing import sign

pytestmark = pytest.mark.django_db


def test_public_keys_are_read_and_replaced_by_a_key(program: Program) -> None:
    signed = sign(program.workspace.id, "proof", b"a")

    before = program.get("/workspace/signing-keys").json()["keys"]
    made = program.post("/workspace/signing-keys/replace", {"reason": "Yearly."}).json()
    after = program.get("/workspace/signing-keys").json()["keys"]

    assert [key["algorithm"] for key in before] == ["Ed25519"]
    assert is_signed(decode(before[0]["public_key"], 32), "proof", b"a", signed.value)
    assert after[0] == made
    assert [key["key_id"] for key in after[1:]] == [before[0]["key_id"]]
    assert AuditEntry.objects.get(action="workspace.signing_key_replaced").reason == "Yearly."

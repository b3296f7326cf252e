import pytest
from click.testing import CliRunner
from django.db import IntegrityError

from builders import make_workspace
from textwell.accounts.models import AuditEntry, Workspace
from textwell.accounts.signing import replace_signing_key
from textwell.cli import signing_key
from textwell.core.models import SigningKey
from textwell.core.seal import is_sealed
from textwell.core.signatures import decode, encode, is_signed, key_id_of
from textwell.core.signing import Signer, list_public_keys, sign

pytestmark = pytest.mark.django_db


def test_what_a_workspace_signed_is_checked_with_its_public_key_alone(workspace: Workspace) -> None:
    signed = sign(workspace.id, "receipt", b"Anna agreed.")

    (key,) = list_public_keys(workspace.id)
    assert (signed.key_id, key.key_id) == (key.key_id, key_id_of(key.value))
    assert is_signed(key.value, "receipt", b"Anna agreed.", signed.value)


def test_another_text_subject_key_or_signature_is_not_signed(workspace: Workspace) -> None:
    signed = sign(workspace.id, "receipt", b"Anna agreed.")
    key = list_public_keys(workspace.id)[0].value
    other = list_public_keys(make_workspace(name="Other").id)[0].value

    assert not is_signed(key, "receipt", b"Anna agreed!", signed.value)
    assert not is_signed(key, "proof", b"Anna agreed.", signed.value)
    assert not is_signed(other, "receipt", b"Anna agreed.", signed.value)
    assert not is_signed(key, "receipt", b"Anna agreed.", signed.value[:-1] + b"\x00\x00")
    assert not is_signed(b"short", "receipt", b"Anna agreed.", signed.value)


def test_the_private_half_is_sealed_at_rest(workspace: Workspace) -> None:
    sign(workspace.id, "receipt", b"")

    assert is_sealed(SigningKey.objects.get().sealed_key)


def test_a_new_key_signs_and_what_the_old_one_signed_stays_valid(workspace: Workspace) -> None:
    before = sign(workspace.id, "receipt", b"first")

    made = replace_signing_key(workspace=workspace, actor="user:7", reason="A laptop was lost.")

    after = Signer(workspace.id).sign("receipt", b"second")
    present, old = list_public_keys(workspace.id)
    assert (after.key_id, present.retired_at) == (made.key_id, None)
    assert (before.key_id, old.retired_at is None) == (old.key_id, False)
    assert is_signed(old.value, "receipt", b"first", before.value)
    entry = AuditEntry.objects.get(action="workspace.signing_key_replaced")
    assert (entry.actor, entry.reason) == ("user:7", "A laptop was lost.")
    assert entry.data == {"before": {"key_id": old.key_id}, "after": {"key_id": made.key_id}}


def test_the_database_keeps_one_present_key_a_workspace(workspace: Workspace) -> None:
    sign(workspace.id, "receipt", b"")
    row = SigningKey.objects.get()

    row.pk, row.key_id = None, "other"
    with pytest.raises(IntegrityError):
        row.save(force_insert=True)


@pytest.mark.parametrize("text", ["", "AA==", "AB", "é", "AA\n", "A A", "A"])
def test_octets_have_one_spelling(text: str) -> None:
    assert (encode(b"\x00"), decode("AA", 1)) == ("AA", b"\x00")
    with pytest.raises(ValueError, match="base64url"):
        decode(text, 1)


def test_the_command_prints_public_keys_and_replaces_them(workspace: Workspace) -> None:
    first = CliRunner().invoke(signing_key.command, ["public"]).output.split()
    shown = CliRunner().invoke(signing_key.command, ["replace"])

    lines = CliRunner().invoke(signing_key.command, ["public"]).output.splitlines()
    old = list_public_keys(workspace.id)[1]
    assert first[:2] == [old.key_id, encode(old.value)]
    assert first[3] == "-"
    assert shown.output.startswith(f"Key {lines[0].split()[0]} signs from now on.")
    assert [line.split()[0] for line in lines][1] == old.key_id

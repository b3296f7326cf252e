"""The workspace's key to sign with, replaced by a person's wish."""

from django.db import transaction

from textwell.accounts.actions import record_audit
from textwell.accounts.models import Workspace
from textwell.core.signing import PublicKey, list_public_keys, replace_key


def replace_signing_key(*, workspace: Workspace, actor: str, reason: str = "") -> PublicKey:
    """Sign with a new key from now on. What was signed stays valid, under the key of its time."""
    with transaction.atomic():
        before = list_public_keys(workspace.id)[0]
        made = replace_key(workspace.id)
        record_audit(
            workspace_id=workspace.id,
            actor=actor,
            action="workspace.signing_key_replaced",
            before={"key_id": before.key_id},
            after={"key_id": made.key_id},
            reason=reason,
        )
    return made

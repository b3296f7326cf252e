"""The keys with which a workspace signs: public halves for whoever checks, and a new one."""

from ninja import Router

from textwell.accounts.models import Workspace
from textwell.accounts.signing import replace_signing_key
from textwell.accounts.types import Scope
from textwell.api.auth import ApiKey, KeyRequest
from textwell.api.schemas.keys import SigningKeyOut, SigningKeyReplacement, SigningKeysOut
from textwell.core.signatures import ALGORITHM, encode
from textwell.core.signing import PublicKey, list_public_keys

router = Router(tags=["Workspace"])


def _shown(key: PublicKey) -> dict[str, object]:
    return {
        "key_id": key.key_id,
        "algorithm": ALGORITHM,
        "public_key": encode(key.value),
        "created_at": key.created_at,
        "retired_at": key.retired_at,
    }


@router.get("/signing-keys", auth=ApiKey(Scope.MESSAGES_READ), response=SigningKeysOut)
def list_signing_keys(request: KeyRequest) -> dict[str, object]:
    """Public keys of the workspace, replaced ones too: with them anybody checks what it signed."""
    return {"keys": [_shown(key) for key in list_public_keys(request.auth.workspace_id)]}


@router.post("/signing-keys/replace", auth=ApiKey(Scope.WORKSPACE_MANAGE), response=SigningKeyOut)
def replace(request: KeyRequest, why: SigningKeyReplacement) -> dict[str, object]:
    """Sign with a new key from now on. What was signed stays valid, under the key of its time."""
    workspace = Workspace.objects.get(id=request.auth.workspace_id)
    made = replace_signing_key(workspace=workspace, actor=request.auth.actor, reason=why.reason)
    return _shown(made)

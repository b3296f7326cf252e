"""API keys by a key: made, used otherwise, revoked. None can give more than it has itself."""

from collections.abc import Iterable

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Router, Status

from textwell.accounts.keys import change_api_key, create_api_key, revoke_api_key
from textwell.accounts.models import ApiKey as Key
from textwell.accounts.models import Workspace
from textwell.accounts.selectors import access_api_key, list_api_keys
from textwell.accounts.types import KeyHolder, Scope
from textwell.api.auth import ApiKey, KeyRequest, check_scope
from textwell.api.paging import PagingQuery, make_page
from textwell.api.schemas.base import Page
from textwell.api.schemas.keys import KeyChange, KeyIn, KeyMade, KeyOut
from textwell.core.errors import FieldError

router = Router(tags=["API keys"])
MAY = ApiKey(Scope.KEYS_MANAGE)


def _shown(key: Key) -> dict[str, object]:
    return {name: getattr(key, name) for name in KeyOut.model_fields}


def _check_scopes(holder: KeyHolder, scopes: Iterable[str]) -> None:
    for scope in scopes:
        check_scope(holder, Scope(scope))


def _check_rate(holder: KeyHolder, wanted: int | None) -> int | None:
    """The rate to give. A key with one cannot get round it by another key."""
    if not holder.rate_per_s:
        return wanted
    if wanted is None:
        return holder.rate_per_s
    if not 0 < wanted <= holder.rate_per_s:
        mend = _("Write a number from 1 to %(most)d.") % {"most": holder.rate_per_s}
        raise FieldError("rate_per_s", _("is more than this key may make itself"), mend)
    return wanted


@router.get("", auth=MAY, response=Page[KeyOut])
def list_keys(request: KeyRequest, paging: PagingQuery) -> dict[str, object]:
    """Keys of the workspace, newest first, revoked ones too; never their secrets."""
    before = paging.after_id()
    found = list_api_keys(request.auth.workspace_id)  # a few: people make them
    rows = [key for key in found if not before or key.id < before]
    return make_page(
        rows[: paging.limit + 1], limit=paging.limit, shown=_shown, cursor=lambda key: key.id
    )


@router.post("", auth=MAY, response={201: KeyMade})
def create(request: KeyRequest, response: HttpResponse, new: KeyIn) -> Status[dict[str, object]]:
    """A new key. The answer holds its secret, this once. 403 for a scope that this key lacks."""
    holder = request.auth
    _check_scopes(holder, new.scopes)
    key, secret = create_api_key(
        workspace=Workspace.objects.get(id=holder.workspace_id),
        name=new.name,
        scopes=[scope.value for scope in new.scopes],
        actor=holder.actor,
        door_purpose=new.door_purpose.value,
        rate_per_s=_check_rate(holder, new.rate_per_s),
    )
    response["Location"] = f"{request.path.rstrip('/')}/{key.id}"
    return Status(201, _shown(key) | {"secret": secret})


@router.get("/{int:key_id}", auth=MAY, response=KeyOut)
def get(request: KeyRequest, key_id: int) -> dict[str, object]:
    """One key, without its secret."""
    return _shown(access_api_key(request.auth.workspace_id, key_id))


@router.patch("/{int:key_id}", auth=MAY, response=KeyOut)
def update(request: KeyRequest, key_id: int, change: KeyChange) -> dict[str, object]:
    """Use it otherwise, from its next request on. 403 for a key that may do more than this one."""
    holder = request.auth
    key = access_api_key(holder.workspace_id, key_id)
    _check_scopes(holder, key.scopes)
    rate = key.rate_per_s
    if change.rate_per_s is not None:
        rate = _check_rate(holder, change.rate_per_s)
    purpose = change.door_purpose.value if change.door_purpose else key.door_purpose
    return _shown(
        change_api_key(key=key, actor=holder.actor, door_purpose=purpose, rate_per_s=rate)
    )


@router.post("/{int:key_id}/revoke", auth=MAY, response=KeyOut)
def revoke(request: KeyRequest, key_id: int) -> dict[str, object]:
    """Refuse it from the next request on. Twice is once."""
    key = access_api_key(request.auth.workspace_id, key_id)
    revoke_api_key(key=key, actor=request.auth.actor)
    return _shown(key)

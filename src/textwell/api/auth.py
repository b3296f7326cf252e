"""Who calls: `Authorization: Bearer tw_<prefix>_<secret>`, and what that key may do.

A key that was found is remembered in this process for a few seconds, so that a program that sends
quickly costs no query for it; a revoked key is refused within the same few seconds.
"""

import time
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from textwell.accounts.selectors import find_api_key, hash_secret, note_key_use
from textwell.accounts.types import KeyHolder, Scope
from textwell.api.errors import ScopeMissing

REMEMBERED_S = 3.0
REMEMBERED_KEYS = 10_000  # beyond it everything is forgotten at once: keys are few

_remembered: dict[str, tuple[float, KeyHolder]] = {}


class KeyRequest(HttpRequest):
    """A request that has passed `Needs`."""

    auth: KeyHolder


def find_holder(token: str) -> KeyHolder | None:
    """The holder of a key as shown; None if it is wrong, unknown or revoked."""
    digest = hash_secret(token)  # secrets themselves are not kept in memory
    present = _remembered.get(digest)
    if present is not None and time.monotonic() - present[0] < REMEMBERED_S:
        return present[1]
    _remembered.pop(digest, None)
    key = find_api_key(token)
    if key is None:
        return None
    note_key_use(key)
    scopes = frozenset(key.scopes)
    holder = KeyHolder(key.id, key.workspace_id, scopes, key.door_purpose, key.rate_per_s)
    if len(_remembered) >= REMEMBERED_KEYS:
        _remembered.clear()
    _remembered[digest] = (time.monotonic(), holder)
    return holder


def forget_keys() -> None:
    """Ask the database again for every key (tests, and after a change in the same process)."""
    _remembered.clear()


def read_holder(request: HttpRequest) -> KeyHolder | None:
    """The caller by the Authorization header, whatever the operation needs."""
    kind, _space, token = request.headers.get("Authorization", "").partition(" ")
    return find_holder(token.strip()) if kind.lower() == "bearer" else None


def check_scope(holder: KeyHolder, scope: Scope) -> None:
    """Raises ScopeMissing if the key may not do this."""
    if not holder.allows(scope):
        message = _("The API key lacks the scope %(scope)s.") % {"scope": scope.value}
        raise ScopeMissing(scope.value, message)


class ApiKey(HttpBearer):
    """Lets a request through whose key has the scope; the class name is shown in OpenAPI."""

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Any:  # noqa: ARG002 - ninja's signature
        holder = find_holder(token.strip())
        if holder is not None:
            check_scope(holder, self.scope)
        return holder

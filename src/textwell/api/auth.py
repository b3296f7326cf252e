"""Who calls: `Authorization: Bearer tw_<prefix>_<secret>`, and what that key may do.

A key is looked up once for each request, by its prefix, which costs a fraction of a millisecond. So a
revoked key is refused from the next request on, whichever process gets it.
"""

from collections.abc import MutableMapping
from typing import Any, Final

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from textwell.accounts.secrets import note_use
from textwell.accounts.selectors import find_api_key
from textwell.accounts.types import KeyHolder, Scope
from textwell.api.errors import ScopeMissing

CALLER: Final = "textwell.key_holder"  # in `request.META`, once it was asked
SANDBOX: Final = "textwell.is_sandbox"  # same, for the middleware that says so in every answer


class KeyRequest(HttpRequest):
    """A request that has passed `Needs`."""

    auth: KeyHolder


def find_holder(token: str, meta: MutableMapping[str, Any]) -> KeyHolder | None:
    """The holder of a key as shown; None if it is wrong, unknown or revoked.

    `meta` of the request learns whether the key is of a sandbox.
    """
    key = find_api_key(token)
    if key is None:
        return None
    note_use(key)
    meta[SANDBOX] = is_sandbox = key.workspace.is_sandbox
    return KeyHolder(
        key.id,
        key.workspace_id,
        frozenset(key.scopes),
        key.door_purpose,
        key.rate_per_s,
        is_sandbox=is_sandbox,
    )


def read_holder(request: HttpRequest) -> KeyHolder | None:
    """The caller by the Authorization header, whatever the operation needs; asked once a request."""
    if CALLER not in request.META:
        kind, _space, token = request.headers.get("Authorization", "").partition(" ")
        is_bearer = kind.lower() == "bearer"
        request.META[CALLER] = find_holder(token.strip(), request.META) if is_bearer else None
    holder: KeyHolder | None = request.META[CALLER]
    return holder


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
        holder = read_holder(request)
        if holder is not None:
            check_scope(holder, self.scope)
        return holder

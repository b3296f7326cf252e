"""The door of /scim/v2: who asks, by which method, and every refusal in SCIM's form."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from textwell.accounts.directory.tokens import find_directory_token
from textwell.accounts.models import Workspace
from textwell.accounts.secrets import note_use
from textwell.api.doors.base import guard_door
from textwell.api.scim import discovery, groups, people
from textwell.api.scim.answers import Unauthorized, WrongMethod, refuse
from textwell.core.errors import NotFound

Serve = Callable[..., HttpResponse]


def _enter(request: HttpRequest) -> tuple[Workspace, str]:
    """The workspace of the token, and the actor for its log: directory:7.

    Raises:
        Unauthorized: there is no token, or it is wrong or revoked.
    """
    kind, _space, shown = request.headers.get("Authorization", "").partition(" ")
    token = find_directory_token(shown) if kind.lower() == "bearer" else None
    if token is None:
        raise Unauthorized(_("A valid token is needed: Authorization: Bearer twd_…"))
    note_use(token)
    return token.workspace, f"directory:{token.id}"


def _serve(request: HttpRequest, by_method: dict[str, Serve], *args: Any) -> HttpResponse:
    workspace, actor = _enter(request)
    serve = by_method.get(request.method or "")
    if serve is None:
        raise WrongMethod(", ".join(by_method))
    return serve(request, workspace, actor, *args)


@guard_door(refuse)
def users(request: HttpRequest) -> HttpResponse:
    return _serve(request, {"GET": people.list_users, "POST": people.create_user})


@guard_door(refuse)
def user(request: HttpRequest, key: str) -> HttpResponse:
    by_method: dict[str, Serve] = {
        "GET": people.get_user,
        "PUT": people.replace_user,
        "PATCH": people.patch_user,
        "DELETE": people.delete_user,
    }
    return _serve(request, by_method, _number(key))


@guard_door(refuse)
def all_groups(request: HttpRequest) -> HttpResponse:
    return _serve(request, {"GET": groups.list_all, "POST": groups.create})


@guard_door(refuse)
def group(request: HttpRequest, key: str) -> HttpResponse:
    by_method: dict[str, Serve] = {
        "GET": groups.get,
        "PUT": groups.replace,
        "PATCH": groups.patch,
        "DELETE": groups.delete,
    }
    return _serve(request, by_method, _number(key))


@guard_door(refuse)
def config(request: HttpRequest) -> HttpResponse:
    return _serve(request, {"GET": discovery.config})


@guard_door(refuse)
def kinds(request: HttpRequest) -> HttpResponse:
    return _serve(request, {"GET": discovery.list_kinds})


@guard_door(refuse)
def kind(request: HttpRequest, key: str) -> HttpResponse:
    return _serve(request, {"GET": discovery.get_kind}, key)


@guard_door(refuse)
def schemas(request: HttpRequest) -> HttpResponse:
    return _serve(request, {"GET": discovery.list_schemas})


@guard_door(refuse)
def schema(request: HttpRequest, key: str) -> HttpResponse:
    return _serve(request, {"GET": discovery.get_schema}, key)


@guard_door(refuse)
def no_such_path(request: HttpRequest) -> HttpResponse:
    """Whatever else is asked for below /scim/."""
    _enter(request)
    raise NotFound("path", request.path)


def _number(key: str) -> int:
    """An id of ours; one that cannot be any is not found."""
    if not key.isdecimal() or len(key) > 18:  # noqa: PLR2004 - digits that fit PostgreSQL's bigint
        return 0
    return int(key)

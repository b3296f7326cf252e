"""/Users: accounts of the workspace, read and written in SCIM's form."""

from collections.abc import Sequence
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from scim2_models import Context, Email, GroupMembership, PatchOp, Reference

from textwell.accounts.actions import read_email
from textwell.accounts.directory.people import (
    Facts,
    access_account,
    change_person,
    delete_person,
    locked,
    provision_person,
)
from textwell.accounts.directory.reads import Entry, find_accounts, read_entries
from textwell.accounts.models import User as Account
from textwell.accounts.models import Workspace
from textwell.api.scim.answers import show
from textwell.api.scim.lists import equality, page_of, read_search
from textwell.api.scim.resources import TOLERANT, PersonName, User, base_url, make_meta
from textwell.core.errors import FieldError

# What the database finds itself, by the names of the RFC.
_COLUMNS = {
    "id": "id",
    "username": "user_name",
    "externalid": "external_id",
    "emails": "address",
    "emails.value": "address",
}


def list_users(request: HttpRequest, workspace: Workspace, _actor: str) -> HttpResponse:
    search = read_search(request, User)
    wanted = equality(search.filter) if search.filter is not None else None
    column = _COLUMNS.get(wanted[0]) if wanted else None
    value = wanted[1] if wanted else ""
    rows = find_accounts(workspace, attribute=column, value=value)

    def build(accounts: Sequence[Account]) -> list[User]:
        return [_resource(entry) for entry in read_entries(workspace, accounts)]

    return page_of(search, rows, build, is_filtered=column is not None)


def create_user(request: HttpRequest, workspace: Workspace, actor: str) -> HttpResponse:
    given = User.model_validate(
        orjson.loads(request.body),
        scim_ctx=Context.RESOURCE_CREATION_REQUEST,
        scim_policy=TOLERANT,
    )
    facts = _facts(given, is_active=True)
    with locked(workspace):  # an answer that cannot be given undoes the change
        account = provision_person(workspace=workspace, facts=facts, actor=actor)
        resource = _read(workspace, account)
        return show(request, resource, Context.RESOURCE_CREATION_RESPONSE, 201)


def get_user(request: HttpRequest, workspace: Workspace, _actor: str, key: int) -> HttpResponse:
    resource = _read(workspace, access_account(workspace, key))
    return show(request, resource, Context.RESOURCE_QUERY_RESPONSE)


def replace_user(request: HttpRequest, workspace: Workspace, actor: str, key: int) -> HttpResponse:
    given = User.model_validate(
        orjson.loads(request.body),
        scim_ctx=Context.RESOURCE_REPLACEMENT_REQUEST,
        scim_policy=TOLERANT,
    )
    with locked(workspace):
        present = _read(workspace, access_account(workspace, key))
        facts = _facts(given, is_active=bool(present.active))
        account = change_person(workspace=workspace, user_id=key, facts=facts, actor=actor)
        resource = _read(workspace, account)
        return show(request, resource, Context.RESOURCE_REPLACEMENT_RESPONSE)


def patch_user(request: HttpRequest, workspace: Workspace, actor: str, key: int) -> HttpResponse:
    patch = PatchOp[User].model_validate(
        orjson.loads(request.body), scim_ctx=Context.RESOURCE_PATCH_REQUEST, scim_policy=TOLERANT
    )
    with locked(workspace):
        resource = _read(workspace, access_account(workspace, key))
        is_active = bool(resource.active)
        patch.patch(resource, scim_policy=TOLERANT)
        facts = _facts(resource, is_active=is_active)
        account = change_person(workspace=workspace, user_id=key, facts=facts, actor=actor)
        resource = _read(workspace, account)
        return show(request, resource, Context.RESOURCE_PATCH_RESPONSE)


def delete_user(_request: HttpRequest, workspace: Workspace, actor: str, key: int) -> HttpResponse:
    delete_person(workspace=workspace, user_id=key, actor=actor)
    return HttpResponse(status=204)


def _facts(given: User, *, is_active: bool) -> Facts:
    """`is_active` holds where the directory does not say.

    Raises:
        FieldError: there is no address to sign in with.
    """
    user_name = (given.user_name or "").strip()
    name = given.name or PersonName()
    return Facts(
        user_name=user_name,
        address=_address(user_name, given.emails or []),
        is_active=is_active if given.active is None else given.active,
        external_id=given.external_id or "",
        given_name=(name.given_name or "").strip(),
        family_name=(name.family_name or "").strip(),
        display_name=(given.display_name or name.formatted or "").strip(),
    )


def _address(user_name: str, emails: Sequence[Any]) -> str:
    """The user name where it is an address, else the primary or first e-mail address."""
    try:
        return read_email(user_name)
    except FieldError:
        given = sorted(emails, key=lambda each: not each.primary)
        for each in given:
            return read_email(str(each.value or ""))
        mend = _("Send an e-mail address as userName, or one among emails.")
        raise FieldError("userName", _("is no e-mail address"), mend) from None


def _read(workspace: Workspace, account: Account) -> User:
    return _resource(read_entries(workspace, [account])[0])


def _resource(entry: Entry) -> User:
    name = PersonName(given_name=entry.given_name or None, family_name=entry.family_name or None)
    has_name = bool(entry.given_name or entry.family_name)
    return User(
        id=str(entry.user_id),
        external_id=entry.external_id or None,
        user_name=entry.user_name,
        name=name if has_name else None,
        display_name=entry.display_name or None,
        active=entry.is_active,
        emails=[Email(value=entry.address, type=Email.Type.work, primary=True)],
        groups=[
            GroupMembership(
                value=str(key),
                display=shown,
                type="direct",
                ref=Reference(f"{base_url()}/Groups/{key}"),
            )
            for key, shown in entry.groups
        ]
        or None,
        meta=make_meta("User", entry.user_id, entry.created_at, entry.changed_at),
    )

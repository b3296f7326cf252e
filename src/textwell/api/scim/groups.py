"""/Groups: groups of the directory, which give roles."""

from collections.abc import Sequence

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from scim2_models import Context, GroupMember, PatchOp, Reference

from textwell.accounts.directory.groups import (
    GroupFacts,
    access_group,
    change_group,
    create_group,
    delete_group,
)
from textwell.accounts.directory.people import locked
from textwell.accounts.models import DirectoryGroup, Workspace
from textwell.api.scim.answers import show
from textwell.api.scim.lists import equality, page_of, read_search
from textwell.api.scim.resources import TOLERANT, Group, base_url, make_meta
from textwell.core.errors import FieldError


def list_all(request: HttpRequest, workspace: Workspace, _actor: str) -> HttpResponse:
    search = read_search(request, Group)
    rows = DirectoryGroup.objects.filter(workspace=workspace).order_by("id")
    wanted = equality(search.filter) if search.filter is not None else None
    is_filtered = True
    match wanted:
        case ("displayname", value):
            rows = rows.filter(display_name__iexact=value)
        case ("externalid", value):
            rows = rows.filter(external_id=value)
        case ("id", value):
            rows = rows.filter(id=int(value)) if value.isdecimal() else rows.none()
        case _:
            is_filtered = False

    def build(groups: Sequence[DirectoryGroup]) -> list[Group]:
        return [_resource(group) for group in groups]

    rows = rows.prefetch_related("people")
    return page_of(search, rows, build, is_filtered=is_filtered)


def create(request: HttpRequest, workspace: Workspace, actor: str) -> HttpResponse:
    given = Group.model_validate(
        orjson.loads(request.body),
        scim_ctx=Context.RESOURCE_CREATION_REQUEST,
        scim_policy=TOLERANT,
    )
    with locked(workspace):  # an answer that cannot be given undoes the change
        group = create_group(workspace=workspace, facts=_facts(given), actor=actor)
        return show(request, _resource(group), Context.RESOURCE_CREATION_RESPONSE, 201)


def get(request: HttpRequest, workspace: Workspace, _actor: str, key: int) -> HttpResponse:
    resource = _resource(access_group(workspace, key))
    return show(request, resource, Context.RESOURCE_QUERY_RESPONSE)


def replace(request: HttpRequest, workspace: Workspace, actor: str, key: int) -> HttpResponse:
    given = Group.model_validate(
        orjson.loads(request.body),
        scim_ctx=Context.RESOURCE_REPLACEMENT_REQUEST,
        scim_policy=TOLERANT,
    )
    facts = _facts(given)
    with locked(workspace):
        group = change_group(workspace=workspace, group_id=key, facts=facts, actor=actor)
        return show(request, _resource(group), Context.RESOURCE_REPLACEMENT_RESPONSE)


def patch(request: HttpRequest, workspace: Workspace, actor: str, key: int) -> HttpResponse:
    given = PatchOp[Group].model_validate(
        orjson.loads(request.body), scim_ctx=Context.RESOURCE_PATCH_REQUEST, scim_policy=TOLERANT
    )
    with locked(workspace):
        resource = _resource(access_group(workspace, key))
        given.patch(resource, scim_policy=TOLERANT)
        facts = _facts(resource)
        group = change_group(workspace=workspace, group_id=key, facts=facts, actor=actor)
        return show(request, _resource(group), Context.RESOURCE_PATCH_RESPONSE)


def delete(_request: HttpRequest, workspace: Workspace, actor: str, key: int) -> HttpResponse:
    delete_group(workspace=workspace, group_id=key, actor=actor)
    return HttpResponse(status=204)


def _facts(given: Group) -> GroupFacts:
    """Raises FieldError: the name is empty, or a member is no id of ours."""
    display_name = (given.display_name or "").strip()
    if not display_name:
        raise FieldError("displayName", _("is empty"), _("Give the group a name."))
    ids = {str(member.value or "") for member in given.members or []}
    strange = sorted(each for each in ids if not each.isdecimal())
    if strange:
        problem = _("names nobody of this workspace: %(id)s") % {"id": strange[0][:80]}
        raise FieldError("members", problem, _("Provision the person first."))
    return GroupFacts(
        display_name=display_name,
        external_id=given.external_id or "",
        user_ids={int(each) for each in ids},
    )


def _resource(group: DirectoryGroup) -> Group:
    members = [
        GroupMember(
            value=str(person.user_id),
            display=person.display_name or person.user_name,
            type="User",
            ref=Reference(f"{base_url()}/Users/{person.user_id}"),
        )
        for person in sorted(group.people.all(), key=lambda each: each.user_id)
    ]
    return Group(
        id=str(group.id),
        external_id=group.external_id or None,
        display_name=group.display_name,
        members=members or None,
        meta=make_meta("Group", group.id, group.created_at, group.changed_at),
    )

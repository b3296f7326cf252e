"""What a directory may ask about us: configuration, kinds of resources, their attributes."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from scim2_models import (
    AuthenticationScheme,
    Bulk,
    ChangePassword,
    Context,
    ETag,
    Filter,
    Meta,
    Patch,
    Reference,
    Resource,
    ResourceType,
    Schema,
    ServiceProviderConfig,
    Sort,
)

from textwell.accounts.models import Workspace
from textwell.api.scim.answers import show
from textwell.api.scim.lists import MOST, list_answer
from textwell.api.scim.resources import Group, User, base_url, make_meta
from textwell.core.errors import NotFound

_KINDS: tuple[tuple[str, type[Resource[Any]]], ...] = (("User", User), ("Group", Group))


def config(request: HttpRequest, _workspace: Workspace, _actor: str) -> HttpResponse:
    place = f"{base_url()}/ServiceProviderConfig"
    scheme = AuthenticationScheme(
        type=AuthenticationScheme.Type.oauthbearertoken,
        name="Bearer token",
        description="A token of the workspace, made by an owner under Settings.",
        spec_uri=Reference("https://www.rfc-editor.org/info/rfc6750"),
        primary=True,
    )
    resource = ServiceProviderConfig(
        patch=Patch(supported=True),
        bulk=Bulk(supported=False, max_operations=0, max_payload_size=0),
        filter=Filter(supported=True, max_results=MOST),
        change_password=ChangePassword(supported=False),
        sort=Sort(supported=False),
        etag=ETag(supported=False),
        authentication_schemes=[scheme],
        meta=Meta(resource_type="ServiceProviderConfig", location=place),
    )
    return show(request, resource, Context.RESOURCE_QUERY_RESPONSE)


def list_kinds(_request: HttpRequest, _workspace: Workspace, _actor: str) -> HttpResponse:
    found = [_kind(name, model) for name, model in _KINDS]
    return list_answer(found, total=len(found))


def get_kind(request: HttpRequest, _workspace: Workspace, _actor: str, key: str) -> HttpResponse:
    for name, model in _KINDS:
        if name == key:
            return show(request, _kind(name, model), Context.RESOURCE_QUERY_RESPONSE)
    raise NotFound("resource type", key)


def list_schemas(_request: HttpRequest, _workspace: Workspace, _actor: str) -> HttpResponse:
    found = [_schema(name, model) for name, model in _KINDS]
    return list_answer(found, total=len(found))


def get_schema(request: HttpRequest, _workspace: Workspace, _actor: str, key: str) -> HttpResponse:
    for name, model in _KINDS:
        if str(model.__schema__).lower() == key.lower():
            return show(request, _schema(name, model), Context.RESOURCE_QUERY_RESPONSE)
    raise NotFound("schema", key)


def _kind(name: str, model: type[Resource[Any]]) -> ResourceType:
    return ResourceType(
        id=name,
        name=name,
        endpoint=Reference(f"/{name}s"),
        schema=Reference(str(model.__schema__)),
        meta=make_meta("ResourceType", name),
    )


def _schema(name: str, model: type[Resource[Any]]) -> Schema:
    schema = model.to_schema()
    schema.name = name
    schema.meta = make_meta("Schema", str(model.__schema__))
    return schema

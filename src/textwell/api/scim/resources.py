"""The two resources, as far as we keep them; whatever else a directory sends is passed over."""

from typing import Annotated, Any, ClassVar

from scim2_models import (
    URN,
    CaseExact,
    ComplexAttribute,
    Email,
    GroupMembership,
    Meta,
    Mutability,
    Required,
    Resource,
    ScimPolicy,
    Uniqueness,
)
from scim2_models import Group as FullGroup

from textwell.core.settings import load_settings

# Entra writes "Replace", sends what to remove as a value, and sets the work address of nobody's.
TOLERANT = ScimPolicy(
    unknown=ScimPolicy.Unknown.ignore,
    remove_value_as_filter=ScimPolicy.RemoveValue.apply,
    unmatched_path_filter=ScimPolicy.UnmatchedPathFilter.create,
)


class PersonName(ComplexAttribute):
    """A name in parts; `formatted` stands in for a display name."""

    formatted: str | None = None
    family_name: str | None = None
    given_name: str | None = None


class User(Resource[Any]):
    """User Account"""  # noqa: D415 - shown as the schema's description, RFC 7643's own words

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:User")

    user_name: Annotated[str | None, Uniqueness.server, Required.true] = None
    name: PersonName | None = None
    display_name: str | None = None
    active: bool | None = None
    emails: list[Email] | None = None
    groups: Annotated[list[GroupMembership] | None, Mutability.read_only] = None

    Name: ClassVar[type[ComplexAttribute]] = PersonName


class Group(FullGroup):
    """Group"""  # noqa: D415 - as above

    external_id: Annotated[str | None, CaseExact.true] = None


def base_url() -> str:
    """Where the directory reaches us, without a slash at its end."""
    return load_settings().public_url.rstrip("/") + "/scim/v2"


def make_meta(kind: str, key: object, created_at: Any = None, changed_at: Any = None) -> Meta:
    """`kind` is User, Group, Schema, …; `key` the last part of its address."""
    return Meta(
        resource_type=kind,
        location=f"{base_url()}/{kind}s/{key}",
        created=created_at,
        last_modified=changed_at,
    )

"""Whom a campaign is meant for, in the forms that the API takes: exactly one of them."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from ninja import Field
from pydantic import Discriminator, Tag

from textwell.api.schemas.base import Input

MARK: Final = "audience:"  # begins the name of a form, which stands among the places of errors

Operator = Literal[
    "is", "is_not", "contains", "starts_with", "is_empty", "is_known", "gt", "gte", "lt", "lte",
    "between", "has", "has_not", "in", "not_in",
]  # fmt: skip


class Nobody(Input):
    """Not chosen yet: a draft may lack its audience."""


class Everybody(Input):
    all: Literal[True] = Field(examples=[True])


class OfList(Input):
    list_id: int = Field(ge=1, examples=[3])


class OfTag(Input):
    tag: str = Field(min_length=1, examples=["vip"])


class FilterIn(Input):
    """One field compared with a value."""

    field: str = Field(
        min_length=1,
        description="msisdn, first_name, last_name, email, external_id, language, country,"
        " operator, zone, created_at, tags, list, consent_ends_in (days until the first of a"
        " person's consents to marketing by SMS ends), or a field of your own.",
        examples=["city"],
    )
    op: Operator = Field(
        description="Texts: is, is_not, contains, starts_with; numbers and dates: is, is_not, gt,"
        " gte, lt, lte, between; yes or no: is, is_not; tags: has, has_not; list: in, not_in;"
        " consent_ends_in: lte. All but tags, list and consent_ends_in: is_empty, is_known.",
        examples=["is"],
    )
    value: str | int | float | bool | list[str | int | float] | None = Field(
        None,
        description="A list of two for between; left out for is_empty and is_known.",
        examples=["Hanoi"],
    )


class Filtered(Input):
    filters: list[FilterIn] = Field(min_length=1)
    match: Literal["all", "any"] = Field("all", description="Whether all must hold, or any.")


_FORMS: Final = {"all": Everybody, "list_id": OfList, "tag": OfTag, "filters": Filtered}


def _form_of(value: Any) -> str:  # Any: what was sent, or one of the forms
    """The form that is meant, by the first name of one that is given; Nobody refuses the rest."""
    if not isinstance(value, Mapping):
        return MARK + next((n for n, form in _FORMS.items() if isinstance(value, form)), "none")
    named = [name for name in _FORMS if name in value]
    return MARK + next((name for name in named if value[name]), next(iter(named), "none"))


AudienceIn = Annotated[
    Annotated[Everybody, Tag(f"{MARK}all")]
    | Annotated[OfList, Tag(f"{MARK}list_id")]
    | Annotated[OfTag, Tag(f"{MARK}tag")]
    | Annotated[Filtered, Tag(f"{MARK}filters")]
    | Annotated[Nobody, Tag(f"{MARK}none")],
    Discriminator(_form_of),
]

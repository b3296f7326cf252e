"""Bodies of templates."""

from datetime import datetime
from typing import Any

from ninja import Field, Schema

from textwell.api.schemas.base import Input
from textwell.api.schemas.campaigns import Purpose, VersionIn


class TemplateFields(Input):
    """Only what is given is set."""

    name: str | None = Field(None, min_length=1, max_length=120, examples=["Spring offer"])
    purpose: Purpose | None = Field(None, examples=["marketing"])
    topic: str | None = Field(
        None,
        max_length=40,
        description="What it is about, by the key of a topic: people need to have agreed to just that."
        " Empty: to none in particular.",
        examples=["offers"],
    )
    brand: str | None = Field(
        None,
        max_length=40,
        description="Under which brand, by its key, where consent is kept by brand.",
        examples=["lotus"],
    )
    body: str | None = Field(
        None, min_length=1, max_length=4000, examples=["Hi {{ first_name }}, fresh bread today."]
    )
    fallbacks: dict[str, str] | None = Field(None, examples=[{"first_name": "friend"}])
    versions: list[VersionIn] | None = Field(None, max_length=20)

    def values(self) -> dict[str, Any]:  # Any: values of many fields
        """What was given, as the actions take it."""
        return {k: v for k, v in self.model_dump(exclude_unset=True).items() if v is not None}


class NewTemplate(TemplateFields):
    name: str = Field(min_length=1, max_length=120, examples=["Spring offer"])
    body: str = Field(
        min_length=1, max_length=4000, examples=["Hi {{ first_name }}, fresh bread today."]
    )


class TemplateOut(Schema):
    id: int
    name: str
    purpose: str
    topic: str
    brand: str
    body: str
    fallbacks: dict[str, str]
    versions: list[dict[str, Any]] = Field(  # Any: language, body, fallbacks
        description="The text in other languages: language, body, fallbacks."
    )
    created_at: datetime
    updated_at: datetime

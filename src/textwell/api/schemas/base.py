"""What all schemas share. They are kept apart from the models: the API changes only on purpose."""

from datetime import UTC, datetime
from typing import Annotated, Any, Final, Generic, TypeVar

from django.http import HttpRequest
from ninja import Field, Schema
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, ConfigDict, ValidationInfo
from pydantic_core import PydanticCustomError

from textwell.accounts.types import KeyHolder, Scope
from textwell.core.clock import is_meant
from textwell.core.masks import mask_msisdn

T = TypeVar("T")
NUMBERS_SHOWN: Final = "textwell.numbers_shown"  # in `request.META`: the answer has a full number


def _to_utc(value: datetime) -> datetime:
    if not is_meant(value):
        raise PydanticCustomError("moment_out_of_range", "out of range")
    # An offset may be up to a day; PostgreSQL reads none beyond sixteen hours.
    return value.astimezone(UTC)


Moment = Annotated[AwareDatetime, AfterValidator(_to_utc), Field(examples=["2026-11-24T09:00:00Z"])]


def _may_show(info: ValidationInfo) -> bool:
    """Whether who asks sees full numbers: by contacts:numbers. It is noted that the answer has one."""
    request = (info.context or {}).get("request")
    holder = getattr(request, "auth", None)
    if not isinstance(holder, KeyHolder) or not holder.allows(Scope.CONTACTS_NUMBERS):
        return False  # also where nobody says who asks
    assert isinstance(request, HttpRequest)
    request.META[NUMBERS_SHOWN] = True
    return True


def _mask_unless_allowed(value: object, info: ValidationInfo) -> object:
    return value if not value or _may_show(info) else mask_msisdn(str(value))


def _mask_data_unless_allowed(value: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
    """Of an event that is told: the person's number, where it has one."""
    name = "from" if "reply_id" in value else "to"
    if not value.get(name) or _may_show(info):
        return value
    return {**value, name: mask_msisdn(str(value[name]))}


ShownNumber = Annotated[
    str,
    BeforeValidator(_mask_unless_allowed),
    Field(description="Masked unless the key has contacts:numbers.", examples=["+8490•••567"]),
]
ShownData = Annotated[dict[str, Any], BeforeValidator(_mask_data_unless_allowed)]  # Any: JSON


class Input(Schema):
    """A request body: names that are not known are refused, so that a typing error shows."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=False)


class Page(Schema, Generic[T]):
    items: list[T]
    next: str | None = Field(None, description="Give it as `after` to get the next page.")


class Count(Schema):
    count: int = Field(description="How many were changed.", examples=[3])


class FieldProblem(Schema):
    field: str = Field(examples=["to"])
    problem: str = Field(examples=["0901 is not a valid telephone number."])
    mend: str = Field(examples=["Write it with + and the country code, or give the country."])


class Problem(Schema):
    """RFC 9457. `type` is stable and for programs; `title` and `detail` are for people."""

    type: str = Field(examples=["urn:textwell:problem:invalid"])
    title: str
    status: int = Field(examples=[422])
    detail: str = ""
    errors: list[FieldProblem] | None = None
    reason: str | None = Field(None, description="The gate's reason code, where it refused.")


class JobOut(Schema):
    """Work that goes on after the answer; ask again until `state` is done, failed or stopped."""

    id: int
    kind: str
    state: str = Field(description="waiting, running, stopping, stopped, done or failed.")
    done_count: int
    total_count: int
    error: str = ""
    finished_at: datetime | None = None

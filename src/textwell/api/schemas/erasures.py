"""Bodies of erasures: who is to be forgotten, and how far it is."""

from datetime import datetime

from ninja import Field, Schema

from textwell.api.schemas.base import Input
from textwell.privacy.erasing import LONGEST_REASON, MOST_PEOPLE


class ErasureIn(Input):
    reason: str = Field(
        min_length=1,
        max_length=LONGEST_REASON,
        examples=["asked by letter of 12 May"],
        description="Why, without a name or number: the audit log keeps it.",
    )


class ErasuresIn(ErasureIn):
    contact_ids: list[int] = Field(
        min_length=1, max_length=MOST_PEOPLE, description="The people, 10,000 at most."
    )


class ErasureOut(Schema):
    id: int
    requested_at: datetime = Field(description="When it was asked for.")
    due_at: datetime = Field(description="It is to be done by then.")
    finished_at: datetime | None = Field(description="When all of them were gone; null: not yet.")
    people_count: int
    done_count: int = Field(description="People of it who are gone.")
    swept_at: datetime | None = Field(
        description="When what was written down of them meanwhile was erased as well; null: not yet."
    )
    swept: dict[str, int] = Field(
        description="What that found, of all who were swept together: rows by table, and files as"
        " `contacts_importrun`."
    )
    reason: str
    actor: str

"""Bodies of the shared inbox: threads, what is done in them, canned answers."""

import re
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from ninja import Field, Query, Schema

from textwell.api.paging import Paging
from textwell.api.schemas.base import Input, ShownNumber
from textwell.core.errors import FieldError
from textwell.inbox.canned import MOST_TEXT
from textwell.inbox.threads import MOST_NOTE
from textwell.inbox.types import ThreadFilter

_AFTER = re.compile(r"([0-9]{1,18}|[1-4][0-9]{18})\.([0-9]{1,18})")  # two bigints
MOST_ANSWER = 4000  # characters; what goes out has ten segments at most


class Threads(Paging):
    """Which threads, and where a page of them begins: after one, wherever that stands now."""

    is_open: bool = Field(True, description="False: closed ones.")
    assignee_id: int | None = Field(None, description="Of this member.")
    contact_id: int | None = Field(None, description="Of this person: one thread or none.")
    is_unassigned: bool = Field(False, description="True: those that nobody has.")
    is_waiting: bool = Field(False, description="True: people who wait for an answer.")
    is_overdue: bool = Field(False, description="True: people who wait beyond the answer time.")
    search: str = Field(
        "",
        description="The beginning of a number or of a name, or of words in texts and notes.",
    )

    def after_place(self) -> tuple[int, int] | None:
        """Place and id of the thread that the page begins after.

        Raises:
            FieldError: it is no cursor of ours.
        """
        if self.after is None:
            return None
        found = _AFTER.fullmatch(self.after)
        if found is None:
            mend = _("Give what `next` of the page before held, unchanged.")
            raise FieldError("after", _("is no cursor"), mend)
        return int(found[1]), int(found[2])

    def wanted(self) -> ThreadFilter:
        """What is asked for, as the list takes it."""
        return ThreadFilter(**self.model_dump(exclude={"after", "limit"}))


ThreadQuery = Query[Threads]


class ThreadOut(Schema):
    id: int
    contact_id: int
    to: ShownNumber
    first_name: str
    last_name: str
    is_open: bool = Field(description="False: a colleague closed it. A new text opens it again.")
    is_unread: bool = Field(description="A text came that nobody has looked at.")
    assignee_id: int | None = Field(description="Who has it; null: nobody.")
    waiting_since: datetime | None = Field(
        description="The first text without an answer; null: nobody waits."
    )
    due_at: datetime | None = Field(
        description="Until when it is to be answered; null: nobody waits, or no answer time."
    )
    is_overdue: bool = Field(description="The person waits longer than the answer time.")
    last_at: datetime = Field(description="When the last text or answer was.")
    last_text: str = Field(description="Its beginning, 160 characters at most.")
    is_last_ours: bool = Field(description="True: it was an answer.")
    last_state: str = Field(
        description="The state of that answer, where it did not reach the person; else empty."
    )
    last_entry: int = Field(
        description="Rises with each text, answer, note and change of hands: the `seen` of what is done."
    )


class ThreadEntryOut(Schema):
    at: datetime
    kind: str = Field(description="reply, message, note, assigned, closed or reopened.")
    text: str = Field(description="Of a text or note; empty: of what has none.")
    actor: str = Field(description="Who wrote or did it; empty: the person, or a campaign.")
    reply_id: int | None = Field(None, description="Of a reply.")
    intent: str = Field("", description="Of a reply: how it was understood.")
    message_id: int | None = Field(None, description="Of a message.")
    campaign_id: int | None = Field(None, description="Of a message; null: of none.")
    state: str = Field("", description="Of a message: what became of it.")
    assignee_id: int | None = Field(None, description="Of `assigned`; null: to nobody.")


class ThreadDetail(ThreadOut):
    entries: list[ThreadEntryOut] = Field(description="What happened, the oldest first.")
    older_at: datetime | None = Field(
        description="Give it as `before` to get what was earlier; null: nothing was."
    )
    refusal: str = Field(description="Why the person cannot be answered now; empty: they can.")


class SeenIn(Input):
    seen: int = Field(
        ge=0,
        le=2**62,
        description="`last_entry` of the thread as it was read.",
        examples=[3],
    )


class AnswerIn(SeenIn):
    text: str = Field(
        min_length=1,
        max_length=MOST_ANSWER,
        description="What the person shall read, as it is.",
        examples=["We open at seven."],
    )


class AnswerOut(Schema):
    message_id: int
    entry: int = Field(description="`last_entry` of the thread after it.")
    sender: str
    gateway_id: int
    encoding: str
    segment_count: int
    is_repeat: bool = Field(description="It was taken before: nothing was sent now.")


class NoteIn(Input):
    text: str = Field(
        min_length=1,
        max_length=MOST_NOTE,
        description="What colleagues shall know. It is never sent.",
        examples=["A regular: she likes the rye."],
    )


class NoteOut(Schema):
    entry: int = Field(description="`last_entry` of the thread after it.")
    text: str
    at: datetime


class TakeUpIn(Input):
    reply_id: int = Field(
        description="A text that came, as `reply.received` tells it.", examples=[70]
    )


class AssigneeIn(Input):
    assignee_id: int | None = Field(
        description="A member who may answer; null: nobody.", examples=[7]
    )


class CannedFields(Input):
    """Only what is given is set."""

    name: str | None = Field(None, min_length=1, max_length=120, examples=["Opening hours"])
    body: str | None = Field(
        None,
        min_length=1,
        max_length=MOST_TEXT,
        examples=["Hi {{ first_name }}, we are open from 7 to 18."],
    )
    fallbacks: dict[str, str] | None = Field(None, examples=[{"first_name": "there"}])

    def values(self) -> dict[str, Any]:  # Any: values of many fields
        """What was given, as the actions take it."""
        return {k: v for k, v in self.model_dump(exclude_unset=True).items() if v is not None}


class NewCanned(CannedFields):
    name: str = Field(min_length=1, max_length=120, examples=["Opening hours"])
    body: str = Field(
        min_length=1,
        max_length=MOST_TEXT,
        examples=["Hi {{ first_name }}, we are open from 7 to 18."],
    )


class CannedOut(Schema):
    id: int
    name: str
    body: str
    fallbacks: dict[str, str]
    created_at: datetime
    updated_at: datetime


class CannedText(Schema):
    text: str = Field(description="The answer as the person of the thread would read it.")

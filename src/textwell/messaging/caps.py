"""Frequency caps: how many marketing texts a person may get, by campaign and by workspace."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from django.db import connection

from textwell.accounts.models import Workspace
from textwell.contacts.models import Contact
from textwell.core.clock import now
from textwell.messaging import sql
from textwell.messaging.law import NO_LAW, Law, is_capped, judge_law, place_of, subject_places
from textwell.messaging.models import Promise
from textwell.messaging.promise_form import read_promise
from textwell.messaging.promised import (
    PROMISED_HOURS,
    Named,
    Step,
    find_promised,
    make_steps,
    read_named,
    write_steps,
)
from textwell.messaging.purposes import is_marketing


@dataclass(frozen=True, slots=True)
class Caps:
    """The caps that hold for a message; a count of 0 is no cap.

    Both are judged, so the stricter wins whatever their periods: a campaign can ask for less than
    its workspace allows, never for more.
    """

    count: int = 0  # the campaign's own: so many texts a person …
    hours: int = 24  # … in so many hours before the hand-off
    workspace_count: int = 0  # the workspace's: holds for marketing only
    workspace_hours: int = 168
    # Where law has a cap, of `law.capped_places`; none, where none of those who are to get it live there.
    legal: tuple[str, ...] = ()
    promise: tuple[Step, ...] = ()  # what was promised in public, for marketing
    named: Named | None = None  # by which senders and about which topics

    @property
    def is_any(self) -> bool:
        return self.count > 0 or self.workspace_count > 0 or bool(self.legal or self.promise)

    def params(self) -> dict[str, Any]:
        """As the statements of messaging.sql bind them."""
        return {
            "cap_count": self.count,
            "cap_hours": self.hours,
            "workspace_cap_count": self.workspace_count,
            "workspace_cap_hours": self.workspace_hours,
            "capped": list(self.legal),
            "by_subject": list(subject_places(now().date())) if self.legal else [],
            **promise_params(self.promise),
        }

    def judge_workspace(self, recent: Sequence[int], since: datetime | None) -> tuple[int, int]:
        """Which of the workspace's two caps binds: what the person had of it, and its count (0: none).

        `recent`: as `count_recent` answers; `since`: when they agreed. The promise, where it is reached.
        """
        promised = find_promised(self.promise, since) if self.promise else 0
        if promised and recent[2] >= promised:
            return recent[2], promised
        return recent[1], self.workspace_count


NO_CAPS = Caps()


def promise_params(steps: tuple[Step, ...]) -> dict[str, Any]:
    """As the statements of messaging.sql bind them."""
    return {
        "promise": write_steps(steps) if steps else "[]",
        "promise_hours": PROMISED_HOURS if steps else 0,
    }


def load_caps(workspace_id: int, *, purpose: str, count: int = 0, hours: int = 24) -> Caps:
    """The caps for texts of this purpose; `count` and `hours` are the campaign's own."""
    if not is_marketing(purpose):
        return Caps(count, hours)
    found = Workspace.objects.values_list("cap_count", "cap_hours").get(id=workspace_id)
    steps = load_steps(workspace_id)
    named = load_named(workspace_id) if steps else None
    return Caps(count, hours, *found, promise=steps, named=named)


def load_steps(workspace_id: int) -> tuple[Step, ...]:
    """What the workspace promised in public, and to whom."""
    told = Promise.objects.filter(workspace_id=workspace_id).order_by("version")
    return make_steps(told.values_list("published_at", "most"))


def load_named(workspace_id: int) -> Named | None:
    """By whom and about what its marketing comes by its present promise; None: it promises nothing."""
    versions = Promise.objects.filter(workspace_id=workspace_id).order_by("-version")
    document = versions.values_list("document", flat=True).first()
    return read_named(msgspec.to_builtins(read_promise(document).promise)) if document else None


def count_recent(
    contact_id: int, *, caps: Caps, at: datetime, but_id: int = 0
) -> tuple[int, int, int]:
    """What a person had, or is to have, before `at`, in the periods of campaign, workspace and promise.

    `but_id`: a message that does not count.
    Where no cap holds nothing is read.
    """
    if not caps.is_any:
        return 0, 0, 0
    with connection.cursor() as cursor:
        params: dict[str, Any] = {
            **caps.params(),
            "contact_id": contact_id,
            "cap_at": at,
            "but_id": but_id,
        }
        cursor.execute(sql.COUNT_RECENT, params)
        own, workspace, promised = cursor.fetchone()
    return int(own), int(workspace), int(promised)


def list_recent(
    contact_id: int, *, at: datetime, but_id: int = 0, topic: str = "", is_by_subject: bool = False
) -> list[datetime]:
    """When a person had marketing texts, or is to have them, before `at`: as far back as caps of law look.

    `is_by_subject`: but for those that are about another topic.
    """
    with connection.cursor() as cursor:
        params: dict[str, Any] = {
            "contact_id": contact_id,
            "at": at,
            "but_id": but_id,
            "topic": topic,
            "is_by_subject": is_by_subject,
        }
        cursor.execute(sql.LIST_RECENT, params)
        return list(cursor.fetchone()[0] or ())


def judge_person(
    contact: Contact, at: datetime, layer: str, *, topic: str = "", but_id: int = 0
) -> Law:
    """What law says of marketing to a person at that moment: of hours, and of caps by what they had.

    `but_id`: a message that does not count.
    """
    place = place_of(contact.country, contact.msisdn, contact.zone)
    law = judge_law(place, at, layer)
    if layer == NO_LAW or not is_capped(place, at.date()):
        return law
    by_subject = not {place.country, place.number_start}.isdisjoint(subject_places(at.date()))
    handed = list_recent(
        contact.id, at=law.lawful_at or at, but_id=but_id, topic=topic, is_by_subject=by_subject
    )
    return judge_law(place, at, layer, handed)

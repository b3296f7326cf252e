"""A refusal of one topic or brand alone: which one, where the person said so; else it is of everything."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from textwell.accounts.models import Workspace
from textwell.accounts.workspaces import spoken_name
from textwell.consent.selectors import holds_within
from textwell.consent.topics import list_brands, list_topics
from textwell.consent.types import ConsentScope, every_of
from textwell.contacts.models import Contact
from textwell.core.db import cursor
from textwell.inbox import sql
from textwell.inbox.normal import normalise
from textwell.inbox.scopes import may_be_narrow, names, points_at


@dataclass(frozen=True, slots=True)
class Narrow:
    """What ends of the texts to a person, and what people know it by."""

    scope: ConsentScope
    name: str


def find_narrow(contact: Contact, text: str, *, said_at: datetime) -> tuple[Narrow, ...]:
    """Of a text that refuses: the topics and brands that it is about; none: it is about everything.

    Everything, too, where the person never agreed to what they name, or refused it before: that end
    would change nothing, and what they still get is what they mean.
    """
    plain = normalise(text)
    if not may_be_narrow(plain):
        return ()
    found = _named(contact, plain) or _pointed_at(contact, plain, said_at)
    held = (holds_within(contact.workspace_id, contact.id, each.scope) for each in found)
    return tuple(found) if all(held) else ()


def _named(contact: Contact, plain: str) -> list[Narrow]:
    """By name. That of the workspace itself is how people call all of it."""
    topics, brands = list_topics(contact.workspace_id), list_brands(contact.workspace_id)
    if not (topics or brands):
        return []
    workspace = Workspace.objects.get(id=contact.workspace_id)
    own = normalise(spoken_name(workspace.brand, workspace.name))
    found = [
        Narrow(every_of(topic=each.key), each.name)
        for each in topics
        if _is_called(plain, (each.name, each.key), own)
    ]
    return found + [
        Narrow(every_of(brand=each.key), each.name)
        for each in brands
        if _is_called(plain, (each.name, each.key), own)
    ]


def _is_called(plain: str, called: Iterable[str], own: str) -> bool:
    spoken = {normalise(each) for each in called} - {own}
    return any(names(plain, each) for each in spoken)


def _pointed_at(contact: Contact, plain: str, said_at: datetime) -> list[Narrow]:
    """By the text that they answer; where it was of no topic or brand, it names none."""
    kind = points_at(plain)
    if kind is None:
        return []
    with cursor() as raw:
        params: dict[str, Any] = {
            "workspace_id": contact.workspace_id,
            "contact_id": contact.id,
            "said_at": said_at,
        }
        raw.execute(sql.ANSWERED_SCOPE, params)
        rows = raw.fetchall()
    if not rows or not rows[0][0]:
        return []  # nobody knows yet whether the latest text arrived: it may be the one that is meant
    _is_handed, topic, brand = rows[0]
    if kind == "topic":
        known = [each for each in list_topics(contact.workspace_id) if each.key == topic]
        return [Narrow(every_of(topic=each.key), each.name) for each in known]
    brands = [each for each in list_brands(contact.workspace_id) if each.key == brand]
    return [Narrow(every_of(brand=each.key), each.name) for each in brands]

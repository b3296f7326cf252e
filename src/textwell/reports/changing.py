"""Texts that wait, judged by the packs as they are and as they would be: what goes otherwise, chunk by chunk.

Campaigns' texts are judged in groups, single ones (of the API, of a programme) each by itself. A chunk is
read, judged and given away before the next: a million texts take no more memory than twenty thousand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from textwell.campaigns.models import OPEN_STATES, Campaign
from textwell.compliance.choices import read_choices
from textwell.compliance.engine import decide
from textwell.compliance.library import Library
from textwell.compliance.types import Case, Decision, Layer, RegisterEntry, Verdict
from textwell.consent.registers import list_registers
from textwell.core.db import cursor
from textwell.messaging.law_choices import whole_choices
from textwell.messaging.models import Batch, Message
from textwell.messaging.purposes import NEEDS_NO_CONSENT, is_marketing
from textwell.reports.rejudging.groups import (
    WAITING_STATES,
    Group,
    Terms,
    list_groups,
    list_single_groups,
)
from textwell.reports.rejudging.judging import CHUNK, ChosenBy, case_of, class_of, class_of_purpose
from textwell.reports.rejudging.sql import WAITING_SINGLES
from textwell.reports.rejudging.words import SingleWords, Told, WordsThen

SINGLES: Final = 2_000  # at once


@dataclass(frozen=True, slots=True)
class Moved:
    """One text that goes otherwise; `until` None: it is stopped."""

    message_id: int
    campaign_id: int | None  # None: a single text
    due_at: datetime  # to the minute
    until: datetime | None
    reason: str  # why; "allowed" for one that goes at its time, and did not before


def find_changes(
    terms: Terms, old: Library, new: Library, workspace_id: int | None = None
) -> Iterator[list[Moved]]:
    """All that wait in a workspace, or in all: campaigns in the order of their texts, then single ones."""
    for campaign in list_open_campaigns(workspace_id):
        if is_marketing(campaign.purpose):
            yield from _of_campaign(campaign, terms, old, new)
    yield from _of_singles(terms, old, new, workspace_id)


def list_open_campaigns(workspace_id: int | None = None) -> list[Campaign]:
    """Campaigns with texts that may wait; of every workspace without one."""
    found = Campaign.objects.filter(state__in=OPEN_STATES, first_message_id__isnull=False)
    if workspace_id is not None:
        found = found.filter(workspace_id=workspace_id)
    return list(found.order_by("first_message_id"))


class _Registers:
    """What a workspace's lists say of a group."""

    def __init__(self, workspace_id: int) -> None:
        self._checked = {one.key: one.checked_at for one in list_registers(workspace_id)}

    def put(self, case: Case, group: Group) -> Case:
        entries = {
            each[:-1]: RegisterEntry(each.endswith("+"), self._checked.get(each[:-1]))
            for each in group.registers
        }
        return replace(case, registers=entries) if entries else case


class _Side:
    """The packs of before, or those with the new one; asks each question once."""

    def __init__(self, campaign: Campaign, library: Library, registers: _Registers) -> None:
        self._class = class_of(campaign)
        self._library = library
        self._registers = registers
        self._chosen = ChosenBy(campaign, "now")
        self._words = WordsThen(campaign, library)
        self._known: dict[tuple[tuple[object, ...], Told], Decision] = {}

    def decide(self, group: Group) -> Decision:
        word = self._chosen.at(group.minute)
        told = self._words.of(group, word)
        key = group.key, told
        if key not in self._known:
            case = case_of(group, told, read_choices(word), self._class)
            self._known[key] = decide(self._registers.put(case, group), self._library)
        return self._known[key]


def _of_campaign(
    campaign: Campaign, terms: Terms, old: Library, new: Library
) -> Iterator[list[Moved]]:
    first, last = campaign.first_message_id, campaign.last_message_id
    if first is None or last is None:
        return
    registers = _Registers(campaign.workspace_id)
    before, after = _Side(campaign, old, registers), _Side(campaign, new, registers)
    for start in range(first, last + 1, CHUNK):
        end = min(start + CHUNK - 1, last)
        found = [
            moved
            for group in list_groups(campaign, terms, start, end)
            for moved in _moved(group, campaign.id, before.decide(group), after.decide(group))
        ]
        yield sorted(found, key=lambda one: one.message_id)


def _moved(
    group: Group, campaign_id: int | None, before: Decision, after: Decision
) -> Iterable[Moved]:
    if (before.verdict, before.until) == (after.verdict, after.until):
        return
    until = group.minute if after.verdict is Verdict.ALLOW else after.until
    for message_id in group.ids:
        yield Moved(message_id, campaign_id, group.minute, until, after.reason.value)


def _of_singles(
    terms: Terms, old: Library, new: Library, workspace_id: int | None
) -> Iterator[list[Moved]]:
    params: dict[str, Any] = {
        "after_id": 0,
        "waiting": WAITING_STATES,
        "countries": list(terms.countries),
        "workspace_id": workspace_id,
        "exempt": sorted(NEEDS_NO_CONSENT),
        "limit": SINGLES,
    }
    judge = _Singles(old, new)
    while True:
        with cursor() as opened:
            opened.execute(WAITING_SINGLES, params)
            ids = [row[0] for row in opened.fetchall()]
        if not ids:
            return
        yield judge.changes(ids, terms)
        params["after_id"] = ids[-1]


class _Singles:
    """Single texts: each has words of its own, which are final."""

    def __init__(self, old: Library, new: Library) -> None:
        self._old, self._new = old, new
        self._homes: dict[int, tuple[str, _Registers]] = {}
        self._words = SingleWords()

    def changes(self, ids: Sequence[int], terms: Terms) -> list[Moved]:
        messages = Message.objects.in_bulk(ids)
        rows = Batch.objects.filter(campaign_id=None, first_message_id__in=ids).order_by("-id")
        batches = {row.first_message_id: row for row in rows}
        found = [
            moved
            for group in list_single_groups(ids, terms)
            for moved in self._moved(group, messages[group.message_id], batches[group.message_id])
        ]
        return sorted(found, key=lambda one: one.message_id)

    def _moved(self, group: Group, message: Message, batch: Batch) -> Iterable[Moved]:
        before, after = (
            self._decide(group, message, batch, each) for each in (self._old, self._new)
        )
        lacks = [one for one in after.findings if one.effect == "add" and one.reason is not None]
        if after.verdict is not Verdict.SKIP and lacks and not before.adds:
            yield Moved(message.id, None, group.minute, None, str(lacks[0].reason))
            return  # nothing is added to a text that is final
        yield from _moved(group, None, before, after)

    def _decide(self, group: Group, message: Message, batch: Batch, library: Library) -> Decision:
        choices, registers = self._home(message.workspace_id)
        word = f"{Layer.LEGAL}{choices}"  # what was recommended was asked when it was taken
        told = self._words.of(group, message, batch, library, word)
        purpose = str(batch.extra.get("purpose", "marketing"))
        case = case_of(group, told, read_choices(word), class_of_purpose(purpose))
        return decide(registers.put(case, group), library)

    def _home(self, workspace_id: int) -> tuple[str, _Registers]:
        if workspace_id not in self._homes:
            self._homes[workspace_id] = whole_choices(workspace_id), _Registers(workspace_id)
        return self._homes[workspace_id]

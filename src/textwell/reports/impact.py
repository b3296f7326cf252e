"""What another rule pack would do to texts that wait: which of them it moves, and which it stops.

Every rule is asked as far as facts are kept: hours, holidays, whether there is a pack, caps from all texts
of a person before it, kind and age of the consent, words of one text of each place and language, senders as
they are registered now. Texts are judged in groups, as `rejudging` does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final

import orjson
from django.utils.translation import gettext as _

from textwell.campaigns.models import OPEN_STATES, Campaign
from textwell.compliance.choices import read_choices
from textwell.compliance.engine import decide
from textwell.compliance.library import Amended, Library, shipped_library
from textwell.compliance.reading import read_pack_text
from textwell.compliance.schema import Pack
from textwell.compliance.types import Decision, Verdict
from textwell.core.errors import Conflict
from textwell.messaging.purposes import is_marketing
from textwell.reports.rejudging.groups import Group, Terms, list_groups, terms_of_change
from textwell.reports.rejudging.judging import CHUNK, ChosenBy, case_of, class_of
from textwell.reports.rejudging.words import Told, WordsThen

LISTED: Final = 1_000  # texts in one answer


@dataclass(frozen=True, slots=True)
class Change:
    """Texts that are judged alike and that another pack moves or stops; `until` None: it stops them."""

    campaign_id: int
    minute: datetime
    reason: str
    until: datetime | None
    ids: tuple[int, ...]

    @property
    def count(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True)
class Moved:
    """One text of a change."""

    message_id: int
    campaign_id: int
    due_at: datetime  # to the minute
    until: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class Impact:
    pack: Pack
    changes: tuple[Change, ...]

    @property
    def moved_count(self) -> int:
        return sum(each.count for each in self.changes if each.until is not None)

    @property
    def stopped_count(self) -> int:
        return sum(each.count for each in self.changes if each.until is None)

    def texts(self) -> list[Moved]:
        """Each of them, by rising id."""
        found = [
            Moved(message_id, each.campaign_id, each.minute, each.until, each.reason)
            for each in self.changes
            for message_id in each.ids
        ]
        return sorted(found, key=lambda one: one.message_id)

    def fingerprint(self, content: str) -> str:
        """Of the pack's text and of each text that it moves or stops, with when and why."""
        told = [[one.message_id, one.until, one.reason] for one in self.texts()]
        return sha256(content.encode() + b"\n" + orjson.dumps(told)).hexdigest()


def impact_of(content: str, *, workspace_id: int | None = None) -> Impact:
    """Of a pack by its text, on what waits in a workspace, or in all.

    Raises:
        PackError: it cannot be used.
    """
    pack = read_pack_text(content)
    return Impact(pack, tuple(find_changes(list_open_campaigns(workspace_id), pack)))


def confirm_impact(content: str, fingerprint: str) -> Impact:
    """The impact on everything that waits, if it is still what whoever activates the pack was shown.

    Raises:
        PackError: it cannot be used.
        Conflict: other texts are moved or stopped by now.
    """
    found = impact_of(content)
    if found.fingerprint(content) != fingerprint:
        raise Conflict(_("Other texts are moved or stopped by now. Look at the impact again."))
    return found


def find_changes(campaigns: Iterable[Campaign], pack: Pack) -> Iterator[Change]:
    """Texts of these that wait and would go otherwise under this pack than without it."""
    old = shipped_library()
    new = Amended(old, pack)
    terms = terms_of_change(pack, old, new)
    for campaign in campaigns:
        if is_marketing(campaign.purpose):
            yield from _Comparison(campaign, terms, old, new).changes()


def list_open_campaigns(workspace_id: int | None = None) -> list[Campaign]:
    """Campaigns with texts that may wait; of every workspace without one."""
    found = Campaign.objects.filter(state__in=OPEN_STATES, first_message_id__isnull=False)
    if workspace_id is not None:
        found = found.filter(workspace_id=workspace_id)
    return list(found.order_by("id"))


class _Side:
    """The packs of before, or those with the new one; asks each question once."""

    def __init__(self, campaign: Campaign, library: Library) -> None:
        self._class = class_of(campaign)
        self._library = library
        self._chosen = ChosenBy(campaign, "now")
        self._words = WordsThen(campaign, library)
        self._known: dict[tuple[tuple[object, ...], Told], Decision] = {}

    def decide(self, group: Group) -> Decision:
        word = self._chosen.at(group.minute)
        told = self._words.of(group, word)
        key = group.key, told
        if key not in self._known:
            case = case_of(group, told, read_choices(word), self._class)
            self._known[key] = decide(case, self._library)
        return self._known[key]


class _Comparison:
    """Of the texts of one campaign."""

    def __init__(self, campaign: Campaign, terms: Terms, old: Library, new: Library) -> None:
        self._campaign = campaign
        self._terms = terms
        self._old = _Side(campaign, old)
        self._new = _Side(campaign, new)

    def changes(self) -> Iterator[Change]:
        first, last = self._campaign.first_message_id, self._campaign.last_message_id
        if first is None or last is None:
            return
        for start in range(first, last + 1, CHUNK):
            end = min(start + CHUNK - 1, last)
            for group in list_groups(self._campaign, self._terms, start, end):
                after = self._new.decide(group)
                if after.verdict is not Verdict.ALLOW and self._is_other(group, after):
                    yield Change(
                        self._campaign.id, group.minute, after.reason.value, after.until, group.ids
                    )

    def _is_other(self, group: Group, after: Decision) -> bool:
        before = self._old.decide(group)
        return (before.verdict, before.until) != (after.verdict, after.until)

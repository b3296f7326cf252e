"""What another rule pack, or taking one back, would do to texts that wait: which it moves, which it stops.

Every rule is asked as far as facts are kept: hours, holidays, whether there is a pack, caps from all texts
of a person before it, kind and age of the consent, do-not-contact registers as they are on file, words of one
text of each place and language, senders as they are registered now. Nothing is kept of a text but what is
told of it: see `changing`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC
from hashlib import sha256
from typing import Any, Final

from django.utils.translation import gettext as _

from textwell.compliance.library import Amended, Library, Without, shipped_library
from textwell.compliance.reading import read_pack_text
from textwell.compliance.schema import Pack
from textwell.core.clock import now
from textwell.core.errors import Conflict
from textwell.messaging.own_packs import access_activated
from textwell.reports.changing import Moved, find_changes, list_open_campaigns
from textwell.reports.rejudging.groups import terms_of_change

__all__ = [
    "LISTED",
    "Impact",
    "Moved",
    "Proposal",
    "activation",
    "confirm_impact",
    "list_open_campaigns",
    "look_at",
    "withdrawal",
]

LISTED: Final = 1_000  # texts in one answer


@dataclass(frozen=True, slots=True)
class Proposal:
    """A pack that would hold, or would not any more; `told`: what a fingerprint is of beside the texts."""

    pack: Pack
    old: Library
    new: Library
    told: str


def activation(content: str) -> Proposal:
    """Of a pack by its text. Raises PackError: it cannot be used."""
    pack, old = read_pack_text(content), shipped_library()
    return Proposal(pack, old, Amended(old, pack), content)


def withdrawal(version: str) -> Proposal:
    """Of a pack that was put in force here.

    Raises:
        NotFound: there is none of that version.
        Conflict: it was taken back already.
    """
    known, old = access_activated(version), shipped_library()
    if known.withdrawn_at is not None:
        raise Conflict(_("%(version)s was taken back already.") % {"version": version})
    pack = read_pack_text(known.content)
    today = now().astimezone(UTC).date()
    return Proposal(pack, old, Without(old, pack, today), f"without {version}")


@dataclass(slots=True)
class Impact:
    """What a look found so far; `texts` are the first LISTED + 1 of those after the id asked for."""

    pack: Pack
    after: int = 0
    moved_count: int = 0
    stopped_count: int = 0
    by_campaign: dict[int, tuple[int, int]] = field(default_factory=dict)  # 0: single texts
    texts: list[Moved] = field(default_factory=list)
    _digest: Any = None  # Any: hashlib's

    @property
    def fingerprint(self) -> str:
        """Of the pack and of each text that it moves or stops, with when and why."""
        return str(self._digest.hexdigest())

    def add(self, found: list[Moved]) -> None:
        lines = (f"{one.message_id} {one.until} {one.reason}\n" for one in found)
        self._digest.update("".join(lines).encode())
        for one in found:
            moved, stopped = self.by_campaign.get(one.campaign_id or 0, (0, 0))
            is_stopped = one.until is None
            self.by_campaign[one.campaign_id or 0] = (
                moved + (not is_stopped),
                stopped + is_stopped,
            )
            self.stopped_count += is_stopped
            self.moved_count += not is_stopped
        later = [one for one in found if one.message_id > self.after]
        if later:
            whole = sorted([*self.texts, *later], key=lambda one: one.message_id)
            self.texts = whole[: LISTED + 1]


def look_at(
    proposal: Proposal,
    *,
    workspace_id: int | None = None,
    after: int = 0,
    tell: Callable[[list[Moved]], None] | None = None,
) -> Impact:
    """The impact on what waits in a workspace, or in all; `tell` is given each chunk as it is found."""
    impact = Impact(proposal.pack, after, _digest=sha256(proposal.told.encode() + b"\n"))
    terms = terms_of_change(proposal.pack, proposal.old, proposal.new)
    for found in find_changes(terms, proposal.old, proposal.new, workspace_id):
        impact.add(found)
        if tell is not None:
            tell(found)
    return impact


def confirm_impact(proposal: Proposal, fingerprint: str) -> Impact:
    """The impact on everything that waits, if it is still what whoever acts on it was shown.

    Raises:
        Conflict: other texts are moved or stopped by now.
    """
    found = look_at(proposal)
    if found.fingerprint != fingerprint:
        raise Conflict(_("Other texts are moved or stopped by now. Look at the impact again."))
    return found

"""From inputs to audience, texts, links and times, as plan and hand-off make them. No store needed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

import msgspec

from textwell.campaigns.replay.form import (
    SECTIONS,
    VERSION,
    Campaign,
    Damaged,
    Digests,
    Foot,
    Made,
    Person,
    parts_of,
    read_file,
)
from textwell.campaigns.replay.holdout import is_held_out
from textwell.compliance.completing import lacks
from textwell.compliance.library import FOLDER, use_own_packs
from textwell.compliance.reading import PackError, read_pack_text
from textwell.compliance.service_wording import service_demands
from textwell.compliance.types import MessageClass
from textwell.compliance.wording import NOTHING, Demands, Group, Speaker, demands_of
from textwell.core.merkle import digest_text
from textwell.links.targets import judge_targets
from textwell.messaging.compose import OPT_OUT_LINK, Composer, Wording, read_versions
from textwell.messaging.errors import TemplateRefused
from textwell.messaging.gate import Decision, Facts, Verdict, decide
from textwell.messaging.law import NO_LAW, Place, basis_of, judge_law
from textwell.messaging.proof.judged import QUIET

_OF_TEXTS: Final = frozenset(("wording_missing", "text_failed"))
LAW_FACTS: Final = frozenset(("law_reason", "lawful_at"))


@dataclass(slots=True)
class Replay:
    """What came out. `differences`: of each section the first message that differs, and how."""

    campaign: Campaign
    foot: Foot
    digests: dict[str, str]
    differences: dict[str, str] = field(default_factory=dict)
    stored_differ: int = 0  # people of whom the ledger has something else than comes of the inputs
    packs_differ: list[str] = field(default_factory=list)

    @property
    def is_same(self) -> bool:
        return self.digests == self.foot.digests and not self.packs_differ


class Replayer:
    """Makes of each person's inputs what plan and hand-off make of them."""

    def __init__(self, campaign: Campaign) -> None:
        self.campaign = campaign
        self._composer = Composer(
            Wording(
                body=campaign.body,
                fallbacks=campaign.fallbacks,
                unaccent=campaign.unaccent,
                replace_characters=campaign.replace_characters,
                link_count=len(campaign.targets),
                versions=read_versions(campaign.versions),
            )
        )
        self._speaker = Speaker(*campaign.speaker)

    def leads_to(self) -> list[str]:
        """Where its links lead, with their UTM parameters."""
        ready, _errors = judge_targets(
            self.campaign.targets, utm=self.campaign.utm, values={"campaign": self.campaign.name}
        )
        return ready

    def make(self, person: Person) -> Made:
        place = Place(*person.place.split("|", 2))
        facts = facts_of(person, place)
        decision = decide(facts)
        until = msgspec.to_builtins(decision.until) or ""
        made = Made(decision.verdict.value, decision.reason, until)
        if decision.verdict is Verdict.SKIP:
            return made
        if is_held_out(person.contact, self.campaign.seed, self.campaign.holdout_percent):
            return Made("skip", "holdout")
        return self._with_text(person, place, decision, facts.at, made)

    def links_needed(self, person: Person, made: Made) -> dict[str, str]:
        """Of a person's links those without which other things come out: each opens a page of theirs."""
        if made.verdict == Verdict.SKIP and made.reason not in _OF_TEXTS:
            return {}
        until = made.until or person.at
        place = Place(*person.place.split("|", 2))
        demands = self._demands(person, place, datetime.fromisoformat(until))
        links = person.links
        return {name: links[name] for name in links if name != OPT_OUT_LINK or demands.needs_link}

    def _with_text(
        self, person: Person, place: Place, decision: Decision, at: datetime, made: Made
    ) -> Made:
        """The text is made when it goes: on the day of the hand-off."""
        demands = self._demands(person, place, decision.until or at)
        if not demands.is_met:
            return Made("skip", "wording_missing")
        try:
            composed = self._composer.compose(person.values, person.links, demands)
        except (TemplateRefused, KeyError):
            return Made("skip", "text_failed")
        if demands is not NOTHING and lacks(composed.text, demands):
            return Made("skip", "wording_missing")
        return msgspec.structs.replace(made, text=digest_text(composed.text.encode()))

    def _demands(self, person: Person, place: Place, at: datetime) -> Demands:
        campaign = self.campaign
        group = Group(
            place.country,
            place.number_start,
            person.language,
            campaign.sender,
            campaign.sender_kind,
            self._speaker,
            person.layer,
            at.date(),
        )
        if person.layer != NO_LAW:
            return demands_of(group)
        if not campaign.service:
            return NOTHING
        service = MessageClass(campaign.service)
        return service_demands(replace(group, message_class=service))


def facts_of(person: Person, place: Place) -> Facts:
    """All that the gate sees, the two facts of law judged anew.

    Raises:
        msgspec.ValidationError: they are none of this version of the gate.
    """
    whole: dict[str, Any] = {**QUIET, **person.facts, "at": person.at}
    facts = msgspec.convert(whole, Facts)
    if person.layer == NO_LAW:
        return facts
    handed = [datetime.fromisoformat(each) for each in person.handed]
    law = judge_law(place, facts.at, person.layer, handed)
    return msgspec.structs.replace(facts, law_reason=law.reason, lawful_at=law.lawful_at)


def packs_at(person: Person) -> list[str]:
    """The versions by which a person's hours are judged."""
    if person.layer == NO_LAW:
        return []
    at = datetime.fromisoformat(person.at)
    return [*basis_of(Place(*person.place.split("|", 2)), at, person.layer).packs]


def pack_digest(version: str) -> str:
    """SHA-256 of the file of a pack that ships; "": there is none of this version here."""
    pack_id, _at, day = version.partition("@")
    path = FOLDER / pack_id / f"{day}.toml"
    return sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def replay(lines: Iterable[bytes]) -> Replay:
    """Make everything of a file's inputs once more, and compare. Its own packs are used from now on.

    Raises:
        Damaged: the file is not as it was written, or of a version that is unknown here.
    """
    parts = read_file(lines)
    head = next(parts, None)
    if not isinstance(head, Campaign) or head.v != VERSION:
        raise Damaged("it is no file of this version")
    found = Replay(head, Foot(0, "", {}), {}, packs_differ=_take_packs(head))
    replayer, digests = Replayer(head), Digests()
    _compare_targets(replayer, digests, found)
    for part in parts:
        if isinstance(part, Foot):
            found.foot = part
        elif isinstance(part, Person):
            made = _make(replayer, part, found)
            digests.add(part, made)
            found.stored_differ += part.stored is not None
    found.digests = digests.write()
    return found


def _take_packs(head: Campaign) -> list[str]:
    """Use those of its own; answers the versions that are missing here or other than they were."""
    try:
        use_own_packs([read_pack_text(text) for text in head.own_packs.values()], head.withdrawn)
    except PackError as error:
        raise Damaged(str(error)) from error
    own = {v: sha256(text.encode()).hexdigest() for v, text in head.own_packs.items()}
    return [v for v, told in head.packs.items() if (own.get(v) or pack_digest(v)) != told]


def _compare_targets(replayer: Replayer, digests: Digests, found: Replay) -> None:
    ready = replayer.leads_to()
    digests.add_targets(ready)
    for number, (was, now) in enumerate(zip(found.campaign.leads_to, ready, strict=False), 1):
        if was != now:
            found.differences.setdefault("links", f"link {number} led to {was}, now to {now}")


def _make(replayer: Replayer, person: Person, found: Replay) -> Made:
    """What comes of a person's inputs, the first difference of each section noted."""
    try:
        made = replayer.make(person)
    except (msgspec.ValidationError, ValueError) as error:
        made = Made("skip", f"unreadable: {error}")
    if made != person.made:
        was, now = parts_of(person, person.made), parts_of(person, made)
        for name in SECTIONS:
            if was[name] != now[name]:
                told = f"message {person.id}: was {_tell(was[name])}, is {_tell(now[name])}"
                found.differences.setdefault(name, told)
    packs = packs_at(person)
    if packs != person.packs:
        told = (
            f"message {person.id}: was judged by {_tell([*person.packs])}, is by {_tell([*packs])}"
        )
        found.differences.setdefault("packs", told)
    return made


def _tell(values: list[object]) -> str:
    return " ".join(str(value) for value in values if value != "") or "nothing"

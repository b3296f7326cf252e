"""A past or planned campaign under any rule packs: every rule, as far as facts of its texts are kept.

Texts are judged in groups that no rule can tell apart: place, minute, language, consent, what the person
was handed before. A million of them are some thousands of questions, and PostgreSQL does the grouping.
What is not kept of a text is not guessed: `RuleCount.note` says of each rule what was not asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from textwell.accounts.models import Workspace
from textwell.campaigns.models import Campaign
from textwell.compliance.choices import Choices, read_choices
from textwell.compliance.engine import decide
from textwell.compliance.library import Library, WithVersion, shipped_library
from textwell.compliance.schema import (
    CapRule,
    ContentRule,
    IdentityRule,
    LabelRule,
    OptOutRule,
    RegisterRule,
    Rule,
    SenderRule,
)
from textwell.compliance.types import (
    Case,
    Consent,
    ConsentKind,
    Layer,
    MessageClass,
    Recent,
    Recipient,
)
from textwell.core.errors import FieldError
from textwell.messaging.chosen_then import ChosenAs, load_choices
from textwell.messaging.consent_law import UNSAID
from textwell.messaging.law import place_of, zones_of
from textwell.messaging.purposes import INVITATION, is_marketing
from textwell.reports.rejudging.groups import Group, Terms, list_groups, terms_of
from textwell.reports.rejudging.words import Told, WordsThen

CHUNK: Final = 20_000  # ids of messages at once: well under a second
PART: Final = 3  # chunks at once for who waits for the answer
_WORDS: Final = (LabelRule, IdentityRule, OptOutRule, ContentRule)


@dataclass(slots=True)
class RuleCount:
    """Texts by what a rule of a pack says of them.

    `lacking`: the text itself lacks words that the rule has us add. `note` says what was not asked:
    "not_kept" (a register as it was then), "other_channels", "as_now" (registrations), "one_text" (one
    text of each place and language stands for all); "" for nothing.
    """

    kind: str
    judged: int = 0
    failed: int = 0
    lacking: int = 0
    note: str = ""


@dataclass(slots=True)
class Judgment:
    """Texts by verdict, and each rule that was asked, as FR:hours.

    `consent_unsaid`: texts whose consent does not say how it was given, which is taken as not in writing.
    `text_unknown`: those whose words are not kept any more: no rule about words was asked of them.
    """

    is_judged: bool = True  # False: packs ask nothing that would count for what is no marketing
    by_verdict: Counter[str] = field(default_factory=Counter)
    rules: dict[str, RuleCount] = field(default_factory=dict)
    group_count: int = 0
    consent_unsaid: int = 0
    text_unknown: int = 0

    @property
    def count(self) -> int:
        return sum(self.by_verdict.values())


def rejudge_part(
    campaign: Campaign, library: Library, *, after_id: int = 0, chosen: ChosenAs = "then"
) -> tuple[Judgment, int | None]:
    """As much as takes a second or so, and the id after which to go on; None: that was all."""
    found = Judgment(is_judged=is_marketing(campaign.purpose))
    if not found.is_judged:
        return found, None
    parts = rejudge_on(campaign, library, found, after_id=after_id, chosen=chosen)
    for number, done_id in enumerate(parts, 1):
        if number == PART and done_id < (campaign.last_message_id or 0):
            return found, done_id
    return found, None


def choose_library(version: str) -> Library:
    """The packs as they are (""), or with this version in force on every day.

    Raises:
        FieldError: on `pack`: there is no such version.
    """
    library = shipped_library()
    if not version:
        return library
    pack = library.find_version(version)
    if pack is None:
        problem = _("There is no rule pack %(version)s.") % {"version": version}
        raise FieldError("pack", problem, _("Name one as FR@2026-11-01."))
    return WithVersion(library, pack)


def rejudge_on(
    campaign: Campaign,
    library: Library,
    found: Judgment,
    *,
    after_id: int = 0,
    chosen: ChosenAs = "then",
) -> Iterator[int]:
    """Judge chunk by chunk into `found`; after each the id is yielded from which to go on.

    `chosen`: named days and lenient readings as they stood at the minute of each text, or as they stand now.
    """
    if campaign.first_message_id is None or campaign.last_message_id is None:
        return
    judge = _Judge(campaign, library, found, chosen)
    first = max(campaign.first_message_id, after_id + 1)
    for start in range(first, campaign.last_message_id + 1, CHUNK):
        end = min(start + CHUNK - 1, campaign.last_message_id)
        for group in list_groups(campaign, judge.terms, start, end):
            judge.add(group)
        yield end


@dataclass(frozen=True, slots=True)
class _Answer:
    verdict: str
    rules: tuple[tuple[str, str, bool, bool, str], ...]  # name, kind, is_passed, is_added, note


class _Judge:
    """Asks each question once and counts the texts that it is about."""

    def __init__(
        self, campaign: Campaign, library: Library, found: Judgment, chosen: ChosenAs
    ) -> None:
        self._library = library
        self._found = found
        self._chosen = ChosenBy(campaign, chosen)
        self._class = class_of(campaign)
        self.terms: Terms = terms_of(campaign, library)
        self._words = WordsThen(campaign, library)
        self._known: dict[tuple[object, ...], _Answer] = {}
        self._rules: dict[tuple[str, str, str], Rule] = {}

    def add(self, group: Group) -> None:
        word = self._chosen.at(group.minute)
        told = self._words.of(group, word)
        key = (*group.key, told)
        if key not in self._known:
            self._known[key] = self._answer(group, told, read_choices(word))
            self._found.group_count += 1
        answer, found = self._known[key], self._found
        found.by_verdict[answer.verdict] += group.count
        found.consent_unsaid += group.count if group.kind == "opt_in" and not group.basis else 0
        found.text_unknown += group.count if told.text is None else 0
        for name, kind, is_passed, is_added, note in answer.rules:
            count = found.rules.setdefault(name, RuleCount(kind, note=note))
            if note == "not_kept" or (note == "one_text" and told.text is None):
                continue
            count.judged += group.count
            count.failed += 0 if is_passed or is_added else group.count
            count.lacking += group.count if is_added else 0

    def _answer(self, group: Group, told: Told, chosen: Choices) -> _Answer:
        decision = decide(case_of(group, told, chosen, self._class), self._library)
        rules = []
        for each in decision.findings:
            rule = self._rule(each.pack, each.rule, group.minute)
            kind = str(rule.__struct_config__.tag) if rule else each.rule
            is_added = not each.is_passed and each.effect == "add"
            rules.append((f"{each.pack}:{each.rule}", kind, each.is_passed, is_added, _note(rule)))
        return _Answer(decision.verdict.value, tuple(rules))

    def _rule(self, pack_id: str, rule_id: str, at: datetime) -> Rule | None:
        """None: of no pack, as that there is none."""
        pack = self._library.find(pack_id, at.date())
        if pack is None:
            return None
        key = (pack.version, pack_id, rule_id)
        if key not in self._rules:
            self._rules |= {(pack.version, pack_id, rule.id): rule for rule in pack.rule}
        return self._rules.get(key)


class ChosenBy:
    """Which rules hold for a campaign, with what its workspace chose besides: as it stood then, or stands."""

    def __init__(self, campaign: Campaign, chosen: ChosenAs) -> None:
        home = Workspace.objects.get(id=campaign.workspace_id)
        self._layer = Layer(campaign.law_layer or home.law_layer)
        self._choices = load_choices(home.id, chosen)

    def at(self, minute: datetime) -> str:
        """The word of it, as `compliance.choices` reads it."""
        return self._layer.value + self._choices.at(minute)


def class_of(campaign: Campaign) -> MessageClass:
    """Of advertising: whether it asks for a yes."""
    return class_of_purpose(campaign.purpose)


def class_of_purpose(purpose: str) -> MessageClass:
    is_invitation = purpose == INVITATION
    return MessageClass.CONSENT_REQUEST if is_invitation else MessageClass.MARKETING


def case_of(group: Group, told: Told, chosen: Choices, message_class: MessageClass) -> Case:
    """What the packs are asked about these texts."""
    place = place_of(group.country, group.start, group.zone)
    return Case(
        at=group.minute,
        recipient=Recipient(place.country, number=place.number_start, zones=zones_of(place)),
        message_class=message_class,
        consent=_consent(group),
        layer=chosen.layer,
        free_days=chosen.free_days,
        lenient=chosen.lenient,
        text=told.text,
        shows=told.shows,
        sender=told.sender,
        recent=tuple(Recent(min(each, group.minute)) for each in group.handed),
    )


def _note(rule: Rule | None) -> str:
    if isinstance(rule, RegisterRule):
        return "not_kept"
    if isinstance(rule, CapRule) and rule.counts == "channels":
        return "other_channels"
    if isinstance(rule, SenderRule):
        return "as_now"
    return "one_text" if isinstance(rule, _WORDS) else ""


def _consent(group: Group) -> Consent:
    """What the ledger said of the person then; of a basis that nobody said see `consent_law.UNSAID`."""
    if not group.kind:
        return Consent(ConsentKind.NONE)
    if group.kind == "opt_out":
        return Consent(ConsentKind.REVOKED, revoked_at=group.given_at)
    kind = ConsentKind(group.basis) if group.basis else UNSAID
    return Consent(kind, given_at=group.given_at)

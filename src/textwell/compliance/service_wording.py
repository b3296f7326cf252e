"""What law has texts carry that are no marketing: codes, answers, confirmations, word of an order. Pure.

China wants the signature on every text, Malaysia the price that the person pays for it: nothing. Nobody is
refused for want of these words, as they can always be added.
"""

from datetime import UTC, date, datetime

from textwell.compliance.engine import rules_of
from textwell.compliance.library import kept_with_packs, shipped_library
from textwell.compliance.places import find_places
from textwell.compliance.schema import LabelRule
from textwell.compliance.types import (
    PROMOTIONAL,
    Case,
    Consent,
    ConsentKind,
    Layer,
    MessageClass,
    Recipient,
)
from textwell.compliance.wording import NOTHING, Demands, Speaker, label_start, label_wanted


@kept_with_packs(maxsize=16)
def labelled_countries(day: date) -> frozenset[str]:
    """Where texts that are no marketing carry a label too. Never raises; what cannot be read asks nothing."""
    return frozenset(
        pack.country
        for pack in shipped_library().packs_on(day)
        for rule in pack.rule
        if isinstance(rule, LabelRule) and set(rule.classes) - PROMOTIONAL
    )


@kept_with_packs(maxsize=1_024)
def service_demands(
    country: str, message_class: MessageClass, speaker: Speaker, day: date
) -> Demands:
    """What a text of a class that is no marketing must say there: its label."""
    if country not in labelled_countries(day):
        return NOTHING
    recipient = Recipient(country)
    case = Case(
        at=datetime(day.year, day.month, day.day, tzinfo=UTC),
        recipient=recipient,
        message_class=message_class,
        consent=Consent(ConsentKind.NONE),
        layer=Layer.LEGAL,
    )
    rules = rules_of(case, find_places(recipient, day, shipped_library()))
    labels = [
        (pack, rule)
        for pack, rule in rules
        if isinstance(rule, LabelRule) and not rule.position.startswith("sender_id")
    ]
    if not labels:
        return NOTHING
    return Demands(label=label_wanted(labels, speaker), label_pattern=label_start(labels))

"""What `textwell inspect gate` says of a case is what the gate says of a message.

Both ask one judge. What may go wrong is between: a place that stands for many people and a whole minute, caps
that are asked for the moment at which hours let a text go, reasons in the gate's words. And of consent the
gate asks more: some law takes silence for it, and we never do.
"""

from datetime import UTC, datetime, timedelta
from itertools import product
from random import Random

import pytest

from textwell.compliance import engine
from textwell.compliance.types import (
    Case,
    Consent,
    ConsentKind,
    Layer,
    MessageClass,
    Recent,
    Recipient,
)
from textwell.messaging.gate import Decision, Facts, decide
from textwell.messaging.law import judge_law, place_of
from wide import WIDE

FIRST = datetime(2027, 4, 28, tzinfo=UTC)  # with the first of May in it
NUMBERS = {
    "FR": "+33612345678", "US": "+13055551234", "VN": "+84901234567", "CO": "+573001234567",
    "IN": "+919812345678", "CL": "+56961234567", "MX": "+522221234567", "ZA": "+27711234567",
    "DE": "+4915123456789", "BR": "+5511961234567",
}  # fmt: skip
CONSENTS = {
    ConsentKind.EXPRESS_WRITTEN: (True, True),
    ConsentKind.REVOKED: (False, True),
    ConsentKind.NONE: (None, False),
}  # what was given: is it granted, and is there a record


def as_inspected(
    country: str, at: datetime, layer: Layer, kind: ConsentKind, handed: list[datetime]
) -> engine.Decision:
    case = Case(
        at=at,
        recipient=Recipient(country, number=NUMBERS[country]),
        message_class=MessageClass.MARKETING,
        consent=Consent(kind),
        layer=layer,
        recent=tuple(Recent(each) for each in handed),
    )
    return engine.decide(case)


def as_handed_off(
    country: str, at: datetime, layer: Layer, kind: ConsentKind, handed: list[datetime]
) -> Decision:
    is_granted, has_record = CONSENTS[kind]
    law = judge_law(place_of(country, NUMBERS[country], ""), at, layer, handed)
    return decide(
        Facts(
            at=at, is_known=True, is_sample=False, is_simulated=False, suppression="",
            needs_consent=True, is_granted=is_granted, has_consent_record=has_record,
            is_sender_allowed=True, recent_count=0, cap_count=0, workspace_recent_count=0,
            workspace_cap_count=0, expires_at=None, law_reason=law.reason, lawful_at=law.lawful_at,
        )
    )  # fmt: skip


@pytest.mark.parametrize("country", NUMBERS)
def test_the_gate_says_what_inspect_says(country: str) -> None:
    random = Random(country)
    for layer, kind in product(Layer, CONSENTS):
        for _ in range(400 if WIDE else 12):
            at = FIRST + timedelta(minutes=random.randrange(20 * 24 * 60))
            count = random.choice((0, 0, 1, 3, 4))
            handed = [at - timedelta(minutes=random.randrange(1, 2_000)) for _ in range(count)]

            asked = (country, at, layer, kind, handed)
            inspected, found = as_inspected(*asked), as_handed_off(*asked)

            if kind is ConsentKind.NONE:
                assert (found.verdict.value, found.reason) == ("skip", "no_consent"), asked
                continue
            assert found.verdict.value == inspected.verdict.value, asked
            assert found.until == inspected.until, asked
            if found.verdict.value == "skip":
                assert found.reason == inspected.reason.value, asked

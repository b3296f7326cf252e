"""Signatures of the carrier's webhooks, against the specification's own library."""

import base64
import time

import pytest
from standardwebhooks import Webhook

from textwell.gateways.providers.simulator.signature import SIGNATURE, Verdict, judge, sign

SECRET, BODY = "s3crét", b'[{"kind": "dlr"}]'
AT = 1_790_000_000


def test_the_specifications_own_library_accepts_the_carriers_calls() -> None:
    headers = sign(SECRET, call_id="call_1", at=int(time.time()), body=BODY)

    library = Webhook(base64.b64encode(SECRET.encode()).decode())
    assert library.verify(BODY, headers) == [{"kind": "dlr"}]


@pytest.mark.parametrize(
    ("seconds", "verdict"),
    [
        (-301, Verdict.STALE),
        (-300, Verdict.GENUINE),
        (300, Verdict.GENUINE),
        (301, Verdict.STALE),
    ],
)
def test_a_signature_holds_for_five_minutes_to_either_side(seconds: int, verdict: Verdict) -> None:
    headers = sign(SECRET, call_id="call_1", at=AT + seconds, body=BODY)
    assert judge(SECRET, headers, BODY, now=float(AT)) is verdict


def test_one_right_signature_among_others_is_enough() -> None:
    headers = sign(SECRET, call_id="call_1", at=AT, body=BODY)
    old = sign("old", call_id="call_1", at=AT, body=BODY)

    both = headers | {SIGNATURE: f"{old[SIGNATURE]} v1a,other {headers[SIGNATURE]}"}

    assert judge(SECRET, both, BODY, now=float(AT)) is Verdict.GENUINE
    assert judge("third", both, BODY, now=float(AT)) is Verdict.FORGED


def test_a_stale_call_with_a_wrong_signature_is_forged() -> None:
    """Whoever has no key learns nothing of our clock."""
    headers = sign("guess", call_id="call_1", at=AT - 900, body=BODY)
    assert judge(SECRET, headers, BODY, now=float(AT)) is Verdict.FORGED

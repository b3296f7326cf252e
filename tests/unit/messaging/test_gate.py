"""The gate: fail-closed, first failing rule names the reason, every rule kept as proof."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from textwell.messaging.gate import Facts, Reason, Verdict, decide, first_allowed_at, is_clear

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=8)
GOOD = Facts(
    at=NOON,
    is_known=True,
    is_sample=False,
    is_simulated=False,
    suppression="",
    needs_consent=True,
    is_granted=True,
    has_consent_record=True,
    is_sender_allowed=True,
    recent_count=0,
    cap_count=0,
    workspace_recent_count=0,
    workspace_cap_count=0,
    expires_at=None,
    law_reason="",
    lawful_at=None,
)


def test_all_rules_passed_is_allowed_with_a_proof_of_each() -> None:
    decision = decide(GOOD)

    assert decision.verdict is Verdict.ALLOW
    assert [rule.rule for rule in decision.rules] == [
        "contact", "sample", "suppression", "consent", "consent_terms", "invitation", "pause", "register",
        "sender", "sender_right", "promise", "cap", "workspace_cap", "law", "expiry", "hours",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"is_known": False}, Reason.CONTACT_ERASED),
        ({"is_sample": True}, Reason.SAMPLE_PERSON),
        ({"suppression": "opted_out"}, Reason.OPTED_OUT),
        ({"suppression": "complaint"}, Reason.SUPPRESSED),
        ({"is_granted": False}, Reason.OPTED_OUT),
        ({"is_granted": None, "has_consent_record": False}, Reason.NO_CONSENT),
        ({"needs_consent": False, "invitation_reason": "already_invited"}, Reason.ALREADY_INVITED),
        ({"paused_until": NOON + timedelta(minutes=1)}, Reason.PERSON_PAUSED),
        ({"is_sender_allowed": False}, Reason.SENDER_NOT_ALLOWED),
        ({"promise_reason": "topic_not_promised"}, Reason.TOPIC_NOT_PROMISED),
        ({"cap_count": 2, "recent_count": 2}, Reason.FREQUENCY_CAP),
        ({"workspace_cap_count": 2, "workspace_recent_count": 2}, Reason.FREQUENCY_CAP),
        (
            {"cap_count": 9, "workspace_cap_count": 1, "workspace_recent_count": 1},
            Reason.FREQUENCY_CAP,
        ),
        ({"law_reason": "no_pack"}, Reason.NO_PACK),
        ({"law_reason": "no_lawful_time"}, Reason.NO_LAWFUL_TIME),
        ({"expires_at": NOON}, Reason.EXPIRED),
        (
            {"law_reason": "quiet_hours", "lawful_at": LATER, "expires_at": LATER},
            Reason.EXPIRED,
        ),
        (
            {"law_reason": "quiet_hours", "lawful_at": LATER, "cap_count": 1, "recent_count": 1},
            Reason.FREQUENCY_CAP,
        ),
    ],
)
def test_one_failed_rule_skips_with_its_reason(change: dict[str, object], reason: Reason) -> None:
    decision = decide(replace(GOOD, **change))  # type: ignore[arg-type]

    assert (decision.verdict, decision.reason) == (Verdict.SKIP, reason)


@pytest.mark.parametrize(
    ("change"),
    [
        {"is_sample": True, "is_simulated": True},
        {"cap_count": 2, "recent_count": 1},
        {"workspace_cap_count": 2, "workspace_recent_count": 1},
        {"expires_at": NOON + timedelta(seconds=1)},
        {"needs_consent": False, "is_granted": None, "has_consent_record": False},
        {"paused_until": NOON},
        {"needs_consent": False, "paused_until": LATER},
    ],
)
def test_the_last_value_inside_a_limit_is_allowed(change: dict[str, object]) -> None:
    assert decide(replace(GOOD, **change)).verdict is Verdict.ALLOW  # type: ignore[arg-type]


def test_what_only_the_hour_speaks_against_is_held_until_it_may_go() -> None:
    night = replace(GOOD, law_reason="quiet_hours", lawful_at=LATER, paused_until=LATER)
    held = decide(night)

    assert (held.verdict, held.reason, held.until) == (Verdict.HOLD, Reason.QUIET_HOURS, LATER)


@pytest.mark.parametrize(
    "name",
    ["is_known", "is_sample", "is_simulated", "suppression", "needs_consent", "has_consent_record",
     "is_sender_allowed",
     "recent_count", "cap_count", "workspace_recent_count", "workspace_cap_count", "law_reason"],
)  # fmt: skip
def test_a_fact_that_could_not_be_read_refuses(name: str) -> None:
    decision = decide(replace(GOOD, **{name: None}))  # type: ignore[arg-type]

    assert (decision.verdict, decision.reason) == (Verdict.SKIP, Reason.FACTS_MISSING)


maybe = st.sampled_from([None, True, False])
counts = st.sampled_from([None, 0, 1, 2, 3])


@given(
    is_known=maybe,
    is_sample=maybe,
    is_simulated=maybe,
    suppression=st.sampled_from([None, "", "opted_out", "manual"]),
    needs_consent=maybe,
    is_granted=maybe,
    has_consent_record=maybe,
    is_sender_allowed=maybe,
    recent_count=counts,
    cap_count=counts,
    workspace_recent_count=counts,
    workspace_cap_count=counts,
    expires_at=st.sampled_from([None, NOON, NOON + timedelta(hours=1)]),
    law_reason=st.sampled_from([None, "", "no_pack", "quiet_hours"]),
    promise_reason=st.sampled_from([None, "", "sender_not_promised"]),
    paused_until=st.sampled_from([None, NOON, NOON + timedelta(hours=1)]),
)
def test_the_quick_answer_equals_the_full_one(**values: object) -> None:
    lawful_at = LATER if values["law_reason"] == "quiet_hours" else None
    facts = Facts(at=NOON, lawful_at=lawful_at, **values)  # type: ignore[arg-type]

    assert is_clear(facts) == (decide(facts).verdict is Verdict.ALLOW)


def test_what_is_allowed_may_go_at_once_and_what_is_not_never() -> None:
    assert first_allowed_at(GOOD) == NOON
    assert first_allowed_at(replace(GOOD, is_granted=False)) is None
    assert first_allowed_at(replace(GOOD, suppression=None)) is None

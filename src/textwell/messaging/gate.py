"""The only door to a carrier: may this message go to this person, now? Pure and fail-closed.

The same rules run twice: at plan time as one SQL expression over a whole audience (`PLAN_REASON`,
kept equal by tests), to tell the marketer; and here at hand-off, message by message, to decide.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import msgspec


class Verdict(StrEnum):
    ALLOW = "allow"
    HOLD = "hold"  # not before `until`
    SKIP = "skip"  # never, for `reason`


class Reason(StrEnum):
    """Why the gate skips or holds a message: a closed list, shown to people in reports."""

    CONTACT_ERASED = "contact_erased"
    SAMPLE_PERSON = "sample_person"  # made up: its number is for simulated gateways alone
    SUPPRESSED = "suppressed"  # the number is on the suppression list
    OPTED_OUT = "opted_out"  # consent was given and taken back
    NO_CONSENT = "no_consent"  # nobody ever recorded a consent for this purpose
    EMAIL_ONLY = "email_only"  # agreed, and chose to be reached by e-mail alone
    CONSENT_TOO_WEAK = "consent_too_weak"  # given in a way that does not suffice in the country
    CONSENT_EXPIRED = "consent_expired"  # given longer ago than it counts
    INVITATION_BARRED = "invitation_barred"  # the country's rules let nobody ask who never agreed
    ALREADY_AGREED = "already_agreed"  # an invitation is for who said neither yes nor no
    ALREADY_INVITED = "already_invited"  # one invitation for ever; silence means no
    PERSON_PAUSED = "person_paused"  # agreed, and asked for a rest that is not over by then
    REGISTER_LISTED = "register_listed"  # a do-not-contact register of the country names the number
    REGISTER_MISSING = "register_missing"  # consent counts there only once a register has it
    REGISTER_STALE = "register_stale"  # our copy of the register is older than the law allows
    # No active sender for the number's country, or of a kind that may not be shown there.
    SENDER_NOT_ALLOWED = "sender_not_allowed"
    SENDER_UNREGISTERED = "sender_unregistered"  # must be registered there first, and is not
    SENDER_NOT_PROMISED = "sender_not_promised"  # the public promise names other senders
    TOPIC_NOT_PROMISED = "topic_not_promised"  # … and other topics
    # The country lets approved texts through alone, and this is none, or none is on file.
    TEMPLATE_UNREGISTERED = "template_unregistered"
    BATCH_TOO_SMALL = "batch_too_small"  # advertising is taken there for more people at once
    FREQUENCY_CAP = "frequency_cap"  # enough texts in the period, over all campaigns
    NO_PACK = "no_pack"  # marketing to a country whose law nobody has written down here
    NO_LAWFUL_TIME = "no_lawful_time"  # no hour of the next week is allowed
    EXPIRED = (
        "expired"  # past the time after which it makes no sense, or it would be when it may go
    )
    QUIET_HOURS = "quiet_hours"  # held: no marketing at this hour, somewhere the person may be
    LEGAL_CAP = "legal_cap"  # held: law allows no more texts to this person in the period
    HOLIDAY = "holiday"  # held: none on this day
    FACTS_MISSING = "facts_missing"  # something could not be read: then nothing goes out


class Facts(msgspec.Struct, frozen=True, gc=False):
    """What the decision rests on; None means that it could not be read (the gate then refuses)."""

    at: datetime
    is_known: bool | None  # the contact still exists
    is_sample: bool | None  # made up, see contacts
    is_simulated: bool | None  # the gateway reaches no phone
    suppression: str | None  # reason of a suppression, "" for none
    needs_consent: bool | None
    is_granted: bool | None  # current consent; None with has_consent_record False: never asked
    has_consent_record: bool | None
    is_sender_allowed: bool | None
    recent_count: int | None  # texts to this person within the cap's period, this one not counted
    cap_count: int | None  # at most so many; 0: no cap
    workspace_recent_count: int | None  # as recent_count, within the workspace's period
    workspace_cap_count: int | None
    expires_at: datetime | None  # None: does not expire
    law_reason: str | None  # of `messaging.law`: "" nothing speaks against this moment
    lawful_at: datetime | None  # where it does: the first moment that is allowed, if there is one
    paused_until: datetime | None = None  # the person asked for a rest from marketing until then
    # Of `messaging.sender_law`: why the sender may not be shown there; "" for nothing against it.
    sender_reason: str | None = ""
    # Of `messaging.sql.consents`: why a yes that was given does not count; "" for nothing against it.
    consent_reason: str | None = ""
    # Of `messaging.sql.invitations`: why the person may not be invited; "" for nothing, or no invitation.
    invitation_reason: str | None = ""
    register_reason: str | None = ""  # of `messaging.register_law`; "" for nothing against it
    promise_reason: str | None = (
        ""  # of `messaging.promised`: what the public promise does not name
    )


def facts_of_law(at: datetime, law_reason: str, lawful_at: datetime | None) -> Facts:
    """Of a text that nothing but law may stand against: as `textwell inspect gate` asks."""
    return Facts(
        at=at,
        is_known=True,
        is_sample=False,
        is_simulated=False,
        suppression="",
        needs_consent=False,  # law has judged it already
        is_granted=None,
        has_consent_record=False,
        is_sender_allowed=True,
        recent_count=0,
        cap_count=0,
        workspace_recent_count=0,
        workspace_cap_count=0,
        expires_at=None,
        law_reason=law_reason,
        lawful_at=lawful_at,
    )


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule as it was evaluated: kept as the proof of the decision."""

    rule: str
    is_passed: bool
    inputs: dict[str, object]


@dataclass(frozen=True, slots=True)
class Decision:
    verdict: Verdict
    reason: str = ""
    rules: tuple[Rule, ...] = ()
    until: datetime | None = None  # of a hold


ALLOWED = Decision(Verdict.ALLOW)


def _sample_reason(facts: Facts) -> Reason | None:
    return Reason.SAMPLE_PERSON if facts.is_sample and not facts.is_simulated else None


def _consent_reason(facts: Facts) -> Reason | None:
    if not facts.needs_consent or facts.is_granted:
        return None
    return Reason.OPTED_OUT if facts.has_consent_record else Reason.NO_CONSENT


def _terms_reason(facts: Facts) -> Reason | None:
    if not facts.needs_consent or not facts.consent_reason:
        return None
    return Reason(facts.consent_reason)


def _invitation_reason(facts: Facts) -> Reason | None:
    return Reason(facts.invitation_reason) if facts.invitation_reason else None


def _suppression_reason(facts: Facts) -> Reason | None:
    if not facts.suppression:
        return None
    return Reason.OPTED_OUT if facts.suppression == "opted_out" else Reason.SUPPRESSED


def _goes_at(facts: Facts) -> datetime:
    return max(facts.at, facts.lawful_at or facts.at)


def _pause_reason(facts: Facts) -> Reason | None:
    if not facts.needs_consent or facts.paused_until is None:
        return None
    return Reason.PERSON_PAUSED if _goes_at(facts) < facts.paused_until else None


def _register_reason(facts: Facts) -> Reason | None:
    return Reason(facts.register_reason) if facts.register_reason else None


def _sender_reason(facts: Facts) -> Reason | None:
    return Reason(facts.sender_reason) if facts.sender_reason else None


def _promise_reason(facts: Facts) -> Reason | None:
    return Reason(facts.promise_reason) if facts.promise_reason else None


def _is_reached(cap: int | None, recent: int | None) -> bool:
    return bool(cap) and (recent or 0) >= (cap or 0)


def _cap_reason(facts: Facts) -> Reason | None:
    is_reached = _is_reached(facts.cap_count, facts.recent_count)
    return Reason.FREQUENCY_CAP if is_reached else None


def _workspace_cap_reason(facts: Facts) -> Reason | None:
    is_reached = _is_reached(facts.workspace_cap_count, facts.workspace_recent_count)
    return Reason.FREQUENCY_CAP if is_reached else None


def _law_reason(facts: Facts) -> Reason | None:
    if not facts.law_reason or facts.lawful_at is not None:
        return None
    return Reason(facts.law_reason)


def _expiry_reason(facts: Facts) -> Reason | None:
    is_past = facts.expires_at is not None and _goes_at(facts) >= facts.expires_at
    return Reason.EXPIRED if is_past else None


def _hours_reason(facts: Facts) -> Reason | None:
    return Reason(facts.law_reason) if facts.law_reason and facts.lawful_at else None


# In order: the first that fails is the reason shown. PLAN_REASON in sql/plan.py keeps the same order.
_RULES: tuple[tuple[str, Callable[[Facts], Reason | None], tuple[str, ...]], ...] = (
    ("contact", lambda f: None if f.is_known else Reason.CONTACT_ERASED, ("is_known",)),
    ("sample", _sample_reason, ("is_sample", "is_simulated")),
    ("suppression", _suppression_reason, ("suppression",)),
    ("consent", _consent_reason, ("needs_consent", "is_granted", "has_consent_record")),
    ("consent_terms", _terms_reason, ("consent_reason",)),
    ("invitation", _invitation_reason, ("invitation_reason",)),
    ("pause", _pause_reason, ("paused_until",)),
    ("register", _register_reason, ("register_reason",)),
    (
        "sender",
        lambda f: None if f.is_sender_allowed else Reason.SENDER_NOT_ALLOWED,
        ("is_sender_allowed",),
    ),
    ("sender_right", _sender_reason, ("sender_reason",)),
    ("promise", _promise_reason, ("promise_reason",)),
    ("cap", _cap_reason, ("cap_count", "recent_count")),
    (
        "workspace_cap",
        _workspace_cap_reason,
        ("workspace_cap_count", "workspace_recent_count"),
    ),
    ("law", _law_reason, ("law_reason",)),
    ("expiry", _expiry_reason, ("expires_at", "lawful_at")),
    # Last, as it only delays: whatever else fails is for good.
    ("hours", _hours_reason, ("law_reason", "lawful_at")),
)

RULE_NAMES = " ".join(name for name, _judge, _inputs in _RULES)

_MUST_BE_KNOWN = (
    "is_known",
    "is_sample",
    "is_simulated",
    "suppression",
    "needs_consent",
    "has_consent_record",
    "is_sender_allowed",
    "sender_reason",
    "register_reason",
    "consent_reason",
    "promise_reason",
    "invitation_reason",
    "recent_count",
    "cap_count",
    "workspace_recent_count",
    "workspace_cap_count",
    "law_reason",
)


def decide(facts: Facts) -> Decision:
    """Judge one message. Never raises; an unreadable fact refuses."""
    missing = [name for name in _MUST_BE_KNOWN if getattr(facts, name) is None]
    if missing:
        rule = Rule("facts", is_passed=False, inputs={"missing": missing})
        return Decision(Verdict.SKIP, Reason.FACTS_MISSING, rules=(rule,))
    evaluated: list[Rule] = []
    reason = ""
    for name, judge, inputs in _RULES:
        failed = judge(facts)
        evaluated.append(
            Rule(
                name, is_passed=failed is None, inputs={key: getattr(facts, key) for key in inputs}
            ),
        )
        reason = reason or (failed.value if failed else "")
    if reason and all(rule.is_passed for rule in evaluated[:-1]):
        return Decision(Verdict.HOLD, reason, tuple(evaluated), facts.lawful_at)
    verdict = Verdict.SKIP if reason else Verdict.ALLOW
    return Decision(verdict, reason, rules=tuple(evaluated))


def first_allowed_at(facts: Facts) -> datetime | None:
    """The first moment from `facts.at` on at which the message may go, as things are; None: never.

    A rule that holds a message back until a time belongs into this answer as well as into `decide`.
    """
    decision = decide(facts)
    return facts.at if decision.verdict is Verdict.ALLOW else decision.until


def is_clear(facts: Facts) -> bool:
    """The answer of `decide` without the proof: the quick path for the many that are allowed."""
    return (
        facts.is_known is True
        and facts.is_simulated is not None
        and (facts.is_sample is False or (facts.is_sample is True and facts.is_simulated))
        and facts.suppression == ""
        and (
            facts.needs_consent is False
            or (facts.needs_consent is True and facts.is_granted is True)
        )
        and facts.has_consent_record is not None
        and (facts.paused_until is None or _pause_reason(facts) is None)
        and (facts.consent_reason == "" or facts.needs_consent is False)
        and facts.consent_reason is not None
        and facts.invitation_reason == ""
        and facts.register_reason == ""
        and facts.is_sender_allowed is True
        and facts.sender_reason == ""
        and facts.promise_reason == ""
        and facts.cap_count is not None
        and facts.recent_count is not None
        and not (facts.cap_count and facts.recent_count >= facts.cap_count)
        and facts.workspace_cap_count is not None
        and facts.workspace_recent_count is not None
        and not (
            facts.workspace_cap_count and facts.workspace_recent_count >= facts.workspace_cap_count
        )
        and facts.law_reason == ""
        and not (facts.expires_at is not None and facts.at >= facts.expires_at)
    )

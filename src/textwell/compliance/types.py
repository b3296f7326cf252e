"""What the judge is told, and what it answers. Plain values, no store and no Django."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final


class Verdict(StrEnum):
    ALLOW = "allow"
    HOLD = "hold"  # not now: at `until`
    SKIP = "skip"  # never, for `reason`


class MessageClass(StrEnum):
    """What a message is for. One promotional line makes the whole message marketing."""

    MARKETING = "marketing"
    TRANSACTIONAL = "transactional"
    OTP = "otp"
    CARE = "care"
    EMERGENCY = "emergency"
    OPT_OUT_CONFIRMATION = "opt_out_confirmation"
    HELP_REPLY = "help_reply"
    CONSENT_REQUEST = "consent_request"


# Those to which the rules for advertising apply.
PROMOTIONAL: Final = frozenset((MessageClass.MARKETING, MessageClass.CONSENT_REQUEST))
# Those that a pack's exemption for service messages covers.
SERVICE: Final = frozenset((MessageClass.TRANSACTIONAL, MessageClass.CARE))


class ConsentKind(StrEnum):
    """From nothing to the strongest; revoked stands beside them."""

    NONE = "none"
    IMPLIED = "implied"
    SOFT = "soft"  # the pack's conditions for a soft opt-in are on file
    EXPRESS = "express"
    EXPRESS_WRITTEN = "express_written"
    REVOKED = "revoked"


class Layer(StrEnum):
    LEGAL = "legal"  # nobody can override it
    RECOMMENDED = "recommended"  # the legal layer and our cautious proposal on top


class Reason(StrEnum):
    """Why not, or not yet: a closed list, in the order in which the rules are judged."""

    ALLOWED = "allowed"
    NO_PACK = "no_pack"  # no rule pack covers the country
    OPTED_OUT = "opted_out"
    NO_CONSENT = "no_consent"
    CONSENT_TOO_WEAK = "consent_too_weak"
    CONSENT_EXPIRED = "consent_expired"
    ALREADY_ASKED = "already_asked"  # one request for consent, ever
    ALREADY_CONFIRMED = "already_confirmed"  # one confirmation of an opt-out
    REGISTER_LISTED = "register_listed"
    REGISTER_MISSING = "register_missing"  # consent that counts only when recorded there
    REGISTER_STALE = "register_stale"  # the register was read too long ago
    CONTENT_FORBIDDEN = "content_forbidden"
    LABEL_MISSING = "label_missing"
    LABEL_CONFLICT = "label_conflict"  # two labels that must both stand first
    IDENTITY_MISSING = "identity_missing"
    OPT_OUT_MISSING = "opt_out_missing"
    SENDER_NOT_ALLOWED = "sender_not_allowed"
    SENDER_NOT_REGISTERED = "sender_not_registered"
    TEMPLATE_NOT_REGISTERED = "template_not_registered"
    BATCH_SIZE = "batch_size"  # handed in for too few people at once, or too many
    CAP_REACHED = "cap_reached"
    QUIET_HOURS = "quiet_hours"
    HOLIDAY = "holiday"
    CALENDAR_MISSING = "calendar_missing"  # the frozen holidays do not reach that year
    NO_LAWFUL_TIME = "no_lawful_time"  # none within the next seven days


@dataclass(frozen=True, slots=True)
class Recipient:
    """Where the person may be: each of these is evidence, none excludes the others.

    `country` is ISO 3166-1, `subdivision` ISO 3166-2 (US-FL), `zones` IANA names of every zone in
    which the person may be; empty: taken from the places.
    """

    country: str
    subdivision: str = ""
    number: str = ""  # E.164
    zones: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Consent:
    """The consent on file for this message's purpose."""

    kind: ConsentKind
    given_at: datetime | None = None
    revoked_at: datetime | None = None
    agrees_to_night: bool = False
    agreed_hours: str = ""  # other hours that the person agreed to, as "sun 09:00-18:00"


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """What a register says of the number."""

    is_listed: bool
    checked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Recent:
    """A message that this person got before."""

    at: datetime
    message_class: MessageClass = MessageClass.MARKETING
    subject: str | None = None
    channel: str = "sms"


@dataclass(frozen=True, slots=True)
class Sender:
    """Whom the handset shows, and what is on file for it; None: not told, taken as in order."""

    kind: str
    value: str = ""
    is_registered: bool | None = None
    is_template_registered: bool | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One message to one person at one moment. What is not told is taken as in order."""

    at: datetime
    recipient: Recipient
    message_class: MessageClass
    consent: Consent
    layer: Layer = Layer.RECOMMENDED
    subject: str | None = None
    text: str | None = None
    sender: Sender | None = None
    recent: tuple[Recent, ...] = ()
    registers: dict[str, RegisterEntry] = field(default_factory=dict)
    shows: frozenset[str] | None = None
    batch_count: int | None = None  # people whose texts are handed in together
    # What was chosen of the rules, see `compliance.choices`.
    free_days: frozenset[tuple[str, date]] = (
        frozenset()
    )  # (country, day) without our cautious hours
    lenient: frozenset[str] = frozenset()  # disputed rules that are read the lenient way


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule of one pack as it was judged: kept as the proof of the decision."""

    rule: str
    pack: str
    is_passed: bool
    inputs: dict[str, object] = field(default_factory=dict)
    reason: Reason | None = None  # of a rule that did not pass
    # What a rule that did not pass does: "skip", "hold", or "add" for wording that we add.
    effect: str = ""
    adds: str = ""  # the wording
    free_at: datetime | None = None  # of a cap that is reached: free from then on; None: never


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer. `until` is the first lawful minute of a hold; `adds` what the text must gain."""

    verdict: Verdict
    reason: Reason
    findings: tuple[Finding, ...]
    until: datetime | None = None
    adds: dict[str, str] = field(default_factory=dict)

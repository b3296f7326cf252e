"""What a text is for, and what follows from it: consent, frequency caps, the lane.

Marketing is whatever is none of the purposes that a person need not agree to, so that an unknown or
misspelt purpose gets the stricter treatment. This is the one place that says so.
"""

from django.utils.translation import gettext as _

from textwell.core.errors import FieldError

CONFIRMATION = "opt_out_confirmation"  # one, of an opt-out that was just recorded
HELP = "help_reply"  # who sends and how to stop, to who asked for help
ANSWER = "answer"  # to what a person wrote, from the number that they wrote to
ANSWERS = frozenset({CONFIRMATION, HELP, ANSWER})
MARKETING = "marketing"
INVITATION = "invitation"  # advertising that asks for a yes: once ever, where a rule pack allows it
NEEDS_NO_CONSENT = frozenset({"transactional", "otp", "care"}) | ANSWERS
CAMPAIGN_PURPOSES = (
    MARKETING,
    INVITATION,
    "transactional",
    "care",
)  # a code is for one person, never for many
LANES = ("urgent", "care", "bulk")
MARKETING_LANE = "bulk"


def is_marketing(purpose: str) -> bool:
    """Advertising: counts against frequency caps, keeps to hours, and goes by the lane bulk."""
    return purpose not in NEEDS_NO_CONSENT


def needs_consent(purpose: str) -> bool:
    """A person must have agreed before. Whoever is invited must not: `invitation_law` judges that."""
    return is_marketing(purpose) and purpose != INVITATION


def binding_suppression(purpose: str, reason: str) -> str:
    """The reason of a number's suppression, "" where it does not bind a text of this purpose.

    The opt-out itself does not keep back its confirmation; every other reason does.
    """
    return "" if purpose == CONFIRMATION and reason == "opted_out" else reason


def check_campaign_purpose(purpose: str) -> None:
    """The purpose is one that a campaign may have.

    Raises:
        FieldError: on `purpose`.
    """
    if purpose not in CAMPAIGN_PURPOSES:
        mend = _("Use one of: %(known)s.") % {"known": ", ".join(CAMPAIGN_PURPOSES)}
        raise FieldError("purpose", _("is unknown."), mend)


def check_lane(*, purpose: str, lane: str) -> None:
    """The lane exists and may carry texts of this purpose.

    Raises:
        FieldError: on `lane`.
    """
    if lane not in LANES:
        mend = _("Use one of: %(known)s.") % {"known": ", ".join(LANES)}
        raise FieldError("lane", _("is unknown."), mend)
    if is_marketing(purpose) and lane != MARKETING_LANE:
        mend = _("Marketing goes by the lane bulk, so that it never delays other texts.")
        raise FieldError("lane", _("does not fit the purpose"), mend)

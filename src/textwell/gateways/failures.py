"""One taxonomy of why a message failed, over the codes of every carrier.

A class says the cause, whether trying the same again can help, and who can mend it. Reports group
by it, and the gate reads `is_permanent` of the last failure of a number.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from django.utils.translation import gettext_lazy as _


class Mender(StrEnum):
    """Who can do something about it."""

    LIST_OWNER = "list_owner"  # whoever keeps the list of numbers
    MARKETER = "marketer"  # whoever wrote the text and chose the moment
    OPERATOR = "operator"  # whoever runs this installation and its gateways
    CARRIER = "carrier"
    NOBODY = "nobody"  # it passes or it does not


class FailureClass(StrEnum):
    INVALID_NUMBER = "invalid_number"
    UNALLOCATED_NUMBER = "unallocated_number"
    ABSENT_SUBSCRIBER = "absent_subscriber"
    HANDSET_OFF = "handset_off"
    HANDSET_BUSY = "handset_busy"
    MEMORY_FULL = "memory_full"
    HANDSET_UNABLE = "handset_unable"
    SERVICE_BARRED = "service_barred"
    BLOCKED_BY_PERSON = "blocked_by_person"
    OPTED_OUT_AT_CARRIER = "opted_out_at_carrier"
    BLOCKED_BY_CARRIER = "blocked_by_carrier"
    SPAM_FILTERED = "spam_filtered"
    TEXT_NOT_ALLOWED = "text_not_allowed"
    TOO_LONG = "too_long"
    SENDER_NOT_ALLOWED = "sender_not_allowed"
    SENDER_NOT_REGISTERED = "sender_not_registered"
    TEMPLATE_NOT_REGISTERED = "template_not_registered"
    TIME_NOT_ALLOWED = "time_not_allowed"
    PORTING = "porting"
    ROAMING = "roaming"
    EXPIRED = "expired"
    DUPLICATE = "duplicate"
    CANCELED_AT_CARRIER = "canceled_at_carrier"
    THROTTLED = "throttled"
    NO_CREDIT = "no_credit"
    WRONG_CREDENTIALS = "wrong_credentials"
    NOT_SUPPORTED = "not_supported"
    ROUTE_DOWN = "route_down"
    CARRIER_FAULT = "carrier_fault"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class FailureFacts:
    """`cause` and `mend` are lazy translations. `is_permanent`: the same again fails again."""

    failure: FailureClass
    cause: Any  # lazy translation
    mend: Any  # lazy translation
    is_permanent: bool
    who_mends: Mender


def _facts(
    failure: FailureClass, who_mends: Mender, cause: Any, mend: Any, *, permanent: bool
) -> tuple[FailureClass, FailureFacts]:
    return failure, FailureFacts(failure, cause, mend, permanent, who_mends)


def gettext_noop(sentence: str) -> str:
    """Marks it for the catalogs; Django's own wants settings, which the simulator does not have."""
    return sentence


# Not the message fails but our account: nothing goes by this gateway until the operator has mended
# it. Said in English, translated where it is shown.
ACCOUNT_REFUSALS: Final[dict[FailureClass, str]] = {
    FailureClass.NO_CREDIT: gettext_noop(
        "The account at the carrier has no credit. Pay in credit, then resume the gateway."
    ),
    FailureClass.WRONG_CREDENTIALS: gettext_noop(
        "The carrier does not accept the account: its credentials are wrong, or it is suspended."
        " Correct the settings, or ask the carrier."
    ),
}

_F = FailureClass
_M = Mender

FACTS: Final[dict[FailureClass, FailureFacts]] = dict(
    (
        _facts(
            _F.INVALID_NUMBER,
            _M.LIST_OWNER,
            _("This is not a number that can be texted."),
            _("Correct the number or remove it from the list."),
            permanent=True,
        ),
        _facts(
            _F.UNALLOCATED_NUMBER,
            _M.LIST_OWNER,
            _("Nobody has this number (any more)."),
            _("Remove the number; ask the person for the present one."),
            permanent=True,
        ),
        _facts(
            _F.ABSENT_SUBSCRIBER,
            _M.NOBODY,
            _("The phone has not been seen on the network."),
            _("A later message may arrive; after months of this, let the number go."),
            permanent=False,
        ),
        _facts(
            _F.HANDSET_OFF,
            _M.NOBODY,
            _("The phone was off or without signal until the message ran out of time."),
            _("A longer validity or another hour reaches more people."),
            permanent=False,
        ),
        _facts(
            _F.HANDSET_BUSY,
            _M.NOBODY,
            _("The phone was busy with another message or call."),
            _("A later message arrives."),
            permanent=False,
        ),
        _facts(
            _F.MEMORY_FULL,
            _M.NOBODY,
            _("The phone or SIM has no room for messages."),
            _("Only the person can make room."),
            permanent=False,
        ),
        _facts(
            _F.HANDSET_UNABLE,
            _M.LIST_OWNER,
            _("The device cannot take text messages of this kind."),
            _("Try plain characters; else reach this person another way."),
            permanent=True,
        ),
        _facts(
            _F.SERVICE_BARRED,
            _M.LIST_OWNER,
            _("The person's contract does not allow text messages."),
            _("Reach this person another way."),
            permanent=True,
        ),
        _facts(
            _F.BLOCKED_BY_PERSON,
            _M.NOBODY,
            _("The person blocks this sender or all advertising."),
            _("Respect it: do not write again."),
            permanent=True,
        ),
        _facts(
            _F.OPTED_OUT_AT_CARRIER,
            _M.NOBODY,
            _("The person told the carrier STOP for this sender."),
            _("Respect it: the number belongs on the suppression list."),
            permanent=True,
        ),
        _facts(
            _F.BLOCKED_BY_CARRIER,
            _M.OPERATOR,
            _("The carrier blocks this sender, number or route."),
            _("Ask the carrier why, with the code and the time."),
            permanent=True,
        ),
        _facts(
            _F.SPAM_FILTERED,
            _M.MARKETER,
            _("The carrier's filter took the text for spam."),
            _("Change the words and the link, say who writes, and slow down."),
            permanent=True,
        ),
        _facts(
            _F.TEXT_NOT_ALLOWED,
            _M.MARKETER,
            _("The text holds something that this carrier does not carry."),
            _("Take out the forbidden words, links or characters."),
            permanent=True,
        ),
        _facts(
            _F.TOO_LONG,
            _M.MARKETER,
            _("The text has more segments or octets than the carrier takes."),
            _("Shorten the text or avoid characters that force Unicode."),
            permanent=True,
        ),
        _facts(
            _F.SENDER_NOT_ALLOWED,
            _M.OPERATOR,
            _("This sender may not be used on this route or in this country."),
            _("Choose a sender that the gateway has for the country."),
            permanent=True,
        ),
        _facts(
            _F.SENDER_NOT_REGISTERED,
            _M.OPERATOR,
            _("The country wants this sender to be registered first."),
            _("Register the sender with the carrier."),
            permanent=True,
        ),
        _facts(
            _F.TEMPLATE_NOT_REGISTERED,
            _M.OPERATOR,
            _("The country wants this text to be registered as a template first."),
            _("Register the template, or send the registered words exactly."),
            permanent=True,
        ),
        _facts(
            _F.TIME_NOT_ALLOWED,
            _M.MARKETER,
            _("The carrier does not carry advertising at this hour."),
            _("Send within the hours that the country allows."),
            permanent=False,
        ),
        _facts(
            _F.PORTING,
            _M.CARRIER,
            _("The number is being moved to another carrier."),
            _("A message in some days arrives."),
            permanent=False,
        ),
        _facts(
            _F.ROAMING,
            _M.NOBODY,
            _("The person is abroad and cannot be reached there."),
            _("A later message may arrive."),
            permanent=False,
        ),
        _facts(
            _F.EXPIRED,
            _M.NOBODY,
            _("The message ran out of time before the phone could be reached."),
            _("A longer validity reaches more people."),
            permanent=False,
        ),
        _facts(
            _F.DUPLICATE,
            _M.OPERATOR,
            _("The carrier took it for a repetition of an earlier message."),
            _("Ask the carrier for its rule on equal texts."),
            permanent=True,
        ),
        _facts(
            _F.CANCELED_AT_CARRIER,
            _M.CARRIER,
            _("The message was deleted at the carrier before it was delivered."),
            _("Ask the carrier who deleted it."),
            permanent=True,
        ),
        _facts(
            _F.THROTTLED,
            _M.OPERATOR,
            _("More was sent than the contract allows."),
            _("Lower the gateway's rate to what the contract says."),
            permanent=False,
        ),
        _facts(
            _F.NO_CREDIT,
            _M.OPERATOR,
            _("The account at the carrier has no credit."),
            _("Pay in credit, then resume the gateway."),
            permanent=False,
        ),
        _facts(
            _F.WRONG_CREDENTIALS,
            _M.OPERATOR,
            _("The carrier does not accept the account or password."),
            _("Correct the gateway's settings."),
            permanent=False,
        ),
        _facts(
            _F.NOT_SUPPORTED,
            _M.OPERATOR,
            _("The carrier does not understand a parameter that we sent."),
            _("Compare the gateway's settings with the carrier's interface description."),
            permanent=True,
        ),
        _facts(
            _F.ROUTE_DOWN,
            _M.CARRIER,
            _("The carrier has no way to this network now."),
            _("Wait, or use another gateway for this country."),
            permanent=False,
        ),
        _facts(
            _F.CARRIER_FAULT,
            _M.CARRIER,
            _("Something failed inside the carrier's network."),
            _("A later message may arrive; report it if it lasts."),
            permanent=False,
        ),
        _facts(
            _F.UNKNOWN,
            _M.CARRIER,
            _("The carrier gave a code that says nothing, or none."),
            _("Ask the carrier what the code means."),
            permanent=False,
        ),
    )
)

"""SMPP's codes → classes of failure.

A submit's code is stored as its published name (`ESME_RINVDSTADR`) or eight hex digits, a
receipt's as `STAT:err` (`UNDELIV:027`). A receipt's `err` is the vendor's own three characters; what
stands here is what most put there: the MAP user error of 3GPP TS 29.002 (section 17.6.6, in
decimal), the SM-RP cause of TS 24.011 annex E, or TP-FCS of TS 23.040 section 9.2.3.22.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from textwell.gateways.failures import FailureClass as F
from textwell.smpp.commands import Status

SUBMIT_CLASSES: Final[dict[str, F]] = {
    status.name: failure
    for failure, statuses in {
        F.INVALID_NUMBER: (Status.ESME_RINVDSTADR, Status.ESME_RINVDSTTON, Status.ESME_RINVDSTNPI),
        F.SENDER_NOT_ALLOWED: (
            Status.ESME_RINVSRCADR,
            Status.ESME_RINVSRCTON,
            Status.ESME_RINVSRCNPI,
        ),
        F.TOO_LONG: (Status.ESME_RINVMSGLEN,),
        F.THROTTLED: (Status.ESME_RTHROTTLED, Status.ESME_RMSGQFUL),
        F.WRONG_CREDENTIALS: (
            Status.ESME_RBINDFAIL,
            Status.ESME_RINVPASWD,
            Status.ESME_RINVSYSID,
            Status.ESME_RINVSYSTYP,
            Status.ESME_RSERTYPUNAUTH,
        ),
        F.BLOCKED_BY_CARRIER: (Status.ESME_RPROHIBITED, Status.ESME_RSERTYPDENIED),
        F.ROUTE_DOWN: (Status.ESME_RSERTYPUNAVAIL,),
        F.EXPIRED: (Status.ESME_RINVEXPIRY,),
        F.CARRIER_FAULT: (
            Status.ESME_RSYSERR,
            Status.ESME_RSUBMITFAIL,
            Status.ESME_RX_T_APPN,
            Status.ESME_RDELIVERYFAILURE,
            Status.ESME_RALYBND,
            Status.ESME_RINVBNDSTS,
        ),
        F.TEXT_NOT_ALLOWED: (Status.ESME_RX_R_APPN,),
        F.NOT_SUPPORTED: (
            Status.ESME_RINVCMDLEN,
            Status.ESME_RINVCMDID,
            Status.ESME_RINVPRTFLG,
            Status.ESME_RINVREGDLVFLG,
            Status.ESME_RINVSERTYP,
            Status.ESME_RINVESMCLASS,
            Status.ESME_RINVREPFLAG,
            Status.ESME_RINVSCHED,
            Status.ESME_RINVDFTMSGID,
            Status.ESME_RINVOPTPARSTREAM,
            Status.ESME_ROPTPARNOTALLWD,
            Status.ESME_RINVPARLEN,
            Status.ESME_RMISSINGOPTPARAM,
            Status.ESME_RINVOPTPARAMVAL,
            Status.ESME_RINVDCS,
            Status.ESME_RX_P_APPN,
            Status.ESME_RINVSRCADDRSUBUNIT,
            Status.ESME_RINVDSTADDRSUBUNIT,
        ),
    }.items()
    for status in statuses
}

# MAP user errors (TS 29.002) as most vendors print them, three decimal digits.
_MAP: Final[dict[int, F]] = {
    1: F.UNALLOCATED_NUMBER,  # unknownSubscriber
    5: F.UNALLOCATED_NUMBER,  # unidentifiedSubscriber
    6: F.ABSENT_SUBSCRIBER,  # absentSubscriberSM
    8: F.ROAMING,  # roamingNotAllowed
    9: F.SERVICE_BARRED,  # illegalSubscriber
    10: F.SERVICE_BARRED,  # bearerServiceNotProvisioned
    11: F.SERVICE_BARRED,  # teleserviceNotProvisioned
    12: F.HANDSET_UNABLE,  # illegalEquipment
    13: F.SERVICE_BARRED,  # callBarred
    15: F.SERVICE_BARRED,  # cug-Reject
    21: F.HANDSET_UNABLE,  # facilityNotSupported
    22: F.MEMORY_FULL,  # SM-RP 22: memory capacity exceeded
    27: F.HANDSET_OFF,  # absentSubscriber (detached); SM-RP 27: destination out of order
    28: F.HANDSET_UNABLE,  # incompatibleTerminal
    29: F.SERVICE_BARRED,  # SM-RP 29: facility rejected
    30: F.UNALLOCATED_NUMBER,  # SM-RP 30: unknown subscriber
    31: F.HANDSET_BUSY,  # subscriberBusyForMT-SMS
    32: F.HANDSET_UNABLE,  # sm-DeliveryFailure
    33: F.ABSENT_SUBSCRIBER,  # messageWaitingListFull
    34: F.CARRIER_FAULT,  # systemFailure
    35: F.CARRIER_FAULT,  # dataMissing
    36: F.CARRIER_FAULT,  # unexpectedDataValue
    38: F.ROUTE_DOWN,  # SM-RP 38: network out of order
    41: F.CARRIER_FAULT,  # SM-RP 41: temporary failure
    42: F.CARRIER_FAULT,  # SM-RP 42: congestion
    44: F.UNALLOCATED_NUMBER,  # numberChanged
    45: F.HANDSET_BUSY,  # busySubscriber
    46: F.HANDSET_OFF,  # noSubscriberReply
    47: F.CARRIER_FAULT,  # SM-RP 47: resources unavailable
    50: F.SERVICE_BARRED,  # SM-RP 50: requested facility not subscribed
    51: F.CARRIER_FAULT,  # resourceLimitation
    69: F.NOT_SUPPORTED,  # SM-RP 69: facility not implemented
    # TP-FCS, decimal of 0x80 and up
    143: F.NOT_SUPPORTED,  # 0x8F: unspecified TP-PID error
    144: F.HANDSET_UNABLE,  # 0x90: data coding scheme (alphabet) not supported
    145: F.HANDSET_UNABLE,  # 0x91: message class not supported
    159: F.HANDSET_UNABLE,  # 0x9F: unspecified TP-DCS error
    192: F.CARRIER_FAULT,  # 0xC0: service centre busy
    193: F.SERVICE_BARRED,  # 0xC1: no service centre subscription
    194: F.CARRIER_FAULT,  # 0xC2: service centre system failure
    195: F.INVALID_NUMBER,  # 0xC3: invalid SME address
    196: F.SERVICE_BARRED,  # 0xC4: destination SME barred
    197: F.DUPLICATE,  # 0xC5: duplicate SM
    208: F.MEMORY_FULL,  # 0xD0: SIM SMS storage full
    209: F.HANDSET_UNABLE,  # 0xD1: no SMS storage capability in SIM
    210: F.HANDSET_UNABLE,  # 0xD2: error in MS
    211: F.MEMORY_FULL,  # 0xD3: memory capacity exceeded
}

# What the state alone tells where the code tells nothing.
_BY_STAT: Final[dict[str, F]] = {
    "EXPIRED": F.EXPIRED,
    "DELETED": F.CANCELED_AT_CARRIER,
    "REJECTD": F.BLOCKED_BY_CARRIER,
    "UNDELIV": F.UNKNOWN,
    "UNKNOWN": F.UNKNOWN,
}

# Words that carriers put into err or stat instead of a number, by a part of them.
_WORDS: Final[tuple[tuple[str, F], ...]] = (
    ("DND", F.BLOCKED_BY_PERSON),
    ("NCPR", F.BLOCKED_BY_PERSON),
    ("BLACKLIST", F.BLOCKED_BY_CARRIER),
    ("BLKLST", F.BLOCKED_BY_CARRIER),
    ("STOP", F.OPTED_OUT_AT_CARRIER),
    ("OPTOUT", F.OPTED_OUT_AT_CARRIER),
    ("UNSUB", F.OPTED_OUT_AT_CARRIER),
    ("SPAM", F.SPAM_FILTERED),
    ("FILTER", F.SPAM_FILTERED),
    ("TEMPL", F.TEMPLATE_NOT_REGISTERED),
    ("SENDERREG", F.SENDER_NOT_REGISTERED),
    ("SENDER", F.SENDER_NOT_ALLOWED),
    ("CREDIT", F.NO_CREDIT),
    ("BALANCE", F.NO_CREDIT),
    ("ABSENT", F.ABSENT_SUBSCRIBER),
    ("SWITCHOFF", F.HANDSET_OFF),
    ("OFF", F.HANDSET_OFF),
    ("MEM", F.MEMORY_FULL),
    ("FULL", F.MEMORY_FULL),
    ("BARRED", F.SERVICE_BARRED),
    ("INVALID", F.INVALID_NUMBER),
    ("UNKNSUB", F.UNALLOCATED_NUMBER),
    ("ROAM", F.ROAMING),
    ("PORT", F.PORTING),
    ("DUP", F.DUPLICATE),
    ("THROTT", F.THROTTLED),
    ("ROUTE", F.ROUTE_DOWN),
    ("EXPIR", F.EXPIRED),
)


@lru_cache(maxsize=8192)
def classify_smpp(code: str) -> F:
    """The class of a code as stored: a status name, a hex status, or `STAT:err`."""
    if code in SUBMIT_CLASSES:
        return SUBMIT_CLASSES[code]
    stat, colon, err = code.partition(":")
    if colon:
        return classify_receipt(stat.upper(), err)
    if code.upper().startswith("0X"):
        return SUBMIT_CLASSES.get(f"0x{code[2:].upper():0>8}", F.UNKNOWN)
    return _by_words(code) or F.UNKNOWN


def classify_receipt(stat: str, err: str) -> F:
    """The class of a failed receipt's state (upper case) and error."""
    err = err.strip()
    if err.isascii() and err.isdigit() and len(err) <= 4:  # noqa: PLR2004 - longer ones are no cause
        found = _MAP.get(int(err))
        if found is not None:
            return found
    return _by_words(err) or _by_words(stat) or _BY_STAT.get(stat, F.UNKNOWN)


def _by_words(text: str) -> F | None:
    plain = "".join(filter(str.isalpha, text)).upper()
    if not plain or plain in _BY_STAT:
        return None
    return next((failure for word, failure in _WORDS if word in plain), None)

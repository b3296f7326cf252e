"""What can go wrong in this package, each error with what the caller can do."""

from __future__ import annotations

from textwell.smpp.commands import Status, status_name


class SmppError(Exception):
    """Base of all errors of this package."""


class DecodeError(SmppError):
    """Octets that are no PDU by the book.

    `status` is the ESME_* code with which a peer is to be answered; `field` names what is wrong.
    """

    def __init__(self, field: str, fact: str, status: int = Status.ESME_RINVMSGLEN) -> None:
        super().__init__(f"{field}: {fact}")
        self.field = field
        self.status = int(status)


class EncodeError(SmppError, ValueError):
    """A value that cannot be written into its field; the message names field and limit."""

    def __init__(self, field: str, fact: str) -> None:
        super().__init__(f"{field}: {fact}")
        self.field = field


class BindRefused(SmppError):
    """The SMSC answered the bind with a negative status (wrong password, too many binds…)."""

    def __init__(self, status: int) -> None:
        super().__init__(f"bind refused: {status_name(status)}")
        self.status = status


class ConnectionFailed(SmppError):
    """No TCP or TLS connection, or it was lost before the bind was answered. Try again later."""


class WrongPeer(ConnectionFailed):
    """The bind was answered by an SMSC of another name than the one that is meant; it was left."""


class NotBound(SmppError):
    """The operation needs a bound session of another kind; nothing was sent."""

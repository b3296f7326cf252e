"""Why there is no link, in words for people: kept in English, translated where they are shown."""

from __future__ import annotations

import socket
from typing import Final

from textwell.gateways.failures import gettext_noop
from textwell.gateways.wall import OUTSIDE, OutsideTheBox
from textwell.smpp.commands import Status, status_name
from textwell.smpp.errors import BindRefused, ConnectionFailed, WrongPeer

# What another try cannot mend: somebody has to change the settings.
_REFUSALS: Final[dict[int, str]] = {
    Status.ESME_RINVPASWD: gettext_noop(
        "The carrier refuses the password (ESME_RINVPASWD). Correct it in the settings."
    ),
    Status.ESME_RINVSYSID: gettext_noop(
        "The carrier does not know the system ID (ESME_RINVSYSID). Correct it in the settings."
    ),
    Status.ESME_RINVSYSTYP: gettext_noop(
        "The carrier refuses the system type (ESME_RINVSYSTYP). Correct it in the settings."
    ),
}
_BOUND_ALREADY: Final = gettext_noop(
    "The carrier says that this account is bound already (ESME_RALYBND). Does another program use it?"
)
_NO_ANSWER: Final = gettext_noop(
    "The address takes the connection, but does not answer as an SMPP carrier does."
    " Check host, port and TLS."
)


def find_refusal(error: BindRefused) -> str | None:
    """Why the settings must be changed; None where a later try may succeed."""
    return _REFUSALS.get(error.status)


def describe_refusal(error: BindRefused) -> str:
    """A bind refused for now."""
    if error.status == Status.ESME_RALYBND:
        return _BOUND_ALREADY
    return f"The carrier does not let us bind now ({status_name(error.status)})."


def describe_failure(error: ConnectionFailed, *, host: str, port: int) -> str:
    """No connection, or one that was of no use."""
    if isinstance(error, WrongPeer):
        return OUTSIDE
    cause = error.__cause__
    if cause is None:
        return _NO_ANSWER
    if isinstance(cause, OutsideTheBox):
        return str(cause)
    if isinstance(cause, ConnectionRefusedError):
        return f"Nobody listens at {host}, port {port}. Check both, or wait for the carrier."
    if isinstance(cause, TimeoutError):
        return f"{host}, port {port}, does not answer. Check both, and that no firewall is between."
    if isinstance(cause, socket.gaierror):
        return f"No machine of the name {host} is found. Check the host, or this machine's DNS."
    return f"No connection to {host}, port {port}: {cause}"

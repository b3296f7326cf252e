"""The wall around a sandbox at the socket: where its connections may lead, by the resolved address.

It is the second of two and knows nothing of the first (`sandbox`, which judges what people save): a
gateway that came into the database by another way meets it here. It is asked with the address that the
kernel is about to be given, after names were resolved, so that no name can lead elsewhere later.
"""

from __future__ import annotations

from typing import Any, Final

from textwell.core.settings import load_settings
from textwell.gateways.failures import gettext_noop

BOX_HOST: Final = "127.0.0.1"  # where `textwell run` lets its simulated carrier listen
BOX_NAME: Final = "simulator"  # the system_id by which that carrier answers a bind

OUTSIDE: Final = gettext_noop(
    "This workspace is a sandbox: its gateways connect to the carrier in the box alone, and this one"
    " leads elsewhere. Nothing was sent there; its texts wait. Remove it and use the simulated carrier."
)
NO_BOX: Final = gettext_noop(
    "This workspace is a sandbox, and the carrier in the box is switched off on this machine"
    " (TEXTWELL_SIMULATOR). Its texts wait."
)


class OutsideTheBox(OSError):
    """A connection of a sandbox that would leave the box; nothing was sent. The text is for people."""


def check_address(address: tuple[Any, ...]) -> None:  # Any: sockaddr of any family
    """Let a resolved address of a sandbox's gateway through, or raise OutsideTheBox.

    The port counts as much as the host: on loopback may listen a tunnel to a real carrier.
    """
    settings = load_settings()
    if not settings.simulator:
        raise OutsideTheBox(NO_BOX)
    if tuple(address[:2]) != (BOX_HOST, settings.simulator_port):
        raise OutsideTheBox(OUTSIDE)

"""How a client reaches its SMSC, binds and comes back."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from textwell.smpp.backoff import BackoffConfig
from textwell.smpp.commands import Command
from textwell.smpp.session_config import SessionConfig


@dataclass(frozen=True, slots=True)
class ClientConfig:
    """How to reach and bind to an SMSC. `_s` are seconds.

    `bind`: Command.bind_transceiver, bind_transmitter or bind_receiver. `tls`: a context to speak
    TLS, with `tls_hostname` where it differs from `host`. `reconnect`: bind again after a loss,
    after delays by `reconnect_backoff` with full jitter. `throttle_backoff`: see
    `Client.suggested_pause_s`. `check_address` gets each resolved address (a sockaddr) before it is
    connected to, and raises OSError for one that is not to be: a bind goes to no other.
    `peer_system_id`: an SMSC that answers the bind under another name is left at once.
    """

    host: str
    port: int
    system_id: str
    password: str = ""
    system_type: str = ""
    bind: Command = Command.bind_transceiver
    interface_version: int = 0x34
    addr_ton: int = 0
    addr_npi: int = 0
    address_range: str = ""
    tls: ssl.SSLContext | None = None
    tls_hostname: str | None = None
    connect_timeout_s: float = 10.0
    close_timeout_s: float = 5.0
    reconnect: bool = True
    reconnect_backoff: BackoffConfig = field(default_factory=BackoffConfig)
    throttle_backoff: BackoffConfig = field(default_factory=lambda: BackoffConfig(0.25, 30.0))
    session: SessionConfig = field(default_factory=SessionConfig)
    check_address: Callable[[tuple[Any, ...]], None] | None = None  # Any: sockaddr of any family
    peer_system_id: str = ""

"""Client and server over TLS."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest

from certificates import Authority, server_side
from textwell.smpp import (
    ConnectionFailed,
)
from unit.smpp.loopback import (
    Outcomes,
    client_of,
    messages,
    serving,
)

CA = Authority()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for localhost with its key, in one file."""
    return CA.issue("localhost").write(tmp_path_factory.mktemp("tls"))


async def test_a_thousand_messages_travel_over_tls(certificate: Path) -> None:
    outcomes = Outcomes()
    async with (
        serving(tls=server_side(certificate)) as server,
        client_of(
            server.port,
            on_outcomes=outcomes,
            tls=ssl.create_default_context(cadata=CA.certificate),
            tls_hostname="localhost",
        ) as client,
    ):
        await client.submit_all(messages(1_000))
        await outcomes.until(1_000)

    assert sorted(outcomes) == [(n, 0, f"id-{n}") for n in range(1_000)]


async def test_a_certificate_of_a_stranger_is_a_failed_connection(certificate: Path) -> None:
    async with serving(tls=server_side(certificate)) as server:
        with pytest.raises(ConnectionFailed, match="CERTIFICATE_VERIFY_FAILED"):
            async with client_of(
                server.port, tls=ssl.create_default_context(), tls_hostname="localhost"
            ):
                pass
        assert server.sessions == set()

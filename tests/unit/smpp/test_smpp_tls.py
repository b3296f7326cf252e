"""Client and server over TLS."""

from __future__ import annotations

import datetime as dt
import ssl
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from textwell.smpp import (
    ConnectionFailed,
)
from unit.smpp.loopback import (
    Outcomes,
    client_of,
    messages,
    serving,
)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for localhost signed by itself, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "localhost.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return path


def server_side(certificate: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return context


async def test_a_thousand_messages_travel_over_tls(certificate: Path) -> None:
    outcomes = Outcomes()
    async with (
        serving(tls=server_side(certificate)) as server,
        client_of(
            server.port,
            on_outcomes=outcomes,
            tls=ssl.create_default_context(cafile=certificate),
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

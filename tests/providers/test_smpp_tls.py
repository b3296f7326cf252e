"""An SMPP gateway over TLS: who is let in, who is refused and why, and what is not even saved."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from certificates import DAY, NOW, Authority, Pair, key_pem, server_side
from providers.recorder import Recorder, handoffs, until
from textwell.core.errors import FieldError
from textwell.gateways.providers.base import Accepted, GatewaySpec, GatewayUnreachable
from textwell.gateways.providers.smpp import PROVIDER
from textwell.gateways.providers.smpp.connection import SmppConnection
from textwell.gateways.settings import check_settings
from textwell.smpp import Pdu, Server, ServerConfig
from unit.smpp.loopback import accept_all

CA, STRANGER = Authority(), Authority("Another CA")
HERE = CA.issue("127.0.0.1")
ELSEWHERE = CA.issue("smsc.example")
OURS = CA.issue("client.example")
REQUIRED = {"host": "smsc.example", "system_id": "me", "tls": True}


@asynccontextmanager
async def carrier(
    folder: Path, pair: Pair = HERE, **tls: Any
) -> AsyncIterator[tuple[int, list[Pdu]]]:
    """A carrier that shows this certificate; its port, and the binds it has seen."""
    binds: list[Pdu] = []

    def authenticate(bind: Pdu) -> int:
        binds.append(bind)
        return 0

    config = ServerConfig(tls=server_side(pair.write(folder), **tls))
    server = Server(config, authenticate=authenticate, on_requests=accept_all)
    await server.start()
    try:
        yield server.port, binds
    finally:
        await server.stop()


def connection_to(port: int, recorder: Recorder | None = None, **settings: Any) -> SmppConnection:
    given = {"host": "127.0.0.1", "port": port, "system_id": "me", "tls": True} | settings
    checked = check_settings(PROVIDER, given)
    spec = GatewaySpec(7, 1, "Test", "smpp", "active", checked, window=100)
    return PROVIDER.connect(spec, recorder or Recorder())


async def refusal(port: int, **settings: Any) -> str:
    connection = connection_to(port, **settings)
    with pytest.raises(GatewayUnreachable) as caught:
        await connection.open()
    await connection.close()
    return str(caught.value)


async def test_the_right_ca_connects_and_sends(tmp_path: Path) -> None:
    recorder = Recorder()
    async with carrier(tmp_path) as (port, _):
        connection = connection_to(port, recorder, tls_ca=CA.certificate)
        await connection.open()
        connection.submit(handoffs(100))
        await until(lambda: len(recorder.answers) == 100)
        await connection.close()
    assert recorder.of(Accepted) == list(range(1, 101))


async def test_the_wrong_ca_is_told(tmp_path: Path) -> None:
    async with carrier(tmp_path) as (port, binds):
        said = await refusal(port, tls_ca=STRANGER.certificate)
    assert said.startswith("The carrier's certificate is not signed by an authority that we trust.")
    assert binds == []


async def test_without_a_ca_this_machine_must_trust_the_carrier(tmp_path: Path) -> None:
    async with carrier(tmp_path) as (port, binds):
        said = await refusal(port)
    assert said.startswith("The carrier's certificate is not signed by an authority that we trust.")
    assert binds == []


async def test_a_certificate_for_another_name_is_told(tmp_path: Path) -> None:
    async with carrier(tmp_path, ELSEWHERE) as (port, binds):
        said = await refusal(port, tls_ca=CA.certificate)
    assert said.startswith("The carrier's certificate is for another name.")
    assert binds == []


async def test_the_server_name_is_what_the_certificate_must_say(tmp_path: Path) -> None:
    async with carrier(tmp_path, ELSEWHERE) as (port, binds):
        connection = connection_to(port, tls_ca=CA.certificate, tls_server_name="smsc.example")
        await connection.open()
        await connection.close()
    assert len(binds) == 1


async def test_a_certificate_that_has_ended_is_told(tmp_path: Path) -> None:
    old = CA.issue("127.0.0.1", ends=NOW - DAY)
    async with carrier(tmp_path, old) as (port, _):
        said = await refusal(port, tls_ca=CA.certificate)
    assert said.startswith("The carrier's certificate has ended or is not valid yet.")


async def test_a_missing_client_certificate_is_told(tmp_path: Path) -> None:
    """TLS 1.3 judges it after the client's handshake is over; a reset may come before the reason."""
    async with carrier(tmp_path, client_ca=CA.certificate) as (port, binds):
        said = await refusal(port, tls_ca=CA.certificate)
    assert "ask for a client certificate?" in said or "asks for a client certificate." in said
    assert binds == []


async def test_a_client_certificate_of_a_stranger_is_told(tmp_path: Path) -> None:
    strange = STRANGER.issue("client.example")
    async with carrier(tmp_path, client_ca=CA.certificate) as (port, binds):
        said = await refusal(
            port,
            tls_ca=CA.certificate,
            tls_client_certificate=strange.certificate,
            tls_client_key=strange.key,
        )
    assert "client certificate" in said
    assert binds == []


async def test_our_client_certificate_is_shown_to_the_carrier(tmp_path: Path) -> None:
    async with carrier(tmp_path, client_ca=CA.certificate) as (port, binds):
        connection = connection_to(
            port,
            tls_ca=CA.certificate,
            tls_client_certificate=OURS.certificate,
            tls_client_key=OURS.key,
        )
        await connection.open()
        await connection.close()
    assert len(binds) == 1


async def test_without_the_check_any_certificate_will_do_and_the_gateway_is_cautioned(
    tmp_path: Path,
) -> None:
    settings = {"tls": True, "tls_verify": False}
    async with carrier(tmp_path, STRANGER.issue("nowhere.example")) as (port, binds):
        connection = connection_to(port, **settings)
        await connection.open()
        await connection.close()
    assert len(binds) == 1
    assert PROVIDER.cautions(settings)[0].startswith("The carrier's certificate is not checked")
    assert PROVIDER.cautions({"tls": True, "tls_verify": True}) == ()


async def test_a_carrier_without_tls_is_told() -> None:
    server = Server(ServerConfig(), authenticate=lambda _: 0, on_requests=accept_all)
    await server.start()
    try:
        said = await refusal(server.port)
    finally:
        await server.stop()
    assert "TLS" in said


@pytest.mark.parametrize(("version", "octet"), [("3.3", 0x33), ("3.4", 0x34), ("5.0", 0x50)])
async def test_the_bind_says_the_interface_version(
    version: str, octet: int, tmp_path: Path
) -> None:
    async with carrier(tmp_path) as (port, binds):
        connection = connection_to(port, tls_ca=CA.certificate, interface_version=version)
        await connection.open()
        await connection.close()
    assert [bind.fields["interface_version"] for bind in binds] == [octet]


LOCKED = key_pem(ec.generate_private_key(ec.SECP256R1()), b"secret")
CUT = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
OLD = CA.issue("client.example", ends=NOW - DAY)


@pytest.mark.parametrize(
    ("given", "field", "problem"),
    [
        ({"tls_ca": "no PEM"}, "tls_ca", "is no certificate in PEM form."),
        ({"tls_ca": CUT}, "tls_ca", "is no certificate in PEM form."),
        ({"tls_ca": CA.certificate + OURS.key}, "tls_ca", "holds a private key"),
        (
            {"tls_client_certificate": OURS.certificate + OURS.key},
            "tls_client_certificate",
            "holds a private key",
        ),
        ({"tls_client_certificate": OURS.certificate}, "tls_client_key", "is missing."),
        ({"tls_client_key": OURS.key}, "tls_client_certificate", "is missing, though"),
        (
            {"tls_client_certificate": OURS.certificate, "tls_client_key": HERE.key},
            "tls_client_key",
            "does not belong to the client certificate.",
        ),
        (
            {"tls_client_certificate": OURS.certificate, "tls_client_key": LOCKED},
            "tls_client_key",
            "is locked with a passphrase.",
        ),
        (
            {"tls_client_certificate": OURS.certificate, "tls_client_key": "hush"},
            "tls_client_key",
            "is no private key in PEM form.",
        ),
        (
            {"tls_client_certificate": OLD.certificate, "tls_client_key": OLD.key},
            "tls_client_certificate",
            "has ended on",
        ),
        ({"tls_server_name": "smsc.example:2775"}, "tls_server_name", "is not the name"),
        ({"tls": False, "tls_ca": CA.certificate}, "tls", "is off, though"),
        ({"interface_version": "3.5"}, "interface_version", "is not among the choices."),
        (
            {"interface_version": "3.3", "long_messages": "payload"},
            "long_messages",
            "needs optional parameters",
        ),
    ],
)
def test_what_cannot_work_is_named_before_it_is_saved(
    given: dict[str, Any], field: str, problem: str
) -> None:
    with pytest.raises(FieldError) as caught:
        check_settings(PROVIDER, REQUIRED | given)
    assert (caught.value.field, caught.value.problem[: len(problem)]) == (field, problem)
    assert caught.value.mend
    assert "PRIVATE KEY-----" not in f"{caught.value.problem}{caught.value.mend}"


def test_the_key_leaves_no_file_and_is_in_no_representation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    both = {"tls_client_certificate": OURS.certificate, "tls_client_key": OURS.key}
    connection = connection_to(1, **both)
    assert isinstance(connection._settings.tls_context(), ssl.SSLContext)
    assert list(tmp_path.iterdir()) == []
    assert "PRIVATE KEY" not in repr(connection._settings)

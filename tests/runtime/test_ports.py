import socket

import pytest

from textwell.core.errors import FieldError
from textwell.core.settings import Settings
from textwell.runtime.ports import claim_ports, free_ports, ports_of, taken_ports

HOST = "127.0.0.1"


def settings() -> Settings:
    ports = free_ports()
    return Settings(
        web_port=int(ports["TEXTWELL_WEB_PORT"]),
        edge_port=int(ports["TEXTWELL_EDGE_PORT"]),
        metrics_port=int(ports["TEXTWELL_METRICS_PORT"]),
    )


def listener(port: int) -> socket.socket:
    """As granian listens: others may share the port if they ask for it too."""
    link = socket.socket()
    link.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    link.bind((HOST, port))
    link.listen()
    return link


@pytest.mark.parametrize(
    ("field", "variable"),
    [
        ("web_port", "TEXTWELL_WEB_PORT"),
        ("edge_port", "TEXTWELL_EDGE_PORT"),
        ("metrics_port", "TEXTWELL_METRICS_PORT"),
    ],
)
def test_a_taken_port_is_refused_by_the_name_of_its_setting(field: str, variable: str) -> None:
    own = settings()
    number = getattr(own, field)
    with (
        listener(number),
        pytest.raises(FieldError, match=f"{variable}: port {number} is taken") as caught,
    ):
        claim_ports(HOST, ports_of(own))

    assert caught.value.field == variable
    claim_ports(HOST, ports_of(own))  # free again


def test_a_metrics_port_of_a_later_role_is_asked_too() -> None:
    own = settings()
    with listener(own.metrics_port + 6):
        [(port, what)] = taken_ports(HOST, ports_of(own))

    assert (port.role, port.number, what) == (
        "scheduler",
        own.metrics_port + 6,
        f"port {own.metrics_port + 6} is taken",
    )


def test_two_settings_with_one_port_are_refused() -> None:
    own = settings()
    twice = own.model_copy(update={"edge_port": own.web_port})

    with pytest.raises(FieldError, match="TEXTWELL_EDGE_PORT") as caught:
        claim_ports(HOST, ports_of(twice))

    told = f"port {own.web_port} is that of TEXTWELL_WEB_PORT too, for the role web."
    assert (caught.value.problem, caught.value.mend) == (told, "Give the role edge another port.")


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(FieldError, match=r"TEXTWELL_BIND_HOST: 192\.0\.2\.1 is no address of ours"):
        claim_ports("192.0.2.1", ports_of(settings()))

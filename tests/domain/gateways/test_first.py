"""The gateway that a new installation has from the start."""

import pytest

from builders import make_gateway, make_workspace
from providers.recorder import Recorder
from textwell.core.settings import Settings
from textwell.gateways import first as first_module
from textwell.gateways.first import add_first_gateway, sender_after
from textwell.gateways.models import Gateway
from textwell.gateways.providers import simulator as simulator_module
from textwell.gateways.providers.simulator import OWN_PORT, PROVIDER
from textwell.gateways.selectors import load_gateway_spec

pytestmark = pytest.mark.django_db


def set_up(monkeypatch: pytest.MonkeyPatch, **values: object) -> None:
    monkeypatch.setattr(first_module, "load_settings", lambda: Settings.model_validate(values))


def test_it_leads_to_the_simulator_of_this_installation(monkeypatch: pytest.MonkeyPatch) -> None:
    set_up(monkeypatch)

    gateway = add_first_gateway(workspace=make_workspace(), actor="system")

    assert gateway is not None
    assert gateway.settings["port"] == OWN_PORT
    assert gateway.price_micros == 0


@pytest.mark.parametrize(
    ("stored", "metrics_port", "used"),
    [({"port": OWN_PORT}, 9_100, 9_107), ({"port": OWN_PORT}, 9_200, 9_207), ({}, 9_200, 9_207),
     ({"port": 2775}, 9_200, 2775)],
)  # fmt: skip
def test_it_follows_the_port_of_the_simulator(
    monkeypatch: pytest.MonkeyPatch, stored: dict[str, object], metrics_port: int, used: int
) -> None:
    gateway = make_gateway(workspace=make_workspace(), provider="simulator", settings=stored)
    conf = Settings(metrics_port=metrics_port)
    monkeypatch.setattr(simulator_module, "load_settings", lambda: conf)

    connection = PROVIDER.connect(load_gateway_spec(gateway.id), Recorder())

    assert connection._settings.port == used


def test_it_is_made_once_and_never_beside_another(monkeypatch: pytest.MonkeyPatch) -> None:
    set_up(monkeypatch)
    make_gateway(workspace=make_workspace(), name="Orange")

    assert add_first_gateway(workspace=make_workspace(), actor="system") is None
    assert Gateway.objects.count() == 1


def test_it_can_be_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    set_up(monkeypatch, simulator="off")

    assert add_first_gateway(workspace=make_workspace(), actor="system") is None
    assert Gateway.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "sender"),
    [
        ("Green Bakery", "GreenBakery"),
        ("Green Bakery & Sons", "GreenBakery"),
        ("Sông Hồng", "SongHong"),
        ("花店", "TEXTWELL"),
        ("24/7", "TEXTWELL"),
        ("Mo", "TEXTWELL"),
    ],
)
def test_the_sender_is_what_a_handset_can_show_of_the_name(name: str, sender: str) -> None:
    assert sender_after(name) == sender

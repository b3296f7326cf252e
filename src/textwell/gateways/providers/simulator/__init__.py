"""The simulated carrier as a gateway: SMPP with everything filled in.

The default gateway of a new installation. `textwell simulate carrier` is its other end; without a
port it is the one that `textwell run` starts, wherever that listens now.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from textwell.core.settings import load_settings
from textwell.gateways.failures import FailureClass
from textwell.gateways.providers.base import GatewaySpec, Handlers, SettingField
from textwell.gateways.providers.simulator.codes import classify_simulator
from textwell.gateways.providers.smpp import SmppProvider
from textwell.gateways.providers.smpp.connection import SmppConnection
from textwell.gateways.providers.smpp.settings import FIELDS

OWN_PORT: Final = 0  # the simulator beside `textwell run`
_PREFILLED = {"host": "127.0.0.1", "system_id": "textwell", "password": "simulate"}


def _simulated(field: SettingField) -> SettingField:
    if field.name == "port":
        meant = _("0: the carrier that textwell run starts beside itself, at its present port.")
        return replace(field, default=OWN_PORT, minimum=OWN_PORT, help=meant)
    if field.name in _PREFILLED:
        return replace(field, default=_PREFILLED[field.name], is_required=False)
    return field


class SimulatorProvider(SmppProvider):
    kind = "simulator"
    is_simulated = True
    label: Any = _("Simulated carrier (SMPP)")  # Any: a lazy translation
    fields = tuple(_simulated(field) for field in FIELDS)

    def classify(self, code: str) -> FailureClass:
        return classify_simulator(code)

    def connect(self, spec: GatewaySpec, handlers: Handlers) -> SmppConnection:
        """The port of TEXTWELL_SIMULATOR_PORT is read anew with each start of a connector."""
        port = spec.settings.get("port") or load_settings().simulator_port
        return super().connect(replace(spec, settings={**spec.settings, "port": port}), handlers)


PROVIDER = SimulatorProvider()

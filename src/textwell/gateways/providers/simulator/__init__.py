"""The simulated carrier as a gateway: SMPP with everything filled in.

The default gateway of a new installation. `textwell simulate carrier` is its other end; without a
port it is the one that `textwell run` starts, wherever that listens now.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from textwell.core.errors import FieldError
from textwell.core.settings import load_settings
from textwell.gateways.failures import FailureClass
from textwell.gateways.providers.base import GatewaySpec, Handlers, SettingField
from textwell.gateways.providers.simulator.codes import classify_simulator
from textwell.gateways.providers.smpp import SmppProvider
from textwell.gateways.providers.smpp.connection import SmppConnection
from textwell.gateways.providers.smpp.settings import FIELDS
from textwell.gateways.wall import BOX_HOST

OWN_PORT: Final = 0  # the simulator beside `textwell run`
_PREFILLED = {"host": BOX_HOST, "system_id": "textwell", "password": "simulate"}


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
    note: Any = _("Plays a carrier on this machine, to try and to show. No phone gets anything.")
    fields = tuple(_simulated(field) for field in FIELDS)

    def classify(self, code: str) -> FailureClass:
        return classify_simulator(code)

    def check_in_box(self, settings: Mapping[str, Any]) -> None:
        """Only the carrier of `textwell run` itself, by address: a name may lead elsewhere."""
        if settings.get("host", BOX_HOST) != BOX_HOST:
            raise FieldError(
                "host",
                gettext("leads out of the sandbox."),
                gettext("Use %(host)s, the carrier in the box.") % {"host": BOX_HOST},
            )
        if settings.get("port", OWN_PORT) not in {OWN_PORT, load_settings().simulator_port}:
            raise FieldError(
                "port",
                gettext("may be somebody else's, and this is a sandbox."),
                gettext("Use 0, the carrier that runs beside Textwell."),
            )

    def connect(self, spec: GatewaySpec, handlers: Handlers) -> SmppConnection:
        """The port of TEXTWELL_SIMULATOR_PORT is read anew with each start of a connector.

        At the carrier beside us each gateway has an account of its own: it gives receipts and replies to
        whoever is bound under their account's name, and those of a sandbox are nobody else's.
        """
        given = dict(spec.settings)
        if spec.is_sandbox or not given.get("port"):
            given["port"] = given.get("port") or load_settings().simulator_port
            given["system_id"] = f"gw-{spec.id}"
        return super().connect(replace(spec, settings=given), handlers)


PROVIDER = SimulatorProvider()

"""The simulated carrier as a gateway: SMPP with everything filled in.

The default gateway of a new installation. `textwell simulate carrier` is its other end.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from textwell.gateways.failures import FailureClass
from textwell.gateways.providers.simulator.codes import classify_simulator
from textwell.gateways.providers.smpp import SmppProvider
from textwell.gateways.providers.smpp.settings import FIELDS

_PREFILLED = {"host": "127.0.0.1", "system_id": "textwell", "password": "simulate"}


class SimulatorProvider(SmppProvider):
    kind = "simulator"
    is_simulated = True
    label: Any = _("Simulated carrier (SMPP)")  # Any: a lazy translation
    fields = tuple(
        replace(field, default=_PREFILLED[field.name], is_required=False)
        if field.name in _PREFILLED
        else field
        for field in FIELDS
    )

    def classify(self, code: str) -> FailureClass:
        return classify_simulator(code)


PROVIDER = SimulatorProvider()

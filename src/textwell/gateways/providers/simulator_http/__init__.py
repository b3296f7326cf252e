"""The simulated carrier's HTTP door: messages by POST, receipts and texts by webhook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from textwell.gateways.failures import FailureClass
from textwell.gateways.providers.base import (
    FieldKind,
    GatewaySpec,
    Handlers,
    SettingField,
    WebhookRequest,
    WebhookResult,
)
from textwell.gateways.providers.simulator.codes import classify_simulator
from textwell.gateways.providers.simulator_http.connection import HttpConnection
from textwell.gateways.providers.simulator_http.webhook import read_webhook


class SimulatorHttpProvider:
    """Our message id is the key of idempotency, so an Unknown may be handed over again."""

    kind = "simulator_http"
    label: Any = _("Simulated carrier (HTTP)")  # Any: a lazy translation
    note: Any = _("Plays a carrier with an HTTP API, to test a program. No phone gets anything.")
    is_idempotent = True
    is_simulated = True
    fields = (
        SettingField("url", _("Address"), FieldKind.URL, "http://127.0.0.1:2776", maximum=200),
        SettingField("api_key", _("API key"), FieldKind.SECRET, is_required=True, maximum=200),
        SettingField(
            "callback_url",
            _("Where our webhooks are reached"),
            FieldKind.URL,
            "http://127.0.0.1:8001",
            maximum=200,
            help=_("The address of short links; the path is added."),
        ),
        SettingField(
            "webhook_secret",
            _("Webhook secret"),
            FieldKind.SECRET,
            "",
            maximum=200,
            help=_("Made by us if left empty."),
        ),
        SettingField(
            "response_timeout_s",
            _("Seconds to wait for an answer"),
            FieldKind.INTEGER,
            30,
            minimum=1,
            maximum=600,
        ),
    )

    def check(self, settings: Mapping[str, Any]) -> None:
        """Fields do not depend on each other."""

    def classify(self, code: str) -> FailureClass:
        return classify_simulator(code)

    def connect(self, spec: GatewaySpec, handlers: Handlers) -> HttpConnection:
        defaults = {field.name: field.default for field in self.fields}
        filled = replace(spec, settings={**defaults, **spec.settings})
        return HttpConnection(filled, handlers, self.classify)

    def read_webhook(
        self, gateway_id: int, secret: str, request: WebhookRequest, *, now: float
    ) -> WebhookResult:
        del gateway_id  # the secret alone tells who calls
        return read_webhook(secret, request, now=now, classify=self.classify)


PROVIDER = SimulatorHttpProvider()

"""SMPP 3.4: the protocol that carriers and aggregators speak."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from ipaddress import ip_address
from typing import Any, Final

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from textwell.core.errors import FieldError
from textwell.gateways.failures import FailureClass
from textwell.gateways.providers.base import (
    GatewaySpec,
    Handlers,
    SettingField,
    ShownPart,
    WebhookRequest,
    WebhookResult,
)
from textwell.gateways.providers.smpp.codes import classify_smpp
from textwell.gateways.providers.smpp.connection import SmppConnection
from textwell.gateways.providers.smpp.outgoing import show_parts
from textwell.gateways.providers.smpp.settings import FIELDS, GSM_CODINGS, SmppSettings
from textwell.gateways.providers.smpp.tls import SERVER_NAME, check_tls
from textwell.smpp.long_messages import LongStrategy

_LABEL: Final = re.compile(
    r"(?!-)[\w-]{1,63}(?<!-)"
)  # \w: names in other scripts, and _ of inner ones


_BY_TLV: Final = frozenset({LongStrategy.SAR_TLVS.value, LongStrategy.MESSAGE_PAYLOAD.value})


def _is_machine(host: str) -> bool:
    """Whether this may be a name or an address; nobody is asked."""
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return all(_LABEL.fullmatch(label) for label in host.removesuffix(".").split("."))
    return True


class SmppProvider:
    """Any SMSC that speaks SMPP 3.4."""

    kind = "smpp"
    label: Any = _("SMPP")  # Any: a lazy translation
    note: Any = _("A carrier that gave you an account for SMPP: host, system ID and password.")
    fields: tuple[SettingField, ...] = FIELDS
    is_idempotent = False
    is_simulated = False

    def check(self, settings: Mapping[str, Any]) -> None:
        for name in ("host", SERVER_NAME):
            if settings[name] and not _is_machine(settings[name]):
                raise FieldError(
                    name,
                    gettext("is not the name or address of a machine."),
                    gettext("Give it alone, without port and slashes."),
                )
        if settings["data_coding"] not in GSM_CODINGS:
            raise FieldError(
                "data_coding",
                gettext("does not mean the GSM alphabet."),
                gettext("Give 0, or with a message class 16 to 19 or 240 to 243."),
            )
        if settings["interface_version"] == "3.3" and settings["long_messages"] in _BY_TLV:
            raise FieldError(
                "long_messages",
                gettext("needs optional parameters, which SMPP 3.3 does not have."),
                gettext("Choose a user data header, or interface version 3.4."),
            )
        check_tls(settings)

    def cautions(self, settings: Mapping[str, Any]) -> tuple[str, ...]:
        found = []
        if settings.get("tls") and not settings.get("tls_verify", True):
            found.append(
                gettext(
                    "The carrier's certificate is not checked: anybody on the way to it can read"
                    " and change password and texts."
                )
            )
        coding = settings.get("data_coding", 0)
        if coding not in GSM_CODINGS:  # saved before it was refused
            found.append(
                gettext(
                    "Data coding %(coding)s does not mean the GSM alphabet, so plain texts go with 0."
                    " Give 0, or with a message class 16 to 19 or 240 to 243."
                )
                % {"coding": coding}
            )
        return tuple(found)

    def show_parts(self, settings: Mapping[str, Any], text: str) -> list[ShownPart]:
        return show_parts(text, SmppSettings.read(settings).long_messages)

    def classify(self, code: str) -> FailureClass:
        return classify_smpp(code)

    def connect(self, spec: GatewaySpec, handlers: Handlers) -> SmppConnection:
        defaults = {field.name: field.default for field in self.fields}
        filled = replace(spec, settings={**defaults, **spec.settings})
        return SmppConnection(filled, handlers, self.classify)

    def read_webhook(
        self,
        gateway_id: int,  # noqa: ARG002 - the protocol's signature
        secret: str,  # noqa: ARG002 - same
        request: WebhookRequest,  # noqa: ARG002 - same
        *,
        now: float,  # noqa: ARG002 - same
    ) -> WebhookResult:
        return WebhookResult(status=404)


PROVIDER = SmppProvider()

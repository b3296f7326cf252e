"""A gateway that is not wanted any more: deleted if it never carried anything, else retired.

What carried texts has figures, late receipts and replies, which are found by it: it stays, hidden.
"""

from enum import StrEnum
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from textwell.campaigns import sql
from textwell.core.db import cursor
from textwell.core.errors import Conflict
from textwell.gateways.actions import delete_gateway, retire_gateway
from textwell.gateways.models import Gateway, GatewayState
from textwell.gateways.selectors import access_gateway

MOST_NAMED = 3  # campaigns in a refusal


class Removal(StrEnum):
    """What became of a gateway."""

    DELETED = "deleted"
    RETIRED = "retired"


def remove_gateway(*, workspace_id: int, gateway_id: int, actor: str) -> Removal:
    """Take a gateway at rest away, and say how. One that is retired stays so: twice is once.

    Raises:
        NotFound: there is none, or it was deleted before.
        Conflict: it is active, or something waits for it.
    """
    with transaction.atomic():
        # One removal at a time, and after whoever is writing texts or launching by it.
        Gateway.objects.select_for_update().filter(workspace_id=workspace_id, id=gateway_id).first()
        gateway = access_gateway(workspace_id, gateway_id)
        if gateway.state == GatewayState.RETIRED:
            return Removal.RETIRED
        if gateway.state == GatewayState.ACTIVE:
            raise Conflict(_("The gateway is active. Pause it first."))
        params = {"workspace_id": workspace_id, "gateway_id": gateway_id}
        _refuse_awaited(params)
        if _has_carried(params):
            retire_gateway(workspace_id=workspace_id, gateway_id=gateway_id, actor=actor)
            return Removal.RETIRED
        delete_gateway(workspace_id=workspace_id, gateway_id=gateway_id, actor=actor)
    return Removal.DELETED


def _refuse_awaited(params: dict[str, Any]) -> None:
    with cursor() as raw:
        raw.execute(sql.CAMPAIGNS_AWAITING, params)
        names = [row[0] for row in raw.fetchall()]
        if names:
            shown = ", ".join(names[:MOST_NAMED]) + (" …" if len(names) > MOST_NAMED else "")
            raise Conflict(
                _(
                    "Campaigns are under way by this gateway: %(names)s. Resume it and let them end, or"
                    " cancel them."
                )
                % {"names": shown}
            )
        raw.execute(sql.IS_AWAITED, params)
        if raw.fetchone()[0]:
            raise Conflict(
                _(
                    "Texts wait for this gateway. Resume it until they are handed off, or withdraw"
                    " them."
                )
            )


def _has_carried(params: dict[str, Any]) -> bool:
    with cursor() as raw:
        raw.execute(sql.HAS_CARRIED, params)
        return bool(raw.fetchone()[0])

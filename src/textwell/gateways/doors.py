"""What the edge must know to take webhooks: one key a gateway in the bucket `gateways`."""

from __future__ import annotations

import msgspec
import structlog

from textwell.core.bus import kv_delete_after_commit, kv_put_after_commit
from textwell.core.seal import Unsealable
from textwell.core.streams import GATEWAYS_BUCKET
from textwell.gateways.models import Gateway
from textwell.gateways.registry import find_provider
from textwell.gateways.settings import unseal_settings

log = structlog.get_logger()

WEBHOOK_SECRET = "webhook_secret"  # noqa: S105 - the name of a setting, not a secret


class DoorItem(msgspec.Struct, frozen=True):
    """Value of the bucket; the key is the gateway's id."""

    id: int
    workspace_id: int
    provider: str
    webhook_secret: str


def publish_gateway(gateway: Gateway) -> bool:
    """Tell the edge about a gateway once the present transaction has committed.

    False where its secret cannot be read: the edge keeps what it knows.
    """
    try:
        secret = _secret_of(gateway)
    except Unsealable as error:
        log.warning("door not published", gateway_id=gateway.id, error=str(error))
        return False
    item = DoorItem(gateway.id, gateway.workspace_id, gateway.provider, secret)
    kv_put_after_commit(GATEWAYS_BUCKET, str(gateway.id), msgspec.json.encode(item))
    return True


def forget_gateway(gateway_id: int) -> None:
    """Close the gateway's door at the edge once the present transaction has committed."""
    kv_delete_after_commit(GATEWAYS_BUCKET, str(gateway_id))


def publish_all_gateways() -> int:
    """Write the whole bucket anew, as after a loss of the broker; how many. Twice is safe."""
    return sum(publish_gateway(gateway) for gateway in list(Gateway.objects.order_by("id")))


def _secret_of(gateway: Gateway) -> str:
    provider = find_provider(gateway.provider)
    sealed = gateway.settings.get(WEBHOOK_SECRET, "")
    if provider is None or not sealed:
        return ""
    secret: str = unseal_settings(provider, {WEBHOOK_SECRET: sealed})[WEBHOOK_SECRET]
    return secret

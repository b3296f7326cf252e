"""A sandbox's gateway of a kind that may lead to a real carrier: never opened, and its texts wait."""

from collections.abc import Sequence

from textwell.gateways.providers.base import (
    Connection,
    GatewaySpec,
    GatewayUnreachable,
    Handlers,
    Handoff,
    InBox,
    NotSent,
    Provider,
)
from textwell.gateways.wall import OUTSIDE


def connect_within(provider: Provider, spec: GatewaySpec, handlers: Handlers) -> Connection:
    """The provider's connection, which is not open yet; of a sandbox only if its kind stays inside.

    Those that do are checked once more at each socket, see `gateways.wall`.
    """
    if spec.is_sandbox and not isinstance(provider, InBox):
        return Walled(handlers)
    return provider.connect(spec, handlers)


class Walled:
    """See `providers.base.Connection`: one that cannot be opened, and says why."""

    def __init__(self, handlers: Handlers) -> None:
        self._handlers = handlers

    async def open(self) -> None:
        raise GatewayUnreachable(OUTSIDE)

    async def close(self) -> None:
        """Nothing was opened."""

    def room(self) -> int:
        return 0

    async def wait_for_room(self) -> None:
        """The link is down, always."""

    def submit(self, messages: Sequence[Handoff]) -> None:
        self._handlers.on_answers([(one.message_id, NotSent(OUTSIDE)) for one in messages])

"""What may stand in a sandbox: a workspace whose texts reach the carrier in the box alone.

The first of two walls; the second is `wall`, at the socket, and trusts nothing that is checked here.
"""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from textwell.accounts.models import Workspace
from textwell.accounts.workspaces import become_sandbox
from textwell.core.errors import Conflict, FieldError
from textwell.gateways.models import Gateway, GatewayState
from textwell.gateways.providers.base import InBox, Provider
from textwell.gateways.registry import find_provider, list_providers


def list_kinds(*, is_sandbox: bool) -> list[Provider]:
    """The kinds of gateways that a workspace can have, by kind."""
    kinds = list_providers()
    return [one for one in kinds if isinstance(one, InBox)] if is_sandbox else kinds


def find_outside(gateway: Gateway) -> FieldError | None:
    """Why this gateway may not stand in a sandbox; None if it leads to the carrier in the box."""
    provider: object = find_provider(gateway.provider)
    if isinstance(provider, InBox):
        try:
            provider.check_in_box(gateway.settings)
        except FieldError as error:
            return error
        return None
    kinds = ", ".join(one.kind for one in list_kinds(is_sandbox=True))
    problem = _("leads to a real carrier, and this is a sandbox.")
    mend = _("Use %(kinds)s here. A real carrier belongs to a workspace that is no sandbox.")
    return FieldError("provider", problem, mend % {"kinds": kinds})


def check_sandbox(gateway: Gateway) -> None:
    """Refuse a gateway about to be saved that would let texts out of a sandbox.

    Within the transaction that saves it: the workspace's row is locked, so that it cannot become a
    sandbox in between.

    Raises:
        FieldError: on `provider`, `host` or `port`.
    """
    found = Workspace.objects.select_for_update(no_key=True).filter(id=gateway.workspace_id).first()
    if found is None or not found.is_sandbox:
        return
    error = find_outside(gateway)
    if error is not None:
        raise error


def turn_into_sandbox(*, workspace: Workspace, actor: str) -> Workspace:
    """Let nothing of this workspace out any more, for ever. Twice is once.

    Raises:
        Conflict: it has gateways to real carriers; retired ones do not count, as nothing goes by them
            and they cannot come back into a sandbox.
    """
    with transaction.atomic():
        locked = Workspace.objects.select_for_update(no_key=True).get(id=workspace.id)
        if locked.is_sandbox:
            return locked
        present = Gateway.objects.filter(workspace_id=locked.id).exclude(state=GatewayState.RETIRED)
        real = [one.name for one in present.order_by("name") if find_outside(one) is not None]
        if real:
            told = _("These gateways lead to real carriers: %(names)s. Remove them first.")
            raise Conflict(told % {"names": ", ".join(real)})
        return become_sandbox(workspace=locked, actor=actor)

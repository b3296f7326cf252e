"""The first gateway of a new installation: the simulated carrier beside `textwell run`.

A workspace can then send its first texts, and see them delivered, before it has a contract.
"""

import re
from unicodedata import normalize

from django.db import transaction

from textwell.accounts.actions import add_member, create_workspace
from textwell.accounts.models import Role, User, Workspace
from textwell.core.settings import load_settings
from textwell.gateways.actions import add_sender, create_gateway
from textwell.gateways.models import Gateway
from textwell.gateways.providers.simulator import OWN_PORT

NAME = "Simulated carrier"
OTHER_SENDER = "TEXTWELL"
_LONGEST, _SHORTEST = 11, 3


def add_first_gateway(*, workspace: Workspace, actor: str) -> Gateway | None:
    """A gateway to the simulator, with a sender after the workspace's name.

    None, and nothing is done, where TEXTWELL_SIMULATOR is off or the installation has a gateway;
    so calling it twice is safe.
    """
    if not load_settings().simulator or Gateway.objects.exists():
        return None
    return _add_simulated(workspace, actor)


def open_workspace(
    *,
    owner: User,
    actor: str,
    name: str,
    country: str,
    currency: str,
    zone: str,
    language: str,
    is_sandbox: bool = False,
) -> Workspace:
    """One more workspace of a person's; a sandbox has a gateway to the simulator from the start.

    Raises:
        FieldError: name, country, zone or currency cannot be used.
    """
    with transaction.atomic():
        made = create_workspace(
            name=name,
            country=country,
            currency=currency,
            zone=zone,
            language=language,
            is_sandbox=is_sandbox,
            actor=actor,
        )
        add_member(workspace=made, email=owner.email, role=Role.OWNER, actor=actor)
        if is_sandbox:
            _add_simulated(made, actor)
    return made


def _add_simulated(workspace: Workspace, actor: str) -> Gateway:
    with transaction.atomic():
        gateway = create_gateway(
            workspace_id=workspace.id,
            name=NAME,
            provider="simulator",
            settings={"port": OWN_PORT},
            currency=workspace.currency,
            actor=actor,
        )
        add_sender(
            workspace_id=workspace.id,
            gateway_id=gateway.id,
            value=sender_after(workspace.name),
            kind="alphanumeric",
            actor=actor,
        )
    return gateway


def sender_after(name: str) -> str:
    """What a handset can show of a name: its first 11 plain letters and digits."""
    plain = re.sub("[^A-Za-z0-9]", "", normalize("NFKD", name))[:_LONGEST]
    is_fit = len(plain) >= _SHORTEST and not plain.isdigit()
    return plain if is_fit else OTHER_SENDER

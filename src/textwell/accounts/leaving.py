"""A person leaves a workspace: whatever opened it to them ends in one transaction."""

from django.db import transaction

from textwell.accounts.actions import remove_member
from textwell.accounts.invitations import revoke_invitations_to
from textwell.accounts.keys import revoke_keys_of
from textwell.accounts.models import User, Workspace


def expel_member(*, workspace: Workspace, user: User, actor: str) -> None:
    """Take a person out, with the keys that they made here and open invitations to their address.

    Raises:
        Conflict: it would leave the workspace without an owner, or the person is no member.
    """
    with transaction.atomic():
        remove_member(workspace=workspace, user=user, actor=actor)
        close_ways_in(workspace=workspace, user=user, actor=actor)


def close_ways_in(*, workspace: Workspace, user: User, actor: str) -> None:
    """End what opens the workspace besides a membership, in the caller's transaction. Twice is once."""
    revoke_keys_of(workspace=workspace, user=user, actor=actor)
    revoke_invitations_to(workspace=workspace, email=user.email, actor=actor)

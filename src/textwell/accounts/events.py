"""What happened to the people of a workspace, for those above."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MemberChanged:
    """A member got another role or left; published inside the transaction that did it."""

    workspace_id: int
    user_id: int

"""The roles, in the order in which they are started, and where each shows its health."""

from dataclasses import dataclass

SUPERVISOR_OFFSET = 0


@dataclass(frozen=True, slots=True)
class RoleSpec:
    """`metrics_offset` is added to the setting `metrics_port`."""

    name: str
    metrics_offset: int
    sentence: str


ROLES = (
    RoleSpec("web", 1, "The marketer's pages and the HTTP API."),
    RoleSpec("edge", 2, "Short links and carriers' webhooks."),
    RoleSpec("ingest", 3, "Receipts, replies, clicks and events from the streams to rows."),
    RoleSpec("connector", 4, "Hands messages to carriers: one task a gateway."),
    RoleSpec("worker", 5, "Jobs: imports, plans, exports."),
    RoleSpec("scheduler", 6, "What is due; one leader."),
)
ROLE_NAMES = tuple(role.name for role in ROLES)


def find_role(name: str) -> RoleSpec:
    """The role of that name; KeyError for an unknown one."""
    for role in ROLES:
        if role.name == name:
            return role
    raise KeyError(name)

"""What the planner must know of people before a large statement over them."""

from textwell.core.statistics import refresh_statistics


def refresh_people_statistics(workspace_id: int) -> bool:
    """Statistics anew if the workspace has far more people than is expected; True if it had."""
    columns = ("id", "workspace_id", "msisdn", "external_id", "country")
    return refresh_statistics("contacts_contact", columns, workspace_id=workspace_id)

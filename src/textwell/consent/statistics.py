"""What PostgreSQL expects of a workspace's people and of those who are not texted."""

from textwell.contacts.statistics import refresh_people_statistics
from textwell.core.statistics import refresh_statistics


def refresh_standing_statistics(workspace_id: int) -> None:
    """Before a large statement that joins people with their suppressions; see `core.statistics`."""
    refresh_people_statistics(workspace_id)
    refresh_statistics("consent_suppression", "workspace_id, msisdn", workspace_id=workspace_id)

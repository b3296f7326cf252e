"""What PostgreSQL expects of a workspace's people, before a large statement over them."""

from textwell.core.statistics import refresh_statistics


def refresh_people_statistics(workspace_id: int) -> None:
    """ANALYZE if the workspace has many more people than is expected; see `core.statistics`."""
    columns = "id, workspace_id, msisdn, external_id, country"
    refresh_statistics("contacts_contact", columns, workspace_id=workspace_id)

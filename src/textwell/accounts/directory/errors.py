"""What directories are refused, beside what all actions refuse."""

from textwell.core.errors import Conflict


class NameTaken(Conflict):
    """Somebody or something of the workspace has this name already."""

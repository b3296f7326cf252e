"""The edge role's worker process: the bare RSGI doors, health on the metrics port too."""

from textwell.core.logs import configure_logs
from textwell.core.settings import load_settings
from textwell.edge.app import application
from textwell.runtime.boot import leave_with_parent
from textwell.runtime.launch import show_metrics

__all__ = ["application"]

configure_logs("edge")
leave_with_parent()
show_metrics("edge", load_settings(), dict)

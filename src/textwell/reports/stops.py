"""Whom the texts had reached when the red button was pressed: a figure of each campaign that it held."""

from collections.abc import Iterator

from textwell.campaigns.models import Stop
from textwell.reports.export import export_many_csv
from textwell.reports.figures import Figure, Term


def reached_figure(stop: Stop) -> Figure:
    """Handed off before the stop was lifted, in one of its campaigns; while it holds: until now.

    What was under way at the press left within two seconds of it, and nothing after that.
    """
    until = None if stop.lifted_at is None else stop.lifted_at.isoformat()
    return Figure(term=Term.HANDED, until=until)


def stop_csv(stop: Stop) -> Iterator[str]:
    """Those people of every campaign as CSV, in chunks of lines; numbers are masked."""
    figure = reached_figure(stop)
    rows = stop.campaigns.select_related("campaign").order_by("campaign_id")
    return export_many_csv((row.campaign, figure) for row in rows)

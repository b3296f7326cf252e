"""Tags of figures: a number that opens its people, and what a page's figures mean, told at its end."""

from typing import Any
from urllib.parse import urlencode

from django.template.context import RequestContext
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from textwell.accounts.types import Permission
from textwell.reports.figures import Figure, read_figure
from textwell.reports.metrics import METRICS, metric_of, tell
from textwell.web import formats, words


def opens(
    context: RequestContext, text: Any, figure: Figure, campaign: Any = None, of: str = "people"
) -> SafeString | str:
    """A number that opens the list of its people, for those who may see it.

    `text` is a number or already formatted; `of` says what it counts: people, requests, replies,
    segments or cost. Without a campaign the list is over the whole workspace.
    """
    shown = text if isinstance(text, str) else formats.format_count(text or 0)
    metric = metric_of(figure, of)
    _note_metric(context, metric)
    if not context["can"].get(Permission.VIEW_REPORTS.value):
        return shown
    path = (
        reverse("web:campaigns.people", args=[campaign.id]) if campaign else reverse("web:people")
    )
    query = figure.query() if of == "people" else f"of={of}&{figure.query()}"
    return format_html(
        '<a class="opens" href="{}?{}" data-of="{}" data-metric="{}"{}>{}</a>',
        path,
        query,
        of,
        metric,
        "" if of == "people" else format_html(' title="{}"', OPENS[of]),
        shown,
    )


OPENS = {
    "requests": _("Open the people who made these requests"),
    "replies": _("Open the people who wrote these replies"),
    "segments": _("Open the people who got these segments"),
    "cost": _("Open the people whose texts cost this"),
}
_BY_TERM = {
    "audience": Figure(),
    "handed": Figure(term="handed"),
    "refused": Figure(term="refused"),
}


def as_figure(name: str) -> Figure:
    """The figure of a term of the equation, `audience`, or a reaction such as `reaction:clicked`."""
    kind, _colon, value = name.partition(":")
    if value:
        return read_figure(urlencode({kind: value}))
    return _BY_TERM.get(name) or Figure(term=name)


def _note_metric(context: RequestContext, metric: str) -> None:
    """So that `meanings`, at the end of the page, tells what it is."""
    noted: set[str] = context.request.__dict__.setdefault("metrics", set())
    noted.add(metric)


def means(context: RequestContext, metric: str) -> SafeString:
    """The attribute of an element whose number counts in a metric; `meanings` tells which."""
    _note_metric(context, metric)
    return format_html(' data-metric="{}"', metric)


def meanings(context: RequestContext, names: str = "") -> dict[str, Any]:
    """What the figures of the page are: the folded list at its end.

    Those that `opens` has shown above, and `names`: others of `reports.metrics.METRICS`. Their numbers
    are in the context's `told`, where the page has them.
    """
    shown = context.request.__dict__.get("metrics", set()) | set(names.split())
    told = context.get("told") or {}
    found = [told.get(name) or tell(name, {}) for name in METRICS if name in shown]
    return {"meanings": found, "claims": words.CLAIMS}


def meant(name: str) -> str:
    """What a figure counts, for its title."""
    return str(METRICS[name].definition)

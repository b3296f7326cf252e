"""Filters and tags of the templates: thin doors to `formats`, `words`, `charts` and `figure_tags`."""

from datetime import datetime
from typing import Any

from django import template
from django.template.context import RequestContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from lucide.templatetags.lucide import _render_icon

from textwell.contacts.models import Contact
from textwell.core.masks import mask_msisdn, mask_text
from textwell.core.ordering import Sort
from textwell.gateways import selectors as gateways
from textwell.gateways.models import Gateway
from textwell.inbox.doubts import find_doubt
from textwell.web import charts, figure_tags, formats, words

register = template.Library()


@register.simple_tag
def icon(name: str, size: int = 16, label: str = "") -> str:
    """An icon of Lucide. Without a label it is decoration and hidden from screen readers."""
    if label:
        return _render_icon(name, size, role="img", aria_label=label)
    return _render_icon(name, size, aria_hidden="true")


@register.simple_tag
def crumbs(*places: str) -> SafeString:
    """The pages above this one, the highest first: the name of each address, then its title."""
    links = format_html_join(
        " / ",
        '<a href="{}">{}</a>',
        ((reverse(name), title) for name, title in zip(places[::2], places[1::2], strict=True)),
    )
    return format_html(
        '<nav class="crumbs" aria-label="{}">{}</nav>', gettext("Where you are"), links
    )


@register.filter
def count(value: Any) -> str:
    return formats.format_count(value or 0)


@register.filter
def round_count(value: float) -> str:
    return formats.format_count(round(value or 0))


@register.filter
def decimals(value: float, digits: int) -> str:
    """A number with so many digits after the point, as the page's language writes it."""
    return formats.format_decimals(value or 0, digits)


@register.filter
def short_count(value: Any) -> str:
    return formats.format_short_count(value or 0)


@register.simple_tag
def money(micros: int | None, currency: str) -> str:
    return formats.format_money(micros or 0, currency)


@register.simple_tag
def percent(part: float | None, whole: float | None, digits: int = 1) -> str:
    return formats.format_share(part or 0, whole or 0, digits=digits)


@register.filter
def points(share: float) -> str:
    """A difference of shares in percentage points, with its sign: +1.4."""
    return formats.format_points(share)


@register.filter
def duration(seconds: float | None) -> str:
    return formats.format_duration(seconds) if seconds is not None else "–"


@register.simple_tag
def moment(at: datetime | None) -> SafeString | str:
    """A point in time: how long ago, with the exact time to read on hover and for machines."""
    if at is None:
        return "–"
    exact = template.defaultfilters.date(at, "DATETIME_FORMAT")
    text = formats.format_ago(at)
    return format_html('<time datetime="{}" title="{}">{}</time>', at.isoformat(), exact, text)


@register.filter
def held_until(at: str) -> str:
    """A moment of a forecast's `held`, kept in ISO 8601, by the clock of whoever reads."""
    local = timezone.localtime(datetime.fromisoformat(at))
    return str(template.defaultfilters.date(local, "DATETIME_FORMAT"))


@register.filter
def clock(at: datetime) -> str:
    """An aware moment as its own zone's clock shows it, whatever the page's zone is."""
    return template.defaultfilters.date(at.replace(tzinfo=None), "DATETIME_FORMAT")


@register.filter
def known_as(contact: Contact) -> str:
    """By whichever names are known of a person."""
    return f"{contact.first_name} {contact.last_name}".strip() or gettext("Somebody")


@register.filter
def masked(msisdn: str) -> str:
    return mask_msisdn(msisdn)


@register.filter
def masked_inside(text: str) -> str:
    return mask_text(text)


@register.filter
def country(code: str) -> str:
    return formats.country_name(code)


@register.filter
def language(tag: str) -> str:
    return formats.language_name(tag)


@register.filter
def said(value: str, name: str) -> str:
    """The word for a value of one of the lists in `words`, by the list's name."""
    return words.word(getattr(words, name), str(value))


@register.filter
def tone(value: str, name: str) -> str:
    """The class of a badge for a value."""
    tones: dict[str, str] = getattr(words, name)
    return tones.get(str(value), "")


@register.filter
def doubt(text: str, intent: str) -> str:
    """Why a reply was left to a person; empty where its intent says it."""
    found = find_doubt(text, intent)
    return words.word(words.DOUBTS, found) if found else ""


@register.filter
def reason_text(reason: str) -> str:
    """A gate's reason or a failure class in words."""
    return words.reason(reason)


@register.filter
def item(values: Any, key: Any) -> Any:
    """`values[key]` for a key that is itself a variable; empty if it has none."""
    return values.get(key, "") if values else ""


@register.simple_tag
def bar(part: float | None, whole: float | None, tone: str = "accent") -> SafeString:
    """A bar for a table cell; the number stands beside it, so readers may skip it."""
    width = charts.share(part or 0, whole or 0)
    return format_html(
        '<svg class="bar" viewBox="0 0 1000 8" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="fill-{}" width="{}" height="8"/></svg>',
        tone,
        width,
    )


@register.simple_tag
def meter(slices: list[charts.Slice], label: str, prefix: str = "term") -> SafeString:
    """The stacked bar of the send equation. Stable ids let a refresh move it instead of jump."""
    rects = format_html_join(
        "",
        '<rect id="{}-bar-{}" class="fill-{}" x="{}" width="{}" height="24"/>',
        ((prefix, s.name, s.name, s.x, s.width) for s in slices),
    )
    return format_html(
        '<svg class="meter" role="img" aria-label="{}" viewBox="0 0 1000 24"'
        ' preserveAspectRatio="none">{}</svg>',
        label,
        rects,
    )


@register.simple_tag(takes_context=True)
def query(context: RequestContext, **changes: Any) -> str:
    """The present query string with changes; None or "" takes a name out."""
    request = context["request"]
    values = request.GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            values.pop(name, None)
        else:
            values[name] = str(value)
    encoded = values.urlencode()
    return f"?{encoded}" if encoded else "?"


@register.inclusion_tag("components/_sort_header.html", takes_context=True)
def sort_header(
    context: RequestContext, name: str, label: str, css: str = "", extra: str = ""
) -> dict[str, Any]:
    """The head of a column that the table can be sorted by; of a table that cannot be, a plain one.

    `css`: classes of the cell. `extra`: what stands behind the label.
    """
    sort: Sort | None = context.get("sort") or None
    shown = {"label": label, "css": css, "extra": extra}
    if sort is None:
        return shown
    is_chosen = sort.name == name
    falls = not sort.is_falling if is_chosen else sort.sorting.columns[name].falls_first
    address = query(context, sort=f"-{name}" if falls else name, after=None, upto=None)
    way = ("descending" if sort.is_falling else "ascending") if is_chosen else ""
    return shown | {"address": address, "way": way}


@register.simple_tag
def segment_bar(shares: dict[int, float]) -> SafeString:
    """Shares of people by 1, 2, 3 or more segments; the numbers stand below it."""
    rects, x = [], 0.0
    for number, share in shares.items():
        width = charts.share(share, 1)
        rects.append((number, x, width))
        x += width
    return format_html(
        '<svg class="bar" viewBox="0 0 1000 8" preserveAspectRatio="none" aria-hidden="true">{}</svg>',
        format_html_join(
            "", '<rect class="fill-segments-{}" x="{}" width="{}" height="8"/>', rects
        ),
    )


@register.simple_tag
def stacked_bar(terms: dict[str, int]) -> SafeString:
    """The send equation as a thin bar of a table row."""
    rects = format_html_join(
        "",
        '<rect class="fill-{}" x="{}" width="{}" height="8"/>',
        ((s.name, s.x, s.width) for s in charts.stack(terms)),
    )
    return format_html(
        '<svg class="bar" viewBox="0 0 1000 8" preserveAspectRatio="none" aria-hidden="true">{}</svg>',
        rects,
    )


PLACES = {
    "name": "name",
    "goal": "goal",
    "goal_at": "goal",
    "metric": "goal",
    "metric_event": "goal",
    "holdout_percent": "goal",
    "audience": "audience",
    "body": "body",
    "fallbacks": "body",
    "versions": "versions",
    "links": "links",
    "utm": "links",
    "gateway_id": "route",
    "sender": "route",
    "scheduled_at": "time",
    "expires_at": "time",
}


@register.filter
def by_place(problems: list[Any]) -> list[tuple[str, list[Any]]]:
    """A campaign's problems by the part of the compose page that mends them; empty parts too."""
    found: dict[str, list[Any]] = {place: [] for place in PLACES.values()}
    for problem in problems:
        found[PLACES.get(problem.field.partition(".")[0], "name")].append(problem)
    return list(found.items())


register.simple_tag(figure_tags.opens, takes_context=True)
register.simple_tag(figure_tags.means, takes_context=True)
register.inclusion_tag("components/_meanings.html", takes_context=True)(figure_tags.meanings)
register.filter(figure_tags.as_figure)
register.filter(figure_tags.meant)


@register.filter
def clicked_on(click: Any) -> str:
    """Device, system and browser of a click, in words."""
    return words.clicked_on(click.device, click.os, click.browser)


@register.filter
def source(value: str) -> str:
    """Where consent came from."""
    return words.source(value)


@register.filter
def local_name(group: Any) -> str:
    """A region as its own country writes it, for readers of that country's language."""
    return formats.local_name(group.value, group.local_value, group.country)


@register.filter
def trouble(text: str) -> str:
    """What stands in the way of a gateway, in the reader's language where it is one of our sentences."""
    return gettext(text) if text else ""


@register.filter
def cautions(gateway: Gateway) -> tuple[str, ...]:
    """What its settings allow and should not."""
    return gateways.list_cautions(gateway)


@register.filter
def is_simulated(gateway: Any) -> bool:
    """Whether its texts reach no phone; False without a gateway."""
    return bool(gateway) and gateways.is_simulated(gateway)


@register.filter
def gateway_state(gateway: Any) -> str:
    """What counts of a gateway: switched off, given up, or its link now."""
    if gateway.state != "active":
        return str(gateway.state)
    health = getattr(gateway, "gatewayhealth", None)
    return "bound" if health is not None and health.is_bound else "unbound"

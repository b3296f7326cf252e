"""Reports and lists of people as files: JSON that holds everything, CSV that any program opens."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import asdict, fields
from typing import Any

from textwell.campaigns.models import Campaign
from textwell.core.masks import mask_msisdn
from textwell.reports.figures import Figure
from textwell.reports.measuring import Measure
from textwell.reports.people import Whole, each_person
from textwell.reports.types import Group, Person, Report

_CHUNK_ROWS = 500
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_CLICK_COLUMNS = {"device": "device", "click_country": "country", "requests": "request_count"}
_PERSON_COLUMNS = tuple(each.name for each in fields(Person) if each.name != "click")
_TYPED_TEXT = ("first_name", "last_name", "operator", "code", "event")  # what others wrote, not we

JsonObject = dict[str, Any]  # Any: JSON values


def report_as_json(report: Report) -> JsonObject:
    """The whole report as JSON values; times are RFC 3339, every figure carries its filter."""
    shown = {each.name: _plain(getattr(report, each.name)) for each in fields(report)}
    shown["equation"] |= {
        "total": report.equation.total,
        "is_balanced": report.equation.is_balanced,
    }
    shown["clicks"]["rate"] = report.clicks.rate
    if (comparison := report.measure.comparison) is not None:
        shown["measure"]["comparison"]["is_told_apart"] = comparison.is_told_apart
    return shown


def _plain(value: Any) -> Any:  # Any: the fields of a report
    if isinstance(value, Figure):
        return value.values()
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if hasattr(value, "__dataclass_fields__"):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    return value.isoformat() if hasattr(value, "isoformat") else value


def report_as_csv(report: Report) -> Iterator[str]:
    """The report as lines of CSV: section, name, figure."""
    return _lines(("section", "name", "figure"), _report_rows(report))


def _report_rows(report: Report) -> Iterator[tuple[object, ...]]:
    for name in ("campaign_id", "name", "state", "currency", "made_at", "launched_at"):
        yield "campaign", name, _cell("first_name", getattr(report, name))
    yield from _measure_rows(report.measure)
    yield "equation", "audience", report.equation.audience
    for term, count in report.equation.terms.items():
        yield "equation", term, count
    yield "handed off", "people", report.equation.handed_count
    yield "handed off", "refused at hand-off", report.equation.refused_count
    yield "cost", "segments", report.equation.handed_segments
    yield "cost", "segments refused", report.equation.refused_segments
    yield "cost", "micros", report.equation.cost_micros
    for failure in report.failures:
        name = " · ".join(filter(None, (failure.state, failure.reason, failure.code)))
        yield "failures", name, failure.people_count
    for each in report.left_out:
        yield "left out", each.reason, each.people_count
    for share in report.segments:
        yield "segments", share.segment_count, share.message_count
    yield from _click_rows(report)
    for reply in report.replies:
        yield "replies", reply.intent, reply.people_count
    yield "replies", "people", report.replied_people
    yield "opt-outs", "people", report.opted_out_people
    for section in ("countries", "operators", "regions", "places"):
        yield from _group_rows(section, getattr(report, section))
    for point in report.progress:
        if point.handed_count:
            yield "progress", f"{point.at.isoformat()} handed off", point.handed_count
        for state, count in point.counts.items():
            yield "progress", f"{point.at.isoformat()} {state}", count


def _measure_rows(measure: Measure) -> Iterator[tuple[object, ...]]:
    yield "goal", "goal", measure.goal
    yield "goal", "metric", measure.metric
    if measure.event:
        yield "goal", "event", _cell("event", measure.event)
    yield "goal", "held out", measure.held_out_count
    if (found := measure.comparison) is not None:
        yield "goal", "not held out", found.texted.people_count
        yield "goal", "not held out · with the event", found.texted.did_count
        yield "goal", "held out · with the event", found.held_out.did_count
        yield "goal", "difference of the rates · 95 % from", round(found.low, 6)
        yield "goal", "difference of the rates · 95 % to", round(found.high, 6)


def _click_rows(report: Report) -> Iterator[tuple[object, ...]]:
    clicks = {**asdict(report.clicks), "rate": round(report.clicks.rate, 6)}
    for name in ("links", "devices", "countries"):
        del clicks[name]
    yield from (("clicks", name, count) for name, count in clicks.items())
    for link in report.clicks.links:
        yield "clicks by link", link.link_number, link.people_count
    for share in report.clicks.devices:
        yield "clicks by device", share.value, share.people_count
    for share in report.clicks.countries:
        yield "clicks by country", share.value, share.people_count


def _group_rows(section: str, groups: Iterable[Group]) -> Iterator[tuple[object, ...]]:
    for group in groups:
        name = _cell("operator", group.value)
        yield section, f"{name} · people", group.people_count
        yield section, f"{name} · handed off", group.handed_count
        yield section, f"{name} · delivered", group.terms["delivered"]
        yield section, f"{name} · failed", group.failed_count
        yield section, f"{name} · clicked", group.clicked_count
        yield section, f"{name} · segments", group.segment_count
        yield section, f"{name} · cost micros", group.cost_micros


def export_csv(whole: Whole, figure: Figure, *, shows_numbers: bool = False) -> Iterator[str]:
    """The people of a figure as CSV, in chunks of lines: to be streamed, memory stays flat.

    A figure about clicks has three columns more: the device and country of the click, and requests.
    Numbers are masked unless `shows_numbers`; who asks for that has the right and gave a reason.
    """
    more = _CLICK_COLUMNS if figure.shows_clicks else {}
    return _lines(
        (*_PERSON_COLUMNS, *more), _people_rows(whole, figure, shows_numbers=shows_numbers)
    )


def export_many_csv(parts: Iterable[tuple[Campaign, Figure]]) -> Iterator[str]:
    """The people of a figure of each of several campaigns, whose name comes first; as `export_csv`."""
    rows = (
        (campaign.id, _cell("first_name", campaign.name), *row)
        for campaign, figure in parts
        for row in _people_rows(campaign, figure, shows_numbers=False)
    )
    return _lines(("campaign_id", "campaign", *_PERSON_COLUMNS), rows)


def _people_rows(
    whole: Whole, figure: Figure, *, shows_numbers: bool
) -> Iterator[tuple[object, ...]]:
    more = _CLICK_COLUMNS if figure.shows_clicks else {}
    for person in each_person(whole, figure):
        yield (
            *(
                _cell(name, _value(person, name, shows_numbers=shows_numbers))
                for name in _PERSON_COLUMNS
            ),
            *(getattr(person.click, name, "") for name in more.values()),
        )


def _value(person: Person, name: str, *, shows_numbers: bool) -> object:
    value: object = getattr(person, name)
    return value if shows_numbers or name != "msisdn" else mask_msisdn(str(value))


def _cell(name: str, value: object) -> object:
    """A cell as it is written. Text that a spreadsheet would run as a formula is made plain text."""
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if name in _TYPED_TEXT and isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return f"'{value}"
    return "" if value is None else value


def _lines(names: Iterable[str], rows: Iterable[tuple[object, ...]]) -> Iterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(names)
    for count, row in enumerate(rows, start=1):
        writer.writerow(row)
        if count % _CHUNK_ROWS == 0:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()

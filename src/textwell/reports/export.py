"""Reports and lists of people as files: JSON that holds everything, CSV that any program opens."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from textwell.campaigns.models import Campaign
from textwell.core.masks import mask_msisdn
from textwell.reports.figures import Figure, Lot
from textwell.reports.measuring import Arm, Measure
from textwell.reports.optouts import each_opt_out
from textwell.reports.people import Whole, each_person
from textwell.reports.told import COLUMNS, as_columns, metrics_as_json, tell_report
from textwell.reports.types import Clicks, Group, Person, Report

_CHUNK_ROWS = 500
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_CLICK_COLUMNS = {"device": "device", "click_country": "country", "requests": "request_count"}
_PERSON_COLUMNS = tuple(each.name for each in fields(Person) if each.name != "click")
_TYPED_TEXT = ("first_name", "last_name", "operator", "code", "event")  # what others wrote, not we
_OPT_OUT_COLUMNS = (
    "contact_id", "first_name", "last_name", "msisdn", "country", "given_at", "source",
)  # fmt: skip

JsonObject = dict[str, Any]  # Any: JSON values


def report_as_json(report: Report) -> JsonObject:
    """The whole report as JSON values; times are RFC 3339, every figure carries its filter."""
    shown = {each.name: _plain(getattr(report, each.name)) for each in fields(report)}
    shown["equation"] |= {
        "total": report.equation.total,
        "is_balanced": report.equation.is_balanced,
    }
    shown["clicks"]["rate"] = report.clicks.rate
    if (texted := shown["measure"]["texted"]) is not None:
        texted["figure"] = Figure(lot=Lot.TEXTED).values()
        texted["did_figure"] = report.measure.did_figure.values()
    if (comparison := report.measure.comparison) is not None:
        told = shown["measure"]["comparison"]
        told["is_told_apart"] = comparison.is_told_apart
        for side in ("texted", "held_out"):
            told[side]["figure"] = getattr(comparison, f"{side}_figure").values()
            told[side]["did_figure"] = getattr(comparison, f"{side}_did_figure").values()
    shown["metrics"] = metrics_as_json(report)
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
    """The report as lines of CSV: section, name, figure, and what the figure is (`told.COLUMNS`)."""
    return _lines(("section", "name", "figure", *COLUMNS), _report_rows(report))


def _report_rows(report: Report) -> Iterator[tuple[object, ...]]:
    for fact in _facts(report):
        yield *fact, *("" for _column in COLUMNS)
    told = tell_report(report)
    for row in _figure_rows(report):
        known = told[row.metric]
        of_row = replace(known, count=row.share_count, whole=row.whole, ends=row.ends)
        yield row.section, row.name, row.figure, *as_columns(of_row)


def _facts(report: Report) -> Iterator[tuple[str, str, object]]:
    """What is no figure."""
    for name in ("campaign_id", "name", "state", "currency", "made_at", "launched_at"):
        yield "campaign", name, _cell("first_name", getattr(report, name))
    yield "goal", "goal", report.measure.goal
    yield "goal", "metric", report.measure.metric
    if report.measure.event:
        yield "goal", "event", _cell("event", report.measure.event)


@dataclass(frozen=True, slots=True)
class _Row:
    """A figure of the file. `whole`: what it is a share of; None where it is a whole itself.

    `count`: of a figure that is a share, what was counted. `ends`: of one whose interval is known.
    """

    section: str
    name: object
    figure: float
    metric: str
    whole: int | None = None
    count: int | None = None
    ends: tuple[float, float] | None = None

    @property
    def share_count(self) -> int | None:
        return self.figure if isinstance(self.figure, int) else self.count


def _figure_rows(report: Report) -> Iterator[_Row]:
    equation = report.equation
    audience = equation.audience
    yield from _measure_rows(report.measure, audience)
    yield _Row("equation", "audience", audience, "audience")
    for term, count in equation.terms.items():
        yield _Row("equation", term, count, "term", audience)
    yield _Row("handed off", "people", equation.handed_count, "handed", audience)
    refused = equation.refused_count
    yield _Row("handed off", "refused at hand-off", refused, "refused", audience)
    yield _Row("cost", "segments", equation.handed_segments, "segments")
    yield _Row("cost", "segments refused", equation.refused_segments, "segments")
    yield _Row("cost", "micros", equation.cost_micros, "cost")
    for failure in report.failures:
        name = " · ".join(filter(None, (failure.state, failure.reason, failure.code)))
        yield _Row("failures", name, failure.people_count, "failed", audience)
    for each in report.left_out:
        yield _Row("left out", each.reason, each.people_count, "left_out", audience)
    handed = equation.handed_count
    for share in report.segments:
        yield _Row("segments", share.segment_count, share.message_count, "handed", handed)
    yield from _click_rows(report.clicks, handed)
    for reply in report.replies:
        yield _Row("replies", reply.intent, reply.people_count, "replied", handed)
    yield _Row("replies", "people", report.replied_people, "replied", handed)
    yield _Row("opt-outs", "people", report.opted_out_people, "opted_out", handed)
    for section in ("countries", "operators", "regions", "places"):
        yield from _group_rows(section, getattr(report, section))
    for point in report.progress:
        at = point.at.isoformat()
        if point.handed_count:
            yield _Row("progress", f"{at} handed off", point.handed_count, "progress", audience)
        for state, count in point.counts.items():
            yield _Row("progress", f"{at} {state}", count, "progress", audience)


def _measure_rows(measure: Measure, audience: int) -> Iterator[_Row]:
    yield _Row("goal", "held out", measure.held_out_count, "held_out", audience)
    if measure.texted is not None:
        yield from _arm_rows("not held out", measure.texted, audience)
    if (found := measure.comparison) is None:
        return
    yield from _arm_rows("held out by lot", found.held_out, audience)
    for end, value in (("from", found.low), ("to", found.high)):
        name = f"difference of the rates · 95 % {end}"
        yield _Row("goal", name, round(value, 6), "lift", ends=(found.low, found.high))


def _arm_rows(name: str, arm: Arm, audience: int) -> Iterator[_Row]:
    yield _Row("goal", name, arm.people_count, "side", audience)
    yield _Row("goal", f"{name} · with the event", arm.did_count, "did", arm.people_count)


def _click_rows(clicks: Clicks, handed: int) -> Iterator[_Row]:
    """People who clicked have no whole here: of some the text has no receipt."""
    delivered = clicks.delivered_people
    requests = clicks.human_requests + clicks.unsure_requests + clicks.machine_requests
    yield _Row("clicks", "human_people", clicks.human_people, "clicked")
    yield _Row("clicks", "unsure_people", clicks.unsure_people, "unsure", handed)
    yield _Row("clicks", "machine_people", clicks.machine_people, "machine", handed)
    for kind in ("human", "unsure", "machine"):
        made = getattr(clicks, f"{kind}_requests")
        yield _Row("clicks", f"{kind}_requests", made, "requests", requests)
    yield _Row("clicks", "delivered_people", delivered, "delivered")
    both = clicks.clicked_and_delivered
    yield _Row("clicks", "clicked_and_delivered", both, "clicked", delivered)
    yield _Row("clicks", "rate", round(clicks.rate, 6), "clicked", delivered, count=both)
    parts: tuple[tuple[str, Iterable[tuple[object, int]]], ...] = (
        ("link", ((each.link_number, each.people_count) for each in clicks.links)),
        ("device", ((each.value, each.people_count) for each in clicks.devices)),
        ("country", ((each.value, each.people_count) for each in clicks.countries)),
    )
    for kind, found in parts:
        for value, people in found:
            yield _Row(f"clicks by {kind}", value, people, "clicks_by")


def _group_rows(section: str, groups: Iterable[Group]) -> Iterator[_Row]:
    for group in groups:
        name = _cell("operator", group.value)
        people, handed = group.people_count, group.handed_count
        delivered = group.terms["delivered"]
        yield _Row(section, f"{name} · people", people, "audience")
        yield _Row(section, f"{name} · handed off", handed, "handed", people)
        yield _Row(section, f"{name} · delivered", delivered, "delivered", handed)
        yield _Row(section, f"{name} · failed", group.failed_count, "failed", people)
        yield _Row(section, f"{name} · clicked", group.clicked_count, "clicked")
        yield _Row(section, f"{name} · segments", group.segment_count, "segments")
        yield _Row(section, f"{name} · cost micros", group.cost_micros, "cost")


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


def opt_outs_csv(workspace_id: int, since: datetime) -> Iterator[str]:
    """Everybody who opted out since then as CSV, in chunks of lines; numbers are masked."""
    rows = (
        (
            each.contact_id,
            _cell("first_name", each.first_name),
            _cell("last_name", each.last_name),
            mask_msisdn(each.msisdn),
            each.country,
            each.given_at.isoformat(),
            _cell("first_name", each.source),
        )
        for each in each_opt_out(workspace_id, since)
    )
    return _lines(_OPT_OUT_COLUMNS, rows)


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

"""A report's metrics with their numbers, and which field of it is of which metric."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

from textwell.messaging.types import Equation
from textwell.reports.metrics import METRICS, Told, tell
from textwell.reports.today import Today
from textwell.reports.types import Report

# Of the report as JSON: "[]" each of a list, "*" each of a dictionary. What is not here is no figure.
FIELDS: Final = {
    "equation.audience": "audience",
    "equation.total": "audience",
    "equation.terms.*": "term",
    "equation.handed_count": "handed",
    "equation.refused_count": "refused",
    "equation.not_sent_count": "term",
    "equation.handed_segments": "segments",
    "equation.refused_segments": "segments",
    "equation.segment_count": "segments",
    "equation.cost_micros": "cost",
    "progress[].counts.*": "progress",
    "progress[].handed_count": "progress",
    "failures[].people_count": "failed",
    "left_out[].people_count": "left_out",
    "segments[].message_count": "handed",
    "segments[].cost_micros": "cost",
    "clicks.human_people": "clicked",
    "clicks.clicked_and_delivered": "clicked",
    "clicks.rate": "clicked",
    "clicks.delivered_people": "delivered",
    "clicks.unsure_people": "unsure",
    "clicks.machine_people": "machine",
    "clicks.human_requests": "requests",
    "clicks.unsure_requests": "requests",
    "clicks.machine_requests": "requests",
    "clicks.links[].people_count": "clicks_by",
    "clicks.links[].click_count": "requests",
    "clicks.devices[].people_count": "clicks_by",
    "clicks.devices[].click_count": "requests",
    "clicks.countries[].people_count": "clicks_by",
    "clicks.countries[].click_count": "requests",
    "replies[].people_count": "replied",
    "replies[].reply_count": "requests",
    "replied_people": "replied",
    "opted_out_people": "opted_out",
    "measure.held_out_count": "held_out",
    "measure.texted.people_count": "side",
    "measure.texted.did_count": "did",
    "measure.comparison.texted.people_count": "side",
    "measure.comparison.texted.did_count": "did",
    "measure.comparison.held_out.people_count": "side",
    "measure.comparison.held_out.did_count": "did",
    "measure.comparison.low": "lift",
    "measure.comparison.high": "lift",
} | {
    f"{section}[].{name}": metric
    for section in ("countries", "operators", "regions", "places")
    for name, metric in {
        "people_count": "audience",
        "terms.*": "term",
        "handed_count": "handed",
        "segment_count": "segments",
        "cost_micros": "cost",
        "clicked_count": "clicked",
    }.items()
}


def tell_equation(equation: Equation) -> dict[str, Told]:
    """Metrics of what became of the texts, by name."""
    return _tell(_counts(equation), None)


def tell_report(report: Report) -> dict[str, Told]:
    """Metrics of a whole report, by name."""
    clicks = report.clicks
    counts = _counts(report.equation) | {
        "clicked": clicks.clicked_and_delivered,
        "unsure": clicks.unsure_people,
        "machine": clicks.machine_people,
        "replied": report.replied_people,
        "opted_out": report.opted_out_people,
        "held_out": report.measure.held_out_count,
        "left_out": report.equation["skipped"],
    }
    requests = clicks.human_requests + clicks.unsure_requests + clicks.machine_requests
    counts["requests"] = requests
    measure = report.measure
    if measure.texted is not None:
        counts |= {"side": measure.texted.people_count, "did": measure.texted.did_count}
    told = _tell(counts, clicks.machine_requests / requests if requests else None)
    if (found := measure.comparison) is not None:
        told["lift"] = replace(told["lift"], ends=(found.low, found.high))
    return told


def tell_today(today: Today) -> dict[str, Told]:
    """The metrics of a page that counts since midnight: wholes, with the share of machines."""
    told = _tell({}, today.machine_share)
    return {name: replace(one, metric=replace(one.metric, of="")) for name, one in told.items()}


def _counts(equation: Equation) -> dict[str, int]:
    return {
        "audience": equation.audience,
        "handed": equation.handed_count,
        "refused": equation.refused_count,
        "delivered": equation["delivered"],
        "failed": sum(equation[term] for term in ("undelivered", "rejected", "expired")),
        "segments": equation.handed_segments,
    }


def _tell(counts: dict[str, int], machine_share: float | None) -> dict[str, Told]:
    return {name: tell(name, counts, machine_share=machine_share) for name in METRICS}


def metrics_as_json(report: Report) -> list[dict[str, Any]]:  # Any: JSON values
    """Every metric of a report with its five attributes and the fields that it is shown in."""
    fields: dict[str, list[str]] = {}
    for field, name in FIELDS.items():
        fields.setdefault(name, []).append(field)
    told = tell_report(report)
    return [as_json(told[name]) | {"fields": shown} for name, shown in fields.items()]


def as_json(told: Told) -> dict[str, Any]:  # Any: JSON values
    low, high = told.interval or (None, None)
    metric, whole = told.metric, told.whole_metric
    return {
        "name": told.name,
        "label": str(metric.label),
        "definition": str(metric.definition),
        "count": told.count,
        "of": metric.of,
        "of_label": str(whole.label) if whole else "",
        "of_count": told.whole,
        "share": told.share,
        "certainty": "95 %" if told.interval else "exact",
        "low": low,
        "high": high,
        "machines": metric.machines.value,
        "machine_share": told.machine_share,
        "claim": metric.claim.value,
    }


COLUMNS: Final = (
    "metric", "definition", "of", "of_figure", "share", "certainty", "low", "high", "machines",
    "machine_share", "claim",
)  # fmt: skip


def as_columns(told: Told) -> Iterable[object]:
    """`COLUMNS` of one number of a file."""
    shown = as_json(told) | {"metric": told.name, "of_figure": told.whole}
    for key in ("share", "low", "high", "machine_share"):
        if shown[key] is not None:
            shown[key] = round(shown[key], 6)
    return ["" if shown[key] is None else shown[key] for key in COLUMNS]

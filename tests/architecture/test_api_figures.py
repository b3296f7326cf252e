"""Every number that the API answers is a figure with its five attributes, or known not to be one."""

from collections.abc import Iterator
from typing import Any

from textwell.api.app import api
from textwell.api.figures import FIGURES

DOCUMENT: dict[str, Any] = api.get_openapi_schema(path_prefix="/api/v1/")  # Any: JSON
SCHEMAS = DOCUMENT["components"]["schemas"]
ATTRIBUTES = {"metric", "definition", "of", "certainty", "machines", "claim"}
# Why a number is no figure.
NO_FIGURES = {
    "settings": {
        "CampaignOut.holdout_percent", "CampaignOut.cap_count", "CampaignOut.cap_hours",
        "CampaignOut.validity_hours", "GatewayOut.segments_per_second", "GatewayOut.price_micros",
        "GatewayWhole.segments_per_second", "GatewayWhole.price_micros", "GatewayWhole.settings",
        "GatewayWhole.window", "GatewayWhole.prices", "KeyMade.rate_per_s", "KeyOut.rate_per_s",
        "SenderOut.segments_per_second", "SettingOut.default", "SettingOut.minimum",
        "SettingOut.maximum", "WorkspaceMade.cap_count", "WorkspaceMade.cap_hours",
        "WorkspaceMade.answer_minutes", "WorkspaceMade.approval_above", "WorkspaceOut.cap_count",
        "WorkspaceOut.cap_hours", "WorkspaceOut.answer_minutes", "WorkspaceOut.approval_above",
        "ProgrammeOut.monthly_count", "ProgrammeOut.min_age", "ProgrammeOut.low_codes",
        "ProgrammeDetail.monthly_count", "ProgrammeDetail.min_age", "ProgrammeDetail.low_codes",
        "PlacementOut.cost_micros", "SourceOut.cost_micros", "PromiseOut.most", "PromiseOut.days",
        "PromiseOut.version", "WorkspaceMade.consent_months", "WorkspaceOut.consent_months",
    },
    "of one message": {
        "Accepted.segment_count", "AnswerOut.segment_count", "MessageDetail.segment_count",
        "MessageDetail.cost_micros", "MessageOut.segment_count", "MessageOut.cost_micros",
        "PartOut.octet_count", "PersonOut.segment_count", "PersonOut.cost_micros",
        "PreviewOut.segment_count", "PreviewOut.cost_micros", "PreviewOut.units_left",
        "TextOut.segment_count", "TextOut.cost_micros",
    },
    "of packs, not of people": {
        "RejudgmentOut.by_verdict", "RejudgmentOut.consent_unsaid", "RejudgmentOut.text_unknown",
        "RejudgmentOut.next", "RuleCountOut.judged", "RuleCountOut.failed", "RuleCountOut.lacking",
        "PackImpactOut.moved_count", "PackImpactOut.stopped_count",
        "PackImpactOut.next", "StandingOut.max_age_days",
    },
    "of one file": {"DocumentOut.size"},
    "a setting of one template": {"RegisteredTextOut.longest"},
    "of one person": {"ContactDetail.fields", "ContactOut.fields"},
    "of one call": {"DeliveryOut.last_status", "DeliveryOut.last_duration_ms", "Problem.status"},
    "a place in an order": {
        "AnswerOut.entry", "LinkClicksOut.link_number", "NoteOut.entry", "ProblemOut.line",
        "RejectedOut.place", "ReportOut.progress_step_s", "SegmentsOut.segment_count",
        "ThreadDetail.last_entry", "ThreadOut.last_entry", "DisclosureOut.version",
    },
    "what this very call did": {
        "BulkOut.created_count", "BulkOut.updated_count", "BulkOut.unchanged_count",
        "Changed.count", "Count.count", "ErasureOut.done_count", "ErasureOut.people_count",
        "ErasureOut.swept", "EventsTaken.count", "JobOut.done_count",
        "CodesOut.added_count", "CodesOut.known_count",
        "JobOut.total_count", "SuppressedOut.added_count", "SuppressedOut.known_count",
        "ImportedOut.number_count", "ImportedOut.rejected_count", "RegisterOut.number_count",
    },
    "an attribute of a figure": {
        "MetricOut.count", "MetricOut.of_count", "MetricOut.share", "MetricOut.low",
        "MetricOut.high", "MetricOut.machine_share",
    },
}  # fmt: skip


def _is_number(schema: dict[str, Any]) -> bool:
    if schema.get("type") in {"integer", "number"}:
        return True
    inner = [each for key in ("anyOf", "oneOf", "allOf") for each in schema.get(key, [])]
    inner += [
        each
        for key in ("additionalProperties", "items")
        if isinstance(each := schema.get(key), dict)
    ]
    return any(_is_number(each) for each in inner)


def _named(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _named(each)
    elif isinstance(value, dict):
        reference = str(value.get("$ref", ""))
        if "/schemas/" in reference:
            yield reference.rpartition("/")[2]
        for each in value.values():
            yield from _named(each)


def _answered() -> set[str]:
    """Names of the schemas that answers are made of."""
    waiting = [
        name
        for methods in DOCUMENT["paths"].values()
        for operation in methods.values()
        for name in _named(operation["responses"])
    ]
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += _named(SCHEMAS[name])
    return found


def _numbers() -> dict[str, dict[str, Any]]:
    return {
        f"{name}.{field}": details
        for name in _answered()
        for field, details in SCHEMAS[name].get("properties", {}).items()
        if _is_number(details) and field != "id" and not field.endswith(("_id", "_ids"))
    }


def test_every_number_of_an_answer_is_a_figure_or_known_not_to_be_one() -> None:
    excepted = {each for names in NO_FIGURES.values() for each in names}
    numbers = _numbers()

    bare = {name for name, details in numbers.items() if "x-figure" not in details}
    assert bare == excepted
    assert {f"{name}.{field}" for name, fields in FIGURES.items() for field in fields} == (
        numbers.keys() - excepted
    )


def test_every_figure_of_the_document_has_its_attributes() -> None:
    told = [details["x-figure"] for details in _numbers().values() if "x-figure" in details]

    for each in told:
        assert each.keys() == ATTRIBUTES
        assert all(each[name] for name in ATTRIBUTES - {"of"}), each

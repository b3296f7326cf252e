"""Which numbers of answers are figures, and of which metric: the document says of each what it is."""

from typing import Final

from django.utils.translation import override

from textwell.api.examples import JsonObject
from textwell.reports.metrics import METRICS

_EQUATION: Final = {
    "audience": "audience",
    "terms": "term",
    "handed_count": "handed",
    "refused_count": "refused",
    "not_sent_count": "term",
    "handed_segments": "segments",
    "segment_count": "segments",
    "cost_micros": "cost",
}
_TOLD: Final = {"waiting_count": "told_waiting", "failed_count": "told_failed"}
_GROUP: Final = {"contact_count": "on_list", "textable_count": "textable"}
# By schema and field. What is a number and not here is a setting, a limit, a place or one message's own.
FIGURES: Final[dict[str, dict[str, str]]] = {
    "ArmOut": {"people_count": "side", "did_count": "did"},
    "CampaignOut": {"audience_count": "audience", "planned_count": "audience"},
    "ClickPlaceOut": {"request_count": "requests"},
    "ClickShareOut": {"people_count": "clicks_by", "click_count": "requests"},
    "ClicksOut": {
        "human_people": "clicked",
        "unsure_people": "unsure",
        "machine_people": "machine",
        "human_requests": "requests",
        "unsure_requests": "requests",
        "machine_requests": "requests",
        "delivered_people": "delivered",
        "clicked_and_delivered": "clicked",
        "rate": "clicked",
    },
    "ComparisonOut": {"low": "lift", "high": "lift"},
    "DeliveryOut": {"attempt_count": "attempts"},
    "EndpointMade": _TOLD,
    "EndpointOut": _TOLD,
    "EndingCountOut": {"people_count": "consent_ends"},
    "EquationOut": _EQUATION,
    "FailureOut": {"people_count": "failed"},
    "ForcedOut": {"people_share": "segment_share", "segments_saved": "would_segments"},
    "ForecastOut": {
        "people_count": "meant",
        "sendable_count": "would_get",
        "left_out": "would_be_left_out",
        "segment_shares": "segment_share",
        "sample_count": "would_get",
        "segment_count": "would_segments",
        "cost_micros": "would_cost",
        "duration_s": "would_take",
        "forced_by": "segment_share",
        "held": "would_get",
        "night_count": "would_get",
        "never_agreed_count": "would_get",
    },
    "GroupOut": {
        "people_count": "audience",
        "terms": "term",
        "handed_count": "handed",
        "segment_count": "segments",
        "cost_micros": "cost",
        "clicked_count": "clicked",
    },
    "ImportOut": {"totals": "rows_by", "row_count": "rows"},
    "LeftOutOut": {"people_count": "left_out"},
    "LinkClicksOut": {"people_count": "clicks_by", "click_count": "requests"},
    "ListCount": _GROUP,
    "ListDetail": {"contact_count": "on_list"},
    "LiveCountOut": {"sample_count": "would_get"},
    "MeasureOut": {"held_out_count": "held_out"},
    "ProgrammeDetail": {"codes_left": "codes_left", "codes_total": "codes_left"},
    "SourceOut": {
        "joined_count": "joined",
        "pending_count": "waits_for_yes",
        "text_count": "program_texts",
        "opted_out_count": "left_after",
        "complained_count": "left_after",
        "dead_count": "left_after",
        "cost_each_micros": "join_cost",
    },
    "ProgressOut": {"counts": "progress", "handed_count": "progress"},
    "RepliesOut": {"people_count": "replied", "reply_count": "requests"},
    "ReportEquation": _EQUATION | {"total": "audience", "refused_segments": "segments"},
    "ReportOut": {"replied_people": "replied", "opted_out_people": "opted_out"},
    "SegmentGroupOut": {
        "people_count": "segment_share",
        "shares": "segment_share",
        "segments_per_person": "would_segments",
        "cost_micros_per_person": "would_cost",
    },
    "SegmentsOut": {"message_count": "handed", "cost_micros": "cost"},
    "StoppedCampaignOut": {
        "planned_count": "stop_planned",
        "handed_count": "handed",
        "waiting_count": "stop_held",
    },
    "TagCount": _GROUP,
}


def add_figures(schemas: JsonObject) -> None:
    """Put `x-figure` on every field that is one, in English."""
    with override("en"):
        for name, fields in FIGURES.items():
            for field, metric in fields.items():
                schemas[name]["properties"][field]["x-figure"] = _told(metric)


def _told(name: str) -> JsonObject:
    metric = METRICS[name]
    return {
        "metric": name,
        "definition": str(metric.definition),
        "of": metric.of,
        "certainty": str(metric.certainty)
        or ("counted; as a share of the whole with a 95 % interval" if metric.of else "counted"),
        "machines": metric.machines.value,
        "claim": metric.claim.value,
    }

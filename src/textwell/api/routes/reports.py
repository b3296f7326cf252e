"""What became of a campaign, and the people behind every figure."""

from dataclasses import asdict

from django.http import StreamingHttpResponse
from ninja import Query, Router

from textwell.accounts.types import Scope
from textwell.api.auth import ApiKey, KeyRequest
from textwell.api.files import CSV_ANSWER, csv_response, shows_numbers
from textwell.api.paging import PagingQuery
from textwell.api.schemas.base import Page
from textwell.api.schemas.reports import FigureQuery, PersonOut, RejudgmentOut, ReportOut
from textwell.campaigns.selectors import access_campaign
from textwell.messaging.chosen_then import ChosenAs
from textwell.reports.export import export_csv, report_as_csv, report_as_json
from textwell.reports.kept import find_report
from textwell.reports.people import people_of
from textwell.reports.rejudging.judging import choose_library, rejudge_part

router = Router(tags=["Reports"])
READ = ApiKey(Scope.REPORTS_READ)


@router.get("/{int:campaign_id}/report", auth=READ, response=ReportOut)
def get_report(request: KeyRequest, campaign_id: int) -> dict[str, object]:
    """The whole report: equation, progress, failures, segments, clicks, replies, places."""
    campaign = access_campaign(request.auth.workspace_id, campaign_id)
    return report_as_json(find_report(campaign))


@router.get("/{int:campaign_id}/report.csv", auth=READ, openapi_extra=CSV_ANSWER)
def get_report_csv(request: KeyRequest, campaign_id: int) -> StreamingHttpResponse:
    """The report as CSV: section, name, figure, and what the figure is, as in `metrics` of the report."""
    campaign = access_campaign(request.auth.workspace_id, campaign_id)
    return csv_response(report_as_csv(find_report(campaign)), f"campaign-{campaign_id}.csv")


@router.get("/{int:campaign_id}/rejudgment", auth=READ, response=RejudgmentOut)
def get_rejudgment(
    request: KeyRequest,
    campaign_id: int,
    pack: str = "",
    after: int = 0,
    choices: ChosenAs = "then",
) -> dict[str, object]:
    """What the rule packs say of each text of a campaign, past or planned, or would with another version.

    `pack` names a version that is to hold on every day, as FR@2026-11-01. `choices` `then` takes named days
    and lenient readings as they stood at the minute of each text, `now` as they stand today. A large
    campaign is judged in parts: ask again with `after` until `next` is null, and add the counts up. Nothing
    is changed.
    """
    campaign = access_campaign(request.auth.workspace_id, campaign_id)
    found, next_id = rejudge_part(campaign, choose_library(pack), after_id=after, chosen=choices)
    return {
        "by_verdict": dict(found.by_verdict),
        "rules": [{"rule": name, **asdict(rule)} for name, rule in sorted(found.rules.items())],
        "consent_unsaid": found.consent_unsaid,
        "text_unknown": found.text_unknown,
        "next": next_id,
    }


@router.get("/{int:campaign_id}/people", auth=READ, response=Page[PersonOut])
def list_people(
    request: KeyRequest, campaign_id: int, paging: PagingQuery, which: Query[FigureQuery]
) -> dict[str, object]:
    """The people of a figure, by message id."""
    campaign = access_campaign(request.auth.workspace_id, campaign_id)
    page = people_of(campaign, which.figure(), after=paging.after_id(), limit=paging.limit)
    after = page.next_after
    return {"items": page.people, "next": None if after is None else str(after)}


@router.get("/{int:campaign_id}/people.csv", auth=READ, openapi_extra=CSV_ANSWER)
def export_people(
    request: KeyRequest, campaign_id: int, which: Query[FigureQuery], export_reason: str = ""
) -> StreamingHttpResponse:
    """All people of a figure as CSV, streamed.

    Numbers are masked; with the scope contacts:numbers and an `export_reason`, which the audit log keeps,
    they are full.
    """
    holder = request.auth
    campaign = access_campaign(holder.workspace_id, campaign_id)
    is_full = shows_numbers(
        holder, export_reason, subject=f"campaign:{campaign_id}", what=str(which.figure().query)
    )
    lines = export_csv(campaign, which.figure(), shows_numbers=is_full)
    return csv_response(lines, f"campaign-{campaign_id}-people.csv")

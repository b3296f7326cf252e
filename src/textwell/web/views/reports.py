"""The report of a campaign: each figure opens the list of its people, and the file of it."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpResponseBase, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from textwell.accounts.types import Permission
from textwell.campaigns.models import Campaign, CampaignState
from textwell.campaigns.selectors import access_campaign
from textwell.core.errors import FieldError, NotFound
from textwell.reports.export import export_csv, report_as_csv
from textwell.reports.figures import Figure, read_figure
from textwell.reports.people import count_people, people_of
from textwell.reports.selectors import campaign_report
from textwell.web import charts, formats, words
from textwell.web.access import MemberRequest, member_page
from textwell.web.pages import whole_number
from textwell.web.tallies import build_curve

PAGE_SIZE = 50
BYTE_ORDER_MARK = "\ufeff"  # spreadsheets read UTF-8 only with it


@require_safe
@member_page(Permission.VIEW_REPORTS)
def page(request: MemberRequest, campaign_id: int) -> HttpResponseBase:
    campaign = access_campaign(request.workspace.id, campaign_id)
    if campaign.state == CampaignState.DRAFT:
        return redirect("web:campaigns.compose", campaign.id)
    report = campaign_report(campaign)
    equation = report.equation
    context = {
        "campaign": campaign,
        "report": report,
        "equation": equation,
        "slices": charts.stack(equation.terms),
        "terms": list(equation.terms.items()),
        "curve": build_curve(campaign.id),
        "failed_count": sum(failure.people_count for failure in report.failures),
        "message_count": sum(share.message_count for share in report.segments),
        "tab": "report",
    }
    return render(request, "campaigns/report.html", context)


def _figure(query: QueryDict) -> Figure:
    """The figure that the query names; names of the page itself are not part of it."""
    values = query.copy()
    for name in ("after", "page", "list"):
        values.pop(name, None)
    if "figure" in values:  # a term of the equation, as the live page links it
        values["term"] = values.pop("figure")[0]
    try:
        return read_figure(values.urlencode())
    except FieldError as error:
        raise NotFound("figure", query.urlencode()) from error


def describe(figure: Figure) -> str:
    """The figure in words, for the head of its list."""
    parts = [
        words.word(words.TERM_LABELS, figure.term) if figure.term else "",
        words.word(words.STATE_LABELS, figure.state) if figure.state else "",
        words.reason(figure.reason) if figure.reason else "",
        figure.code or "",
        formats.country_name(figure.country) if figure.country else "",
        figure.operator or "",
        figure.region or "",
        figure.place or "",
        words.word(words.REACTIONS, figure.reaction) if figure.reaction else "",
        words.word(words.INTENTS, figure.intent) if figure.intent else "",
    ]
    return " · ".join(filter(None, parts))


@require_safe
@member_page(Permission.VIEW_REPORTS)
def people(request: MemberRequest, campaign_id: int) -> HttpResponseBase:
    campaign = access_campaign(request.workspace.id, campaign_id)
    figure = _figure(request.GET)
    found = people_of(
        campaign, figure, after=whole_number(request.GET.get("after")), limit=PAGE_SIZE
    )
    context = {
        "campaign": campaign,
        "figure": figure,
        "what": describe(figure),
        "people": found.people,
        "next_after": found.next_after,
        "total": count_people(campaign, figure),
        "tab": "report",
    }
    return render(request, "campaigns/people.html", context)


@require_safe
@member_page(Permission.EXPORT_REPORTS)
def export(request: MemberRequest, campaign_id: int) -> HttpResponseBase:
    """`?list=people` with a figure: its people; without: the report's figures."""
    campaign = access_campaign(request.workspace.id, campaign_id)
    is_list = request.GET.get("list") == "people"
    lines = (
        export_csv(campaign, _figure(request.GET))
        if is_list
        else report_as_csv(campaign_report(campaign))
    )
    return _csv(lines, _file_name(campaign, is_list=is_list))


def _file_name(campaign: Campaign, *, is_list: bool) -> str:
    kind = "people" if is_list else "report"
    return f"{slugify(campaign.name) or 'campaign'}-{campaign.id}-{kind}.csv"


def _csv(lines: Iterator[str], name: str) -> StreamingHttpResponse:
    def body() -> Iterator[Any]:
        yield BYTE_ORDER_MARK
        yield from lines

    response = StreamingHttpResponse(body(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response

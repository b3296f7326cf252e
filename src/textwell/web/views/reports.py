"""The report of a campaign: each figure opens the list of its people, and the file of it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.http import HttpResponse, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from textwell.accounts.disclosure import note_disclosure
from textwell.accounts.types import Permission
from textwell.campaigns.models import Campaign, CampaignState
from textwell.campaigns.selectors import access_campaign
from textwell.core.errors import FieldError, NotFound
from textwell.gateways.models import Gateway
from textwell.gateways.selectors import find_gateway, gateway_currencies, has_price
from textwell.reports.export import export_csv, report_as_csv
from textwell.reports.figures import Figure, read_figure
from textwell.reports.kept import find_report, find_younger, is_kept, show_report
from textwell.reports.metrics import metric_of
from textwell.reports.people import Whole, open_people
from textwell.reports.today import workspace_scope
from textwell.reports.told import tell_report
from textwell.web import charts, formats, words
from textwell.web.access import MemberRequest, member_page
from textwell.web.pages import whole_number
from textwell.web.refusals import ask_again
from textwell.web.tallies import build_curve

PAGE_SIZE = 50
BYTE_ORDER_MARK = "\ufeff"  # spreadsheets read UTF-8 only with it


@require_safe
@member_page(Permission.VIEW_REPORTS)
def page(request: MemberRequest, campaign_id: int) -> HttpResponseBase:
    campaign = access_campaign(request.workspace.id, campaign_id)
    if campaign.state == CampaignState.DRAFT:
        return redirect("web:campaigns.compose", campaign.id)
    is_asked_again = bool(request.htmx) and "shown" in request.GET
    shown = (
        find_younger(campaign, shown=request.GET["shown"])
        if is_asked_again
        else show_report(campaign)
    )
    if shown is None:
        return HttpResponse(status=204)
    report = shown.report
    if report is None:
        gateway = find_gateway(campaign.workspace_id, campaign.gateway_id)
        coming = {"campaign": campaign, "gateway": gateway, "shown": shown, "tab": "report"}
        return render(request, "campaigns/report_waiting.html", coming)
    equation = report.equation
    gateway = find_gateway(campaign.workspace_id, campaign.gateway_id)
    context = {
        "campaign": campaign,
        "report": report,
        "equation": equation,
        "slices": charts.stack(equation.terms),
        "terms": list(equation.terms.items()),
        "curve": build_curve(campaign.id),
        "failed_count": sum(failure.people_count for failure in report.failures),
        "message_count": sum(share.message_count for share in report.segments),
        "gateway": gateway,
        "is_unpriced": gateway is not None and not has_price(gateway),
        "is_kept": is_kept(campaign),
        "told": tell_report(report),
        "shown": shown,
        "is_asked_again": is_asked_again,
        "tab": "report",
    }
    return render(request, "campaigns/report.html", context)


def _figure(query: QueryDict) -> Figure:
    """The figure that the query names; names of the page itself are not part of it."""
    values = query.copy()
    for name in ("after", "page", "list", "of"):
        values.pop(name, None)
    if "figure" in values:  # a term of the equation, as the live page links it
        values["term"] = values.pop("figure")[0]
    try:
        return read_figure(values.urlencode())
    except FieldError as error:
        raise NotFound("figure", query.urlencode()) from error


def describe(figure: Figure) -> str:
    """The figure in words, for the head of its list."""
    if figure.asked:
        return words.word(words.ASKED, figure.asked)
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
        words.word(words.LOTS, figure.lot) if figure.lot else "",
        figure.event or "",
        figure.currency or "",
        words.word(words.INTENTS, figure.intent) if figure.intent else "",
        _("link %(number)s") % {"number": figure.link} if figure.link else "",
        *_unknown(figure),
        words.word(words.DEVICES, figure.device) if figure.device is not None else "",
        formats.country_name(figure.click_country) if figure.click_country else "",
        ngettext("%(count)s segment", "%(count)s segments", figure.segments)
        % {"count": figure.segments}
        if figure.segments is not None
        else "",
        *_times(figure),
    ]
    return " · ".join(str(part) for part in parts if part)


def _unknown(figure: Figure) -> Iterator[str]:
    """Words for what is asked for by being not known."""
    labels = {
        "country": _("country not known"),
        "operator": _("operator not known"),
        "region": _("region not known"),
        "place": _("place not known"),
        "click_country": _("country of the click not known"),
    }
    yield from (label for name, label in labels.items() if getattr(figure, name) == "")


def _times(figure: Figure) -> Iterator[str]:
    """The bounds of time, in the reader's zone."""
    shown = {"since": _("since %(at)s"), "until": _("before %(at)s")}
    for name, text in shown.items():
        value = getattr(figure, name)
        if value is not None:
            at = timezone.localtime(datetime.fromisoformat(value))
            yield text % {"at": date_format(at, "DATETIME_FORMAT")}


# What a number counts whose list is shown, where it counts no people.
OF_PEOPLE = {
    "requests": _lazy("These people made the requests that are counted."),
    "replies": _lazy("These people wrote the replies that are counted."),
    "segments": _lazy("These people got the segments that are counted."),
    "cost": _lazy("The texts of these people were charged for."),
}


def _show_people(request: MemberRequest, whole: Whole, figure: Figure) -> HttpResponseBase:
    after = whole_number(request.GET.get("after"))
    found, sums = open_people(whole, figure, after=after, limit=PAGE_SIZE)
    is_campaign = isinstance(whole, Campaign)
    gateway = Gateway.objects.filter(
        workspace_id=request.workspace.id,
        id=(whole.gateway_id if isinstance(whole, Campaign) else figure.gateway) or 0,
    ).first()
    context = {
        "campaign": whole if is_campaign else None,
        "figure": figure,
        "what": describe(figure),
        "counts_in": metric_of(figure, request.GET.get("of", "people")),
        "gateway": gateway,
        "explained": OF_PEOPLE.get(request.GET.get("of", ""), ""),
        "people": found.people,
        "next_after": found.next_after,
        "sums": sums,
        "currency": gateway.currency if gateway else _currency(request, figure),
        "tab": "report",
    }
    return render(request, "campaigns/people.html", context)


def _currency(request: MemberRequest, figure: Figure) -> str:
    """In which the cost of the figure's people is; "": in several, whose sum says nothing."""
    if figure.currency is not None:
        return figure.currency
    used = {*gateway_currencies(request.workspace.id).values()} or {request.workspace.currency}
    return used.pop() if len(used) == 1 else ""


@require_safe
@member_page(Permission.VIEW_REPORTS)
def people(request: MemberRequest, campaign_id: int) -> HttpResponseBase:
    campaign = access_campaign(request.workspace.id, campaign_id)
    return _show_people(request, campaign, _figure(request.GET))


@require_safe
@member_page(Permission.VIEW_REPORTS)
def workspace_people(request: MemberRequest) -> HttpResponseBase:
    """The people of a figure over all campaigns, as the home page and the gateways count them."""
    figure = _figure(request.GET)
    return _show_people(request, workspace_scope(request.workspace.id, figure), figure)


@require_safe
@member_page(Permission.EXPORT_REPORTS)
def workspace_export(request: MemberRequest) -> HttpResponseBase:
    figure = _figure(request.GET)
    lines = export_csv(workspace_scope(request.workspace.id, figure), figure)
    return csv_response(lines, "people.csv")


@require_safe
@member_page(Permission.EXPORT_REPORTS)
def export(request: MemberRequest, campaign_id: int) -> HttpResponseBase:
    """`?list=people` with a figure: its people; without: the report's figures."""
    campaign = access_campaign(request.workspace.id, campaign_id)
    is_list = request.GET.get("list") == "people"
    lines = (
        export_csv(campaign, _figure(request.GET))
        if is_list
        else report_as_csv(find_report(campaign))
    )
    return csv_response(lines, _file_name(campaign, is_list=is_list))


@require_POST
@member_page(Permission.EXPORT_CONTACTS)
def export_people(request: MemberRequest, campaign_id: int) -> HttpResponseBase:
    """The people of a figure with full numbers, for a reason that the audit log keeps."""
    campaign = access_campaign(request.workspace.id, campaign_id)
    figure = _figure(request.GET)
    try:
        note_disclosure(
            workspace_id=request.workspace.id,
            actor=request.actor,
            action="contacts.exported",
            subject=f"campaign:{campaign.id}",
            what=request.GET.urlencode(),
            reason=request.POST.get("reason", ""),
        )
    except FieldError as error:
        back = f"{reverse('web:campaigns.people', args=[campaign.id])}?{figure.query}"
        return ask_again(request, error, back=back, labels={"reason": _("What for?")})
    lines = export_csv(campaign, figure, shows_numbers=True)
    return csv_response(lines, _file_name(campaign, is_list=True))


def _file_name(campaign: Campaign, *, is_list: bool) -> str:
    kind = "people" if is_list else "report"
    return f"{slugify(campaign.name) or 'campaign'}-{campaign.id}-{kind}.csv"


def csv_response(lines: Iterator[str], name: str) -> StreamingHttpResponse:
    """A file for people's spreadsheets: its texts are read as UTF-8."""

    def body() -> Iterator[Any]:
        yield BYTE_ORDER_MARK
        yield from lines

    response = StreamingHttpResponse(body(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response

"""What the compose page shows while one writes: one person's text, and what all of it would do."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_POST

from textwell.accounts.types import Permission
from textwell.campaigns.approval import EDITABLE
from textwell.campaigns.checks import check_campaign, list_warnings
from textwell.campaigns.counting import count_live
from textwell.campaigns.forecast import build_forecast, build_preview
from textwell.campaigns.models import Campaign
from textwell.campaigns.reach import Reach
from textwell.campaigns.selectors import access_campaign
from textwell.campaigns.types import Preview
from textwell.compliance.wording import Element
from textwell.contacts.models import Contact
from textwell.contacts.selectors import list_contacts
from textwell.core.errors import FieldError
from textwell.links.selectors import link_prefix
from textwell.messaging.compose import mend_text
from textwell.segments.selectors import compile_audience
from textwell.segments.types import parse_audience
from textwell.text.segments import SegmentedText, segment_text
from textwell.text.vietnamese import remove_vietnamese_accents
from textwell.web.access import MemberRequest, member_page
from textwell.web.forms.compose import ComposeForm, initial_of
from textwell.web.pages import whole_number


def _read(request: MemberRequest) -> tuple[ComposeForm, Campaign]:
    """The form as it stands and the campaign that it would make; nothing is stored."""
    workspace_id = request.workspace.id
    blank = Campaign(workspace_id=workspace_id, audience={"all": True})
    draft_id = whole_number(request.POST.get("draft_id"))
    draft = blank if draft_id is None else access_campaign(workspace_id, draft_id)
    blank.id = draft.id  # the lot of those who are held out is the draft's own
    form = ComposeForm(request.POST, initial=initial_of(draft), workspace_id=workspace_id)
    if form.is_valid():
        for name, value in form.values().items():
            setattr(blank, name, value)
    else:  # what can be read of it, beside what is stored
        for name in EDITABLE:
            setattr(blank, name, getattr(draft, name))
        blank.body = form.body_text
        blank.fallbacks = form.fallbacks()
        blank.versions = form.versions()
    return form, blank


MOST_MATCHES = 5


def _find_people(request: MemberRequest) -> list[Contact]:
    """Whom a search finds, the one that was chosen of them first."""
    search = request.POST.get("preview_search", "").strip()
    if not search:
        return []
    found = list_contacts(request.workspace.id, search=search, limit=MOST_MATCHES)
    chosen = whole_number(request.POST.get("preview_contact"))
    return sorted(found, key=lambda person: person.id != chosen)


def _pick_person(request: MemberRequest, campaign: Campaign) -> Contact | None:
    """The next person of the audience, else the first contact."""
    after = whole_number(request.POST.get("preview_after")) or 0
    try:
        audience = compile_audience(request.workspace.id, parse_audience(campaign.audience))
    except FieldError:
        return next(iter(list_contacts(request.workspace.id, limit=1)), None)
    statement = (
        "SELECT c.* FROM contacts_contact c WHERE c.workspace_id = %(workspace_id)s"
        " AND c.id > %(after)s AND (__AUDIENCE__) ORDER BY c.id LIMIT 1"
    ).replace("__AUDIENCE__", audience.where)
    for start in (after, 0):  # after the last person comes the first again
        params = {**audience.params, "workspace_id": request.workspace.id, "after": start}
        for contact in Contact.objects.raw(statement, params):
            return contact
    return None


@dataclass(frozen=True, slots=True)
class Shown:
    """One person's text as a phone shows it."""

    html: SafeString
    segmented: SegmentedText


def _show(preview: Preview, workspace_id: int) -> Shown:
    """The text with its short links marked and what law added greyed; everything else escaped."""
    text = preview.composed.text
    prefix = escape(link_prefix(workspace_id))
    html = _mark_added(str(escape(text)), preview.adds)
    example = f"{prefix}aB3dE6gH"
    marked = html.replace(example, f"<mark>{example}</mark>")
    return Shown(mark_safe(marked), segment_text(text))  # noqa: S308 - escaped above, our own tag


def _mark_added(html: str, adds: Iterable[Element]) -> str:
    """Each element where it stands: the mark and the name at the start, the rest at the end."""
    start, end = 0, len(html)
    pieces: list[tuple[int, str]] = []
    for each in adds:
        words = str(escape(each.text))
        at_end = each.kind == "opt_out" or each.text.startswith("http")
        at = html.rfind(words, start, end) if at_end else html.find(words, start, end)
        if at >= 0:
            pieces.append((at, words))
            start = start if at_end else at + len(words)
    for at, words in sorted(pieces, reverse=True):
        html = f'{html[:at]}<span class="quiet">{words}</span>{html[at + len(words) :]}'
    return html


@require_POST
@member_page(Permission.EDIT_CAMPAIGNS)
def person(request: MemberRequest) -> HttpResponseBase:
    form, campaign = _read(request)
    found = _find_people(request)
    is_search = bool(request.POST.get("preview_search", "").strip())
    contact = next(iter(found), None) if is_search else _pick_person(request, campaign)
    context: dict[str, Any] = {
        "form": form,
        "campaign": campaign,
        "contact": contact,
        "matches": found[1:],
        "is_search": is_search,
    }
    if contact is not None and (campaign.body.strip() or campaign.versions):
        try:
            preview = build_preview(campaign, contact)
        except FieldError as error:
            context["problem"] = error
        else:
            context["preview"] = preview
            context["shown"] = _show(preview, campaign.workspace_id)
    context["changed"] = [
        part for part in form.parts if request.POST.get(part.names_input, "") != part.shown_names
    ]
    return render(request, "campaigns/_preview.html", context)


def _is_unwritten(campaign: Campaign, field: str) -> bool:
    """Nothing is written there yet: still to do, where a mistake would be something to mend."""
    return field in {"name", "body"} and not getattr(campaign, field).strip()


@require_POST
@member_page(Permission.EDIT_CAMPAIGNS)
def forecast(request: MemberRequest) -> HttpResponseBase:
    form, campaign = _read(request)
    context: dict[str, Any] = {"form": form, "campaign": campaign}
    reach = Reach(campaign)
    context["problems"] = problems = [*check_campaign(campaign, reach), *form.problems()]
    context["warnings"] = list_warnings(campaign, reach)
    context["missing"] = [p for p in problems if _is_unwritten(campaign, p.field)]
    try:
        context["forecast"] = build_forecast(campaign)
    except FieldError:
        context["forecast"] = None  # the reason stands among the problems
    return render(request, "campaigns/_forecast.html", context)


@require_POST
@member_page(Permission.EDIT_CAMPAIGNS)
def live_count(request: MemberRequest) -> HttpResponseBase:
    """Segments and cost for the people of the audience, and what would save some."""
    form, campaign = _read(request)
    context: dict[str, Any] = {"form": form, "campaign": campaign}
    if campaign.body.strip() or campaign.versions:
        with suppress(FieldError):  # the reason stands among the problems
            context["live"] = count_live(campaign)
            context["mends"] = [
                (part, mend) for part in form.parts if (mend := mend_text(part.body))
            ]
            context["has_marks"] = _has_marks(campaign)
    return render(request, "campaigns/_count.html", context)


def _has_marks(campaign: Campaign) -> bool:
    """Vietnamese marks are in the text and are kept."""
    text = " ".join([campaign.body, *(version["body"] for version in campaign.versions)])
    return not campaign.unaccent and remove_vietnamese_accents(text) != text

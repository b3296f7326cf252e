"""Sign-up programmes for those who make them: list, editor, words, publishing, codes."""

from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from textwell.accounts.types import Permission
from textwell.core.errors import FieldError, TextwellError
from textwell.programmes.actions import (
    create_programme,
    pause_programme,
    publish_programme,
    update_programme,
)
from textwell.programmes.codes import import_codes
from textwell.programmes.disclosures import (
    find_missing,
    find_shown,
    language_codes,
    present_disclosures,
    set_disclosure,
    values_of,
)
from textwell.programmes.elements import fill_text, ready_parts, required_elements
from textwell.programmes.models import Placement, Programme
from textwell.programmes.quality import Judgement
from textwell.programmes.selectors import (
    access_programme,
    count_codes,
    count_joined,
    find_problems,
    list_placements,
    list_programmes,
    list_short_pools,
)
from textwell.programmes.sources import judge_sources, list_figures
from textwell.programmes.types import SourceFigures
from textwell.web.access import MemberRequest, member_page
from textwell.web.forms.programmes import (
    CodesForm,
    NewProgrammeForm,
    ProgrammeForm,
    WordsForm,
    initial_of,
)
from textwell.web.pages import put_error, tell

FORM: Final = ["GET", "HEAD", "POST"]
EMPTY: Final = SourceFigures(0, 0, 0, 0, 0, 0, 0)
Row = tuple[Placement, SourceFigures, Judgement | None, int | None]


@require_safe
@member_page(Permission.VIEW_CAMPAIGNS)
def list_page(request: MemberRequest) -> HttpResponseBase:
    joined = count_joined(request.workspace.id)
    programmes = list_programmes(request.workspace.id)
    is_short = request.GET.get("show") == "short"
    if is_short:
        short = {each.programme_id for each in list_short_pools(request.workspace.id)}
        programmes = [each for each in programmes if each.id in short]
    rows = [(each, joined.get(each.id, 0)) for each in programmes]
    return render(request, "programmes/list.html", {"rows": rows, "is_short": is_short})


@require_http_methods(FORM)
@member_page(Permission.EDIT_CAMPAIGNS)
def new(request: MemberRequest) -> HttpResponseBase:
    form = NewProgrammeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = create_programme(
                workspace=request.workspace, actor=request.actor, **form.cleaned_data
            )
        except FieldError as error:
            put_error(form, error)
        else:
            return redirect("web:programmes.detail", made.id)
    status = 422 if form.errors else 200
    return render(request, "programmes/new.html", {"form": form}, status=status)


@require_safe
@member_page(Permission.VIEW_CAMPAIGNS)
def page(request: MemberRequest, programme_id: int) -> HttpResponseBase:
    programme = access_programme(request.workspace.id, programme_id)
    left, total = count_codes(programme)
    context = {
        "programme": programme,
        "problems": find_problems(programme),
        "shown": present_disclosures(programme),
        "rows": _rows(programme),
        "codes_left": left,
        "codes_total": total,
        "is_low": total > 0 and left < programme.low_codes,
        "codes": CodesForm(),
        "languages": language_codes(),
        "base": request.build_absolute_uri("/join/"),
    }
    return render(request, "programmes/page.html", context)


def _rows(programme: Programme) -> list[Row]:
    """Each placement with what became of its people, and what a person cost in millionths."""
    placements = list_placements(programme)
    ids = [each.id for each in placements]  # texts are counted person by person: of these alone
    figures = list_figures(programme.workspace_id, placement_ids=ids)
    judged = judge_sources(programme.workspace_id, ids)
    rows: list[Row] = []
    for each in placements:
        own = figures.get(each.id, EMPTY)
        cost = each.cost_micros // own.joined if own.joined and each.cost_micros else None
        rows.append((each, own, judged.get(each.id), cost))
    return rows


@require_http_methods(FORM)
@member_page(Permission.EDIT_CAMPAIGNS)
def edit(request: MemberRequest, programme_id: int) -> HttpResponseBase:
    programme = access_programme(request.workspace.id, programme_id)
    form = ProgrammeForm(request.POST or None, initial=initial_of(programme))
    for name in ("starts_at", "ends_at"):
        form.fields[name].stored = getattr(programme, name)  # type: ignore[attr-defined]  # a Kept field
    if request.method == "POST" and form.is_valid():
        try:
            update_programme(programme=programme, actor=request.actor, **form.values())
        except TextwellError as error:
            put_error(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("web:programmes.detail", programme.id)
    context = {"programme": programme, "form": form}
    return render(request, "programmes/edit.html", context, status=422 if form.errors else 200)


@require_http_methods(FORM)
@member_page(Permission.EDIT_CAMPAIGNS)
def words(
    request: MemberRequest, programme_id: int, country: str, language: str
) -> HttpResponseBase:
    """The sentences that people of a country are shown in a language, with what they read beside."""
    programme = access_programme(request.workspace.id, programme_id)
    wanted = required_elements(country) or {}
    form = WordsForm(
        request.POST or None,
        initial=_present(programme, country, language, wanted),
        wanted=wanted,
    )
    if request.method == "POST" and form.is_valid() and not request.POST.get("preview"):
        try:
            set_disclosure(
                programme=programme,
                country=country,
                language=language,
                parts=form.parts(),
                actor=request.actor,
            )
        except TextwellError as error:
            put_error(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("web:programmes.detail", programme.id)
    context = {
        "programme": programme,
        "form": form,
        "country": country,
        "language": language,
        **_preview(programme, country, language, form),
    }
    name = "programmes/_shown.html" if request.POST.get("preview") else "programmes/words.html"
    return render(request, name, context, status=422 if form.errors else 200)


def _present(
    programme: Programme, country: str, language: str, wanted: dict[str, str]
) -> dict[str, str]:
    found = find_shown(programme, country, language)
    if found is not None and found.language == language:
        return dict(found.parts)
    return ready_parts(language, wanted) if language in language_codes() else {}


def _preview(programme: Programme, country: str, language: str, form: WordsForm) -> dict[str, Any]:
    parts = form.parts() if form.is_bound and form.is_valid() else dict(form.initial)
    if language not in language_codes():
        return {"text": "", "missing": []}
    return {
        "text": fill_text(parts, values_of(programme, country, language)),
        "missing": find_missing(programme, country, language, parts),
    }


@require_POST
@member_page(Permission.EDIT_CAMPAIGNS)
def publish(request: MemberRequest, programme_id: int) -> HttpResponseBase:
    programme = access_programme(request.workspace.id, programme_id)
    try:
        publish_programme(programme=programme, actor=request.actor)
    except TextwellError as error:
        tell(request, error)
    else:
        messages.success(request, _("People can join now."))
    return redirect("web:programmes.detail", programme.id)


@require_POST
@member_page(Permission.EDIT_CAMPAIGNS)
def pause(request: MemberRequest, programme_id: int) -> HttpResponseBase:
    programme = access_programme(request.workspace.id, programme_id)
    pause_programme(programme=programme, actor=request.actor)
    messages.success(request, _("Nobody joins until you publish it again."))
    return redirect("web:programmes.detail", programme.id)


@require_POST
@member_page(Permission.EDIT_CAMPAIGNS)
def codes(request: MemberRequest, programme_id: int) -> HttpResponseBase:
    programme = access_programme(request.workspace.id, programme_id)
    form = CodesForm(request.POST)
    given = form.cleaned_data["codes"].splitlines() if form.is_valid() else []
    try:
        added, known = import_codes(programme=programme, codes=given, actor=request.actor)
    except FieldError as error:
        tell(request, error)
    else:
        told = ngettext("%(count)d code added.", "%(count)d codes added.", added)
        more = _("Known before: %(count)d.") % {"count": known} if known else ""
        messages.success(request, f"{told % {'count': added}} {more}".strip())
    return redirect("web:programmes.detail", programme.id)

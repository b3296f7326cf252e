"""People from a file: upload, say what the columns mean, see what would happen, apply, undo."""

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from textwell.accounts.disclosure import note_disclosure
from textwell.accounts.types import Permission
from textwell.consent.sample import COUNT as SAMPLE_SIZE
from textwell.consent.sample import count_sample
from textwell.contacts.actions import create_list, define_field
from textwell.contacts.field_names import name_field
from textwell.contacts.imports.actions import (
    rejected_rows,
    rows_without_consent,
    set_mapping,
    start_import,
)
from textwell.contacts.imports.pasting import import_pasted
from textwell.contacts.imports.steps import (
    access_import,
    begin_step,
    find_job,
    list_stopped,
    lock_idle,
    resume_step,
    stop_step,
)
from textwell.contacts.models import ImportRow, ImportRun, ImportState
from textwell.contacts.selectors import access_list
from textwell.core.errors import Conflict, FieldError, TextwellError
from textwell.core.jobs import OPEN
from textwell.core.models import JobState
from textwell.web.access import MemberRequest, member_page
from textwell.web.forms.imports import NEW, MappingForm, PasteForm, UploadForm
from textwell.web.pages import put_error, tell
from textwell.web.refusals import ask_again
from textwell.web.sorting import IMPORTS, read_sort, sorted_page
from textwell.web.views.reports import csv_response
from textwell.web.words import VERDICTS

RECENT = 50
SAMPLE_ROWS = 8
PASTE_IDS = "paste_%s"  # two forms on a page ask for a country
STEPS = {"apply": "contacts.apply", "undo": "contacts.undo"}


@require_safe
@member_page(Permission.IMPORT_CONTACTS)
def list_page(request: MemberRequest) -> HttpResponseBase:
    workspace_id = request.workspace.id
    shows_stopped = request.GET.get("show") == "stopped"
    runs = (
        list_stopped(workspace_id)
        if shows_stopped
        else ImportRun.objects.filter(workspace_id=workspace_id)
    )
    sort = read_sort(request, IMPORTS)
    page = sorted_page(request, runs, sort, limit=RECENT)
    context = {"runs": page.rows, "page": page, "sort": sort, "shows_stopped": shows_stopped}
    return render(request, "imports/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@member_page(Permission.IMPORT_CONTACTS)
def upload(request: MemberRequest) -> HttpResponseBase:
    initial = {"region": request.workspace.country}
    form = UploadForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            run = _start(request, form.cleaned_data["file"], form.cleaned_data["region"])
        except FieldError as error:
            put_error(form, error)
        else:
            return redirect("web:imports.page", run.id)
    return _bring(request, form, PasteForm(auto_id=PASTE_IDS, initial=initial))


@require_POST
@member_page(Permission.IMPORT_CONTACTS)
def paste(request: MemberRequest) -> HttpResponseBase:
    """People as lines of text: they go the way of a file, dry run included."""
    form = PasteForm(request.POST, auto_id=PASTE_IDS)
    if form.is_valid():
        try:
            run = import_pasted(
                workspace_id=request.workspace.id,
                text=form.cleaned_data["people"],
                region=form.cleaned_data["region"],
                consent=form.proof(),
                actor=request.actor,
            )
        except FieldError as error:
            put_error(form, error)
        else:
            return redirect("web:imports.page", run.id)
    return _bring(request, UploadForm(initial={"region": request.workspace.country}), form)


def _bring(request: MemberRequest, form: UploadForm, paste_form: PasteForm) -> HttpResponseBase:
    """The ways in, side by side."""
    context = {
        "form": form,
        "paste_form": paste_form,
        "sample_count": count_sample(request.workspace.id),
        "sample_size": SAMPLE_SIZE,
    }
    status = 422 if form.errors or paste_form.errors else 200
    return render(request, "imports/upload.html", context, status=status)


def _start(request: MemberRequest, file: "UploadedFile[Any]", region: str) -> ImportRun:
    """`start_import` keeps a copy of its own; ours lasts as long as this request."""
    with tempfile.NamedTemporaryFile(suffix=".csv") as copy:
        for chunk in file.chunks():
            copy.write(chunk)
        copy.flush()
        return start_import(
            workspace_id=request.workspace.id,
            path=Path(copy.name),
            filename=file.name or "",
            actor=request.actor,
            region=region,
        )


def _context(run: ImportRun) -> dict[str, Any]:  # Any: a template context
    job = find_job(run)
    return {
        "run": run,
        "job": job,
        "is_active": job is not None and job.state in OPEN,
        "can_resume": job is not None and job.state in {JobState.STOPPED, JobState.FAILED},
    }


@require_safe
@member_page(Permission.IMPORT_CONTACTS)
def page(request: MemberRequest, run_id: int) -> HttpResponseBase:
    run = access_import(request.workspace.id, run_id)
    return _page(request, run, MappingForm(run=run))


def _page(
    request: MemberRequest, run: ImportRun, form: MappingForm, status: int = 200
) -> HttpResponseBase:
    rows = ImportRow.objects.filter(import_run_id=run.id)
    totals = Counter(run.totals)  # what there are none of is not looked for among all rows
    left_out = rows.filter(verdict__in=["invalid", "duplicate"])
    context = _context(run) | {
        "form": form,
        "totals": [(verdict, run.totals[verdict]) for verdict in VERDICTS if verdict in run.totals],
        "encoding": run.encoding.removesuffix("-sig").upper(),
        "is_open": run.state in {ImportState.UPLOADED, ImportState.JUDGED},
        "samples": rows.filter(verdict__in=["new", "changed"], reason="").order_by("line")[
            :SAMPLE_ROWS
        ],
        "kept": totals["kept"]
        and rows.filter(verdict__in=["new", "changed"])
        .exclude(reason="")
        .order_by("line")[:SAMPLE_ROWS],
        "no_consent": totals["consent_left_out"]
        and rows.filter(verdict__in=["new", "changed", "same"])
        .exclude(consent_problem="")
        .order_by("line")[:SAMPLE_ROWS],
        "left_out": totals["invalid"] + totals["duplicate"]
        and left_out.order_by("line")[:SAMPLE_ROWS],
        "has_consent": totals["consent"] > 0,
    }
    return render(request, "imports/page.html", context, status=status)


@require_safe
@member_page(Permission.IMPORT_CONTACTS)
def part(request: MemberRequest, run_id: int) -> HttpResponseBase:
    """The moving bar; when the job is over the whole page comes anew."""
    context = _context(access_import(request.workspace.id, run_id))
    if not context["is_active"]:
        return HttpResponseClientRefresh()
    return render(request, "imports/_progress.html", context)


@require_POST
@member_page(Permission.IMPORT_CONTACTS)
def mapping(request: MemberRequest, run_id: int) -> HttpResponseBase:
    """Keep the mapping, then look at every row."""
    run = access_import(request.workspace.id, run_id)
    form = MappingForm(request.POST, run=run)
    if not form.is_valid():
        return _page(request, run, form, status=422)
    values = form.values()
    if values["list_id"] is not None:
        access_list(request.workspace.id, values["list_id"])
    try:
        with transaction.atomic():
            _make_new(run, form, values, actor=request.actor)
            mapped = set_mapping(run=lock_idle(run), actor=request.actor, **values)
            begin_step(run=mapped, kind="contacts.dry_run", actor=request.actor)
    except FieldError as error:
        if error.field in form.fields:
            put_error(form, error)
        else:
            form.add_error(None, str(error))
        return _page(request, run, form, status=422)
    except Conflict as error:
        tell(request, error)
    return redirect("web:imports.page", run.id)


def _make_new(run: ImportRun, form: MappingForm, values: dict[str, Any], *, actor: str) -> None:
    """The list and the fields that the form asks for, put in their places in `values`."""
    if form.new_list_name:
        made = create_list(workspace_id=run.workspace_id, name=form.new_list_name, actor=actor)
        values["list_id"] = made.id
    for column, target in values["mapping"].items():
        verb, _colon, kind = target.partition(":")
        if verb == NEW:
            name = name_field(column)
            define_field(
                workspace_id=run.workspace_id, name=name, label=column, kind=kind, actor=actor
            )
            values["mapping"][column] = f"fields.{name}"


@require_POST
@member_page(Permission.IMPORT_CONTACTS)
def act(request: MemberRequest, run_id: int, verb: str) -> HttpResponseBase:
    """apply, undo, stop or resume."""
    run = access_import(request.workspace.id, run_id)
    try:
        if verb in STEPS:
            begin_step(run=run, kind=STEPS[verb], actor=request.actor)
        elif verb == "stop":
            stop_step(run, actor=request.actor)
        elif verb == "resume":
            resume_step(run, actor=request.actor)
        else:
            raise Http404(verb)
    except TextwellError as error:
        tell(request, error)
    return redirect("web:imports.page", run.id)


LEFT_OUT: Final[dict[str, Callable[..., Iterator[str]]]] = {
    "rejected": rejected_rows,
    "no-consent": rows_without_consent,
}


@require_safe
@member_page(Permission.IMPORT_CONTACTS)
def left_out_file(request: MemberRequest, run_id: int, kind: str) -> HttpResponseBase:
    """Rows that were left out, or came in without their consent, as a file; numbers are masked."""
    run = access_import(request.workspace.id, run_id)
    return csv_response(LEFT_OUT[kind](run), f"{kind}-{run.id}.csv")


@require_POST
@member_page(Permission.EXPORT_CONTACTS)
def export_left_out(request: MemberRequest, run_id: int, kind: str) -> HttpResponseBase:
    """The same rows with full numbers, for a reason that the audit log keeps."""
    run = access_import(request.workspace.id, run_id)
    try:
        note_disclosure(
            workspace_id=request.workspace.id,
            actor=request.actor,
            action="contacts.exported",
            subject=f"import:{run.id}",
            what=kind,
            reason=request.POST.get("reason", ""),
        )
    except FieldError as error:
        back = reverse("web:imports.page", args=[run.id])
        return ask_again(request, error, back=back, labels={"reason": _("What for?")})
    return csv_response(LEFT_OUT[kind](run, shows_numbers=True), f"{kind}-{run.id}.csv")

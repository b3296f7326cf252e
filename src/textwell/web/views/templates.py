"""Saved texts: found, written, used, deleted."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from textwell.accounts.types import Permission
from textwell.campaigns.selectors import access_campaign
from textwell.core.errors import FieldError
from textwell.messaging.models import SavedText
from textwell.messaging.templates import (
    access_template,
    create_template,
    delete_template,
    find_templates,
    update_template,
)
from textwell.web.access import MemberRequest, member_page
from textwell.web.forms.templates import TemplateForm, initial_of
from textwell.web.pages import put_error, tell
from textwell.web.sorting import TEMPLATES, read_sort, sorted_page

PAGE_SIZE = 40


@require_safe
@member_page(Permission.VIEW_CAMPAIGNS)
def list_page(request: MemberRequest) -> HttpResponseBase:
    search = request.GET.get("q", "").strip()[:100]
    sort = read_sort(request, TEMPLATES)
    found = find_templates(request.workspace.id, search=search)
    page = sorted_page(request, found, sort, limit=PAGE_SIZE)
    context = {
        "rows": page.rows,
        "page": page,
        "sort": sort,
        "search": search,
        "is_first_use": not page.rows and not search and "after" not in request.GET,
    }
    name = "templates/_rows.html" if request.htmx.target == "rows" else "templates/list.html"
    return render(request, name, context)


def _answer(request: MemberRequest, template: SavedText) -> HttpResponseBase:
    form = TemplateForm(
        request.POST or None, initial=initial_of(template), workspace_id=request.workspace.id
    )
    if request.method == "POST" and form.is_valid():
        try:
            stored = _store(request, template, form)
        except FieldError as error:
            put_error(form, error)
        else:
            return redirect(_next_address(request, stored))
    context = {"template": template, "form": form}
    return render(request, "templates/form.html", context, status=422 if form.errors else 200)


def _store(request: MemberRequest, template: SavedText, form: TemplateForm) -> SavedText:
    if template.id:
        return update_template(template=template, actor=request.actor, **form.values())
    return create_template(workspace_id=request.workspace.id, actor=request.actor, **form.values())


def _next_address(request: MemberRequest, stored: SavedText) -> str:
    page = reverse("web:templates.edit", args=[stored.id])
    verb = request.POST.get("then", "").partition(":")[0]
    if verb == "add":
        return f"{page}#version-{request.POST.get('add_language', '')}"
    if verb == "remove":
        return f"{page}#languages"
    messages.success(request, _("Saved."))
    return reverse("web:templates")


@require_http_methods(["GET", "HEAD", "POST"])
@member_page(Permission.EDIT_CAMPAIGNS)
def new(request: MemberRequest) -> HttpResponseBase:
    return _answer(request, SavedText(workspace_id=request.workspace.id))


@require_http_methods(["GET", "HEAD", "POST"])
@member_page(Permission.EDIT_CAMPAIGNS)
def edit(request: MemberRequest, template_id: int) -> HttpResponseBase:
    return _answer(request, access_template(request.workspace.id, template_id))


@require_POST
@member_page(Permission.EDIT_CAMPAIGNS)
def delete(request: MemberRequest, template_id: int) -> HttpResponseBase:
    template = access_template(request.workspace.id, template_id)
    delete_template(template=template, actor=request.actor)
    messages.success(request, _("Deleted. Campaigns that began with it stay."))
    return redirect("web:templates")


@require_POST
@member_page(Permission.EDIT_CAMPAIGNS)
def save_from(request: MemberRequest, campaign_id: int) -> HttpResponseBase:
    """Keep the text of a campaign as a template of its name."""
    campaign = access_campaign(request.workspace.id, campaign_id)
    try:
        made = create_template(
            workspace_id=request.workspace.id,
            actor=request.actor,
            name=campaign.name,
            purpose=campaign.purpose,
            topic=campaign.topic,
            brand=campaign.brand,
            body=campaign.body,
            fallbacks=campaign.fallbacks,
            versions=campaign.versions,
        )
    except FieldError as error:
        tell(request, error)
        return redirect("web:campaigns.detail", campaign.id)
    messages.success(request, _("Kept as a template."))
    return redirect("web:templates.edit", made.id)

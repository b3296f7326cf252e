"""Tags: all of them, and one with its people."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from textwell.accounts.types import Permission
from textwell.campaigns.groups import delete_tag, last_campaigns, rename_tag, uses_of_tag
from textwell.contacts.choosing import PeopleFilter
from textwell.core.errors import FieldError, TextwellError
from textwell.segments.figures import tag_figures
from textwell.web.access import MemberRequest, member_page
from textwell.web.pages import tell
from textwell.web.people_table import count_total, people_table
from textwell.web.refusals import ask_again
from textwell.web.sorting import TAGS, read_sort, sort_values


@require_safe
@member_page(Permission.VIEW_CONTACTS)
def tags(request: MemberRequest) -> HttpResponseBase:
    figures = tag_figures(request.workspace.id)
    last = last_campaigns(request.workspace.id, "tag")
    rows = [
        {"tag": tag, "counts": counts, "last": last.get(tag)}
        for tag, counts in figures.by_key.items()
    ]
    sort = read_sort(request, TAGS)
    keys = {"name": lambda row: row["tag"].lower(), "members": lambda row: row["counts"][0]}
    context = {"rows": sort_values(rows, sort, keys), "sort": sort, "figures": figures}
    return render(request, "contacts/tags.html", context)


@require_safe
@member_page(Permission.VIEW_CONTACTS)
def one_tag(request: MemberRequest) -> HttpResponseBase:
    """The tag stands in the address after `tag=`: it may hold any character."""
    tag = request.GET.get("tag", "").strip()
    if not tag:
        raise Http404("no tag is named")
    search = request.GET.get("q", "").strip()
    context = people_table(request, PeopleFilter(search=search, tag=tag))
    if request.htmx.target == "rows":
        return render(request, "contacts/_rows.html", context)
    total = count_total(request.workspace.id, PeopleFilter(tag=tag)) if search else context["total"]
    context |= {"uses": uses_of_tag(request.workspace.id, tag), "group_total": total}
    return render(request, "contacts/tag_page.html", context)


def _page_of(tag: str) -> str:
    return f"{reverse('web:tags.page')}?{urlencode({'tag': tag})}"


@require_POST
@member_page(Permission.EDIT_CONTACTS)
def rename(request: MemberRequest) -> HttpResponseBase:
    """Another name, or that of another tag: then both are one."""
    tag, to = request.POST.get("tag", "").strip(), request.POST.get("to", "").strip()
    try:
        outcome = rename_tag(workspace_id=request.workspace.id, tag=tag, to=to, actor=request.actor)
    except FieldError as error:
        labels = {"to": _("New name")}
        return ask_again(request, error, back=_page_of(tag), labels=labels, place="to")
    except TextwellError as error:
        tell(request, error)
        return redirect(_page_of(tag))
    if outcome.is_under_way:
        messages.success(request, _("The tag is being changed; that takes a few minutes."))
    else:
        messages.success(request, _("The tag has its new name."))
    return redirect(_page_of(to))


@require_POST
@member_page(Permission.EDIT_CONTACTS)
def delete(request: MemberRequest) -> HttpResponseBase:
    tag = request.POST.get("tag", "").strip()
    try:
        outcome = delete_tag(workspace_id=request.workspace.id, tag=tag, actor=request.actor)
    except TextwellError as error:
        tell(request, error)
        return redirect(_page_of(tag))
    if outcome.is_under_way:
        messages.success(request, _("The tag is being taken off; that takes a few minutes."))
    else:
        messages.success(request, _("The tag is deleted; its people are still there."))
    return redirect("web:tags")

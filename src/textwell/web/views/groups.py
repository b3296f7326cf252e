"""Lists: all of them, one with its people, and changes to the people that were ticked."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from textwell.accounts.types import Permission
from textwell.campaigns.groups import delete_list, last_campaigns, uses_of_list
from textwell.contacts.actions import create_list
from textwell.contacts.choosing import Chosen, PeopleFilter
from textwell.contacts.groups.actions import (
    mark_for_tests,
    put_on_list,
    rename_list,
    tag_people,
    take_off_list,
)
from textwell.contacts.groups.changes import Outcome
from textwell.contacts.selectors import access_list, list_lists
from textwell.core.errors import FieldError, TextwellError
from textwell.segments.figures import list_figures
from textwell.web.access import MemberRequest, member_page
from textwell.web.formats import format_count
from textwell.web.pages import tell, whole_number
from textwell.web.people_table import count_total, people_table
from textwell.web.refusals import ask_again
from textwell.web.sorting import LISTS, read_sort, sort_values

MOST_TICKED = 1000


@require_safe
@member_page(Permission.VIEW_CONTACTS)
def lists(request: MemberRequest) -> HttpResponseBase:
    figures = list_figures(request.workspace.id)
    last = last_campaigns(request.workspace.id, "list")
    rows = [
        {"list": each, "counts": figures.of(each.id), "last": last.get(str(each.id))}
        for each in list_lists(request.workspace.id)
    ]
    sort = read_sort(request, LISTS)
    keys = {
        "name": lambda row: row["list"].name.lower(),
        "members": lambda row: row["counts"][0],
        "made": lambda row: row["list"].created_at,
    }
    context = {"rows": sort_values(rows, sort, keys), "sort": sort, "figures": figures}
    return render(request, "contacts/lists.html", context)


@require_POST
@member_page(Permission.EDIT_CONTACTS)
def create(request: MemberRequest) -> HttpResponseBase:
    try:
        made = create_list(
            workspace_id=request.workspace.id,
            name=request.POST.get("name", ""),
            actor=request.actor,
        )
    except FieldError as error:
        return ask_again(request, error, back=reverse("web:lists"), labels={"name": _("Name")})
    messages.success(request, _("The list is there. Put people on it from the contacts."))
    return redirect("web:lists.page", made.id)


@require_safe
@member_page(Permission.VIEW_CONTACTS)
def one_list(request: MemberRequest, list_id: int) -> HttpResponseBase:
    found = access_list(request.workspace.id, list_id)
    search = request.GET.get("q", "").strip()
    whole = PeopleFilter(list_id=found.id)
    context = people_table(request, replace(whole, search=search))
    if request.htmx.target == "rows":
        return render(request, "contacts/_rows.html", context)
    context |= {
        "list": found,
        "uses": uses_of_list(request.workspace.id, found.id),
        "group_total": count_total(request.workspace.id, whole) if search else context["total"],
    }
    return render(request, "contacts/list_page.html", context)


@require_POST
@member_page(Permission.EDIT_CONTACTS)
def rename(request: MemberRequest, list_id: int) -> HttpResponseBase:
    try:
        rename_list(
            workspace_id=request.workspace.id,
            list_id=list_id,
            name=request.POST.get("name", ""),
            actor=request.actor,
        )
    except FieldError as error:
        back = reverse("web:lists.page", args=[list_id])
        return ask_again(request, error, back=back, labels={"name": _("New name")})
    return redirect("web:lists.page", list_id)


@require_POST
@member_page(Permission.EDIT_CONTACTS)
def mark(request: MemberRequest, list_id: int) -> HttpResponseBase:
    is_for_tests = bool(request.POST.get("is_for_tests"))
    mark_for_tests(
        workspace_id=request.workspace.id,
        list_id=list_id,
        is_for_tests=is_for_tests,
        actor=request.actor,
    )
    messages.success(
        request,
        _("Test sends of campaigns can go to this list.")
        if is_for_tests
        else _("Test sends no longer go to this list."),
    )
    return redirect("web:lists.page", list_id)


@require_POST
@member_page(Permission.EDIT_CONTACTS)
def delete(request: MemberRequest, list_id: int) -> HttpResponseBase:
    try:
        delete_list(workspace_id=request.workspace.id, list_id=list_id, actor=request.actor)
    except TextwellError as error:
        access_list(request.workspace.id, list_id)  # a foreign one is not found
        tell(request, error)
        return redirect("web:lists.page", list_id)
    messages.success(request, _("The list is deleted; its people are still there."))
    return redirect("web:lists")


@require_POST
@member_page(Permission.EDIT_CONTACTS)
def change(request: MemberRequest) -> HttpResponseBase:
    """Put the ticked people, or all whom the filter finds, on or off a list; tag or untag them."""
    try:
        outcome = _change(request, _chosen(request))
    except FieldError as error:
        if error.field == "tags":
            labels = {"new_tag": _("Tag")}
            return ask_again(request, error, back=_back(request), labels=labels, place="new_tag")
        tell(request, error)
    else:
        messages.success(request, _say(outcome))
    return redirect(_back(request))


def _chosen(request: MemberRequest) -> Chosen:
    """Raises FieldError if nobody is ticked."""
    given = request.POST
    if given.get("whom") == "all":
        wanted = PeopleFilter(
            search=given.get("q", "").strip(),
            list_id=whole_number(given.get("list")),
            tag=given.get("tag") or None,
        )
        return Chosen(filter=wanted)
    numbers = [whole_number(value) for value in given.getlist("people")[:MOST_TICKED]]
    ids = [number for number in numbers if number is not None]
    if not ids:
        raise FieldError("people", _("Nobody is ticked."), _("Tick people in the table first."))
    return Chosen(ids=ids)


def _change(request: MemberRequest, whom: Chosen) -> Outcome:
    """Raises FieldError: no list, no tag or no verb is given; NotFound: a foreign list."""
    verb = request.POST.get("verb", "")
    base: dict[str, Any] = {
        "workspace_id": request.workspace.id,
        "whom": whom,
        "actor": request.actor,
    }
    tag = request.POST.get("new_tag", "")
    if verb == "tag":
        return tag_people(add=[tag], **base)
    if verb == "untag":
        return tag_people(remove=[tag], **base)
    act = {"add": put_on_list, "remove": take_off_list}.get(verb)
    if act is None:
        raise FieldError("verb", _("Nothing is chosen to do."), _("Choose what to do with them."))
    list_id = whole_number(request.POST.get("to_list"))
    if list_id is None:
        raise FieldError("to_list", _("No list is chosen."), _("Choose one of your lists."))
    return act(list_id=list_id, **base)


def _say(outcome: Outcome) -> str:
    values = {"people": format_count(outcome.count)}
    if outcome.is_under_way:
        return _("%(people)s people are being changed; that takes a few minutes.") % values
    text = ngettext("%(people)s person changed.", "%(people)s people changed.", outcome.count)
    return text % values


def _back(request: MemberRequest) -> str:
    """The page that the form stood on, if it is one of ours."""
    address = request.POST.get("back", "")
    is_ours = url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return (
        address if is_ours and urlsplit(address).path.startswith("/") else reverse("web:contacts")
    )

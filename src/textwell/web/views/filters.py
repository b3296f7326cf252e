"""Filters of the people's page that a workspace keeps."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from textwell.accounts.types import Permission
from textwell.contacts.choosing import PeopleFilter
from textwell.contacts.models import SavedFilter
from textwell.contacts.saved import access_filter, delete_filter, rename_filter, save_filter
from textwell.core.errors import FieldError
from textwell.web.access import MemberRequest, member_page
from textwell.web.pages import whole_number
from textwell.web.refusals import ask_again


def address_of(search: str, list_id: int | None, tag: str | None) -> str:
    """The people's page, filtered so."""
    given = {"q": search, "list": list_id, "tag": tag}
    query = urlencode({name: value for name, value in given.items() if value})
    return f"{reverse('web:contacts')}?{query}"


def _page_of(saved: SavedFilter) -> str:
    return address_of(saved.search, saved.list_id, saved.tag)


@require_POST
@member_page(Permission.EDIT_CONTACTS)
def save(request: MemberRequest) -> HttpResponseBase:
    given = request.POST
    wanted = PeopleFilter(
        search=given.get("q", "").strip(),
        list_id=whole_number(given.get("list")),
        tag=given.get("tag") or None,
    )
    back = address_of(wanted.search, wanted.list_id, wanted.tag)
    try:
        save_filter(
            workspace_id=request.workspace.id,
            name=given.get("name", ""),
            wanted=wanted,
            actor=request.actor,
        )
    except FieldError as error:
        return ask_again(request, error, back=back, labels={"name": _("Name")})
    messages.success(request, _("The filter is saved."))
    return redirect(back)


@require_POST
@member_page(Permission.EDIT_CONTACTS)
def rename(request: MemberRequest, filter_id: int) -> HttpResponseBase:
    saved = access_filter(request.workspace.id, filter_id)
    try:
        rename_filter(saved=saved, name=request.POST.get("name", ""), actor=request.actor)
    except FieldError as error:
        return ask_again(request, error, back=_page_of(saved), labels={"name": _("Name")})
    return redirect(_page_of(saved))


@require_POST
@member_page(Permission.EDIT_CONTACTS)
def delete(request: MemberRequest, filter_id: int) -> HttpResponseBase:
    saved = access_filter(request.workspace.id, filter_id)
    delete_filter(saved=saved, actor=request.actor)
    messages.success(request, _("The filter is deleted."))
    return redirect("web:contacts")

"""Topics and brands: what a workspace writes about, under which names, and who agreed to each."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from textwell.accounts.types import Permission
from textwell.consent import topics
from textwell.consent.models import Brand, Topic
from textwell.core.errors import FieldError
from textwell.web.access import MemberRequest, member_page
from textwell.web.forms.topics import BrandForm, TopicForm
from textwell.web.pages import carry_out, tell


@require_safe
@member_page(Permission.VIEW_CONTACTS)
def page(request: MemberRequest) -> HttpResponseBase:
    return _show(request)


@require_POST
@member_page(Permission.EDIT_CONTACTS)
def define_topic(request: MemberRequest) -> HttpResponseBase:
    form = TopicForm(request.POST, prefix="topic")
    define = partial(topics.define_topic, workspace_id=request.workspace.id, actor=request.actor)
    if not carry_out(form, define):
        return _show(request, status=422, topic_form=form)
    messages.success(request, _("Saved."))
    return redirect("web:topics")


@require_POST
@member_page(Permission.EDIT_CONTACTS)
def define_brand(request: MemberRequest) -> HttpResponseBase:
    form = BrandForm(request.POST, prefix="brand")
    define = partial(topics.define_brand, workspace_id=request.workspace.id, actor=request.actor)
    if not carry_out(form, define):
        return _show(request, status=422, brand_form=form)
    messages.success(request, _("Saved."))
    return redirect("web:topics")


@require_POST
@member_page(Permission.EDIT_CONTACTS)
def change_topic(request: MemberRequest, topic_id: int) -> HttpResponseBase:
    """Closes it, where the button says so; else renames it."""
    topic = topics.access_topic(request.workspace.id, topic_id)
    words = {name: request.POST.get(name, "") for name in ("name", "description")}
    return _change(
        request,
        close=partial(topics.close_topic, topic=topic, actor=request.actor),
        rename=partial(topics.rename_topic, topic=topic, actor=request.actor, **words),
    )


@require_POST
@member_page(Permission.EDIT_CONTACTS)
def change_brand(request: MemberRequest, brand_id: int) -> HttpResponseBase:
    """As `change_topic`."""
    brand, name = topics.access_brand(request.workspace.id, brand_id), request.POST.get("name", "")
    return _change(
        request,
        close=partial(topics.close_brand, brand=brand, actor=request.actor),
        rename=partial(topics.rename_brand, brand=brand, actor=request.actor, name=name),
    )


def _change(
    request: MemberRequest, *, close: Callable[[], object], rename: Callable[[], object]
) -> HttpResponseBase:
    is_closing = request.POST.get("then") == "close"
    try:
        (close if is_closing else rename)()
    except FieldError as error:
        tell(request, error)
    else:
        said = _("Closed. What people said of it stays.") if is_closing else _("Saved.")
        messages.success(request, said)
    return redirect("web:topics")


def _counted(
    named: Sequence[Topic | Brand], counts: dict[str, int]
) -> list[tuple[Topic | Brand, int]]:
    """The open ones first."""
    rows = sorted(named, key=lambda one: one.closed_at is not None)
    return [(one, counts.get(one.key, 0)) for one in rows]


def _show(request: MemberRequest, *, status: int = 200, **given: Any) -> HttpResponseBase:
    workspace_id = request.workspace.id
    by_topic, by_brand = topics.count_people(workspace_id)
    context: dict[str, Any] = {
        "topics": _counted(topics.list_topics(workspace_id), by_topic),
        "brands": _counted(topics.list_brands(workspace_id), by_brand),
        "topic_form": TopicForm(prefix="topic"),
        "brand_form": BrandForm(prefix="brand"),
    }
    return render(request, "settings/topics.html", context | given, status=status)

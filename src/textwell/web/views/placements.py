"""Where a programme is offered: its link, keyword, QR code and cost; paused and resumed."""

from typing import Final

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from textwell.accounts.types import Permission
from textwell.core.errors import FieldError, NotFound
from textwell.programmes.models import Placement
from textwell.programmes.placements import (
    create_placement,
    list_keyword_senders,
    pause_placement,
    resume_placement,
    update_placement,
)
from textwell.programmes.qr import draw_png, draw_svg, sms_link
from textwell.programmes.selectors import access_placement, access_programme
from textwell.web.access import MemberRequest, member_page
from textwell.web.forms.programmes import PlacementForm, initial_placement
from textwell.web.pages import put_error

FORM: Final = ["GET", "HEAD", "POST"]
_DRAWN: Final = {"svg": (draw_svg, "image/svg+xml"), "png": (draw_png, "image/png")}


@require_http_methods(FORM)
@member_page(Permission.EDIT_CAMPAIGNS)
def new(request: MemberRequest, programme_id: int) -> HttpResponseBase:
    programme = access_programme(request.workspace.id, programme_id)
    return _answer(request, Placement(workspace_id=request.workspace.id, programme=programme))


@require_http_methods(FORM)
@member_page(Permission.EDIT_CAMPAIGNS)
def edit(request: MemberRequest, placement_id: int) -> HttpResponseBase:
    return _answer(request, access_placement(request.workspace.id, placement_id))


def _answer(request: MemberRequest, placement: Placement) -> HttpResponseBase:
    programme = placement.programme
    form = PlacementForm(
        request.POST or None,
        initial=initial_placement(placement),
        senders=list_keyword_senders(request.workspace.id),
        currency=request.workspace.currency,
    )
    for name in ("keyword_from", "keyword_until"):
        form.fields[name].stored = getattr(placement, name)  # type: ignore[attr-defined]  # a Kept field
    if request.method == "POST" and form.is_valid():
        try:
            if placement.id:
                update_placement(placement=placement, actor=request.actor, **form.values())
            else:
                create_placement(programme=programme, actor=request.actor, **form.values())
        except FieldError as error:
            put_error(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("web:programmes.detail", programme.id)
    link = request.build_absolute_uri(f"/join/{placement.code}") if placement.id else ""
    context = {"programme": programme, "placement": placement, "form": form, "link": link}
    return render(request, "programmes/placement.html", context, status=422 if form.errors else 200)


@require_POST
@member_page(Permission.EDIT_CAMPAIGNS)
def pause(request: MemberRequest, placement_id: int) -> HttpResponseBase:
    placement = access_placement(request.workspace.id, placement_id)
    pause_placement(placement=placement, actor=request.actor)
    messages.success(request, _("Nobody joins there any more."))
    return redirect("web:programmes.detail", placement.programme_id)


@require_POST
@member_page(Permission.MANAGE_WORKSPACE)
def resume(request: MemberRequest, placement_id: int) -> HttpResponseBase:
    placement = access_placement(request.workspace.id, placement_id)
    resume_placement(placement=placement, actor=request.actor)
    messages.success(request, _("People join there again. They are judged from now on."))
    return redirect("web:programmes.detail", placement.programme_id)


@require_safe
@member_page(Permission.VIEW_CAMPAIGNS)
def qr(request: MemberRequest, placement_id: int, picture: str) -> HttpResponseBase:
    """A QR code of the link, or with `?of=keyword` one that opens a text with the keyword."""
    placement = access_placement(request.workspace.id, placement_id)
    if picture not in _DRAWN:
        raise NotFound("picture", picture)
    link = request.build_absolute_uri(f"/join/{placement.code}")
    is_keyword = request.GET.get("of") == "keyword" and placement.keyword
    draw, media_type = _DRAWN[picture]
    drawn = draw(sms_link(placement.sender, placement.keyword) if is_keyword else link)
    response = HttpResponse(drawn, content_type=media_type)
    response["Content-Disposition"] = f'inline; filename="{placement.code}.{picture}"'
    return response

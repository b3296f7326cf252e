"""The screen on which members write down who agreed. It goes on without a connection: see `queue.js`."""

from typing import Any, Final
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from textwell.accounts.models import Membership
from textwell.accounts.types import Permission
from textwell.core.errors import FieldError, TextwellError
from textwell.programmes.asking import find_obstacle, waits_for_yes
from textwell.programmes.capturing import take_once
from textwell.programmes.models import Placement, Programme, SignUp, SignUpState
from textwell.programmes.reaching import find_asker
from textwell.programmes.selectors import access_programme
from textwell.programmes.types import NewSignUp
from textwell.web.access import MemberRequest, member_page
from textwell.web.forms.programmes import CaptureForm
from textwell.web.pages import put_error

SUCCESS, INFO, WARNING = "success", "info", "warning"
_SAY: Final = {SUCCESS: messages.success, INFO: messages.info, WARNING: messages.warning}


@require_http_methods(["GET", "HEAD", "POST"])
@member_page(Permission.RECORD_CONSENT)
def capture(request: MemberRequest, programme_id: int) -> HttpResponseBase:
    """What a person said or signed; they are asked by text, and join when they answer yes.

    The script of the page asks for JSON and keeps an entry until it is told that it is here.
    """
    programme = access_programme(request.workspace.id, programme_id)
    placements = list(programme.placements.select_related("programme").order_by("id"))
    fresh = {"key": uuid4(), "by": request.actor}
    form = CaptureForm(request.POST or None, placements=placements, initial=fresh)
    is_script = request.headers.get("Accept") == "application/json"
    if request.method == "POST" and form.is_valid():
        try:
            found = _capture(request, form, placements)
        except FieldError as error:
            put_error(form, error)
        except TextwellError as error:
            if is_script:  # the entry is as it should be: it stays until it can be taken
                return JsonResponse({"waits": str(error)}, status=409)
            put_error(form, error)
        else:
            return _answer(request, programme, found, is_script=is_script)
    if is_script:
        return JsonResponse({"problem": problems_of(form)}, status=422)
    # A browser may serve members of several workspaces: none sees what another wrote down.
    queue = f"capture.{request.workspace.id}"
    context = {"programme": programme, "form": form, "queue": queue, **_reach(programme)}
    return render(request, "programmes/capture.html", context, status=422 if form.errors else 200)


def _answer(
    request: MemberRequest, programme: Programme, found: SignUp, *, is_script: bool
) -> HttpResponse:
    level, told = _what_follows(found)
    if is_script:
        return JsonResponse({"level": level, "told": told})
    _SAY[level](request, told)
    return redirect("web:programmes.capture", programme.id)


def problems_of(form: Any) -> str:  # Any: every form
    """What is wrong, in one line, each with its field."""
    said = [
        f"{form.fields[name].label}: {' '.join(errors)}"
        if name in form.fields
        else " ".join(errors)
        for name, errors in form.errors.items()
    ]
    return " ".join(said)


def _capture(request: MemberRequest, form: CaptureForm, placements: list[Placement]) -> SignUp:
    given = form.cleaned_data
    chosen = next(each for each in placements if str(each.id) == given["placement"])
    new_one = NewSignUp(
        msisdn=given["msisdn"],
        method=given["method"],
        region=request.workspace.country,
        language=request.workspace.language,
        evidence={"note": given["note"], **_whose(request, given["by"])},
        values={"first_name": given["first_name"]},
        born_on=given.get("born_on"),
    )
    return take_once(placement=chosen, new=new_one, entry=form.entry(), actor=request.actor)


def _whose(request: MemberRequest, by: str) -> dict[str, str]:
    """Who wrote it down, as the device has it, and who sent it where that is another member."""
    number = by.removeprefix("user:")
    if by == request.actor or not (number.isascii() and number.isdigit()):
        return {"member": request.actor}
    known = Membership.objects.filter(workspace=request.workspace, user_id=int(number[:18]))
    if not known.exists():
        return {"member": request.actor}
    return {"member": by, "sent_by": request.actor}


def _reach(programme: Programme) -> dict[str, object]:
    """Where nobody can be asked for their yes, and so nobody joins by this screen."""
    workspace_id = programme.workspace_id
    mute = [each for each in programme.countries if find_asker(workspace_id, each) is None]
    return {"mute": mute, "is_mute": len(mute) == len(programme.countries)}


def _what_follows(found: SignUp) -> tuple[str, str]:
    if waits_for_yes(found):
        return SUCCESS, _("Noted. They get a text and join when they answer yes.")
    if found.state == SignUpState.JOINED:
        return INFO, _("They joined before: nothing is new.")
    if found.state == SignUpState.BARRED:
        return WARNING, _(
            "Noted, but they get no text: they opted out. Only a text from their own phone lifts that."
        )
    told = _("Noted, but nobody asked them, and so they do not join. %(why)s")
    return WARNING, told % {"why": find_obstacle(found)}

"""What a workspace promises in public: its card among the settings, and the page that anybody reads."""

from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from textwell.accounts.models import Workspace
from textwell.accounts.types import Permission
from textwell.core.errors import FieldError
from textwell.core.signatures import encode
from textwell.core.signing import list_public_keys
from textwell.messaging.models import Promise
from textwell.messaging.promise_form import read_promise
from textwell.messaging.promised import PROMISED_DAYS
from textwell.messaging.promises import (
    find_promise,
    is_outdated,
    list_senders,
    list_versions,
    promise_url,
    publish_promise,
)
from textwell.web.access import MemberRequest, member_page
from textwell.web.forms.promise import PromiseForm
from textwell.web.pages import put_error

POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)


@require_http_methods(["GET", "HEAD", "POST"])
@member_page(Permission.MANAGE_WORKSPACE)
def page(request: MemberRequest) -> HttpResponseBase:
    """What is promised now; a POST promises anew, or takes it back."""
    present = find_promise(request.workspace.id)
    form = PromiseForm(
        request.POST if request.method == "POST" else None,
        initial={"most": present.most if present else 0},
    )
    if form.is_valid():
        try:
            publish_promise(
                workspace=request.workspace, most=form.cleaned_data["most"], actor=request.actor
            )
        except FieldError as error:
            put_error(form, error)
        else:
            messages.success(request, _("Published and signed. It holds from the next text on."))
            return redirect("web:promise")
    context: dict[str, Any] = {"form": form, "present": present, "days": PROMISED_DAYS}
    if present is not None:
        context |= {
            "told": read_promise(present.document).promise,
            "address": promise_url(present),
            "is_outdated": is_outdated(present),
        }
    else:
        context["senders"] = list_senders(request.workspace.id)
    return render(request, "settings/promise.html", context, status=422 if form.errors else 200)


@require_safe
def public(request: HttpRequest, code: str) -> HttpResponse:
    """The present promise, and all versions of before. No sign-in, no cookie, no script."""
    versions = _access(code)
    known = dict(settings.LANGUAGES)
    wanted = request.GET.get("lang", "")
    workspace = Workspace.objects.get(id=versions[0].workspace_id)
    told = read_promise(versions[0].document)
    context = {
        "told": told.promise,
        "brand": told.promise.speaker,
        "signature": told.signature,
        "versions": versions,
        "languages": settings.LANGUAGES,
        "keys": [(each.key_id, encode(each.value)) for each in list_public_keys(workspace.id)],
        "lines": [
            line
            for line in (workspace.legal_name, workspace.postal_address, workspace.public_contact)
            if line
        ],
    }
    with translation.override(wanted if wanted in known else request.LANGUAGE_CODE):
        return _guarded(render(request, "promise/page.html", context))


@require_safe
def document(_request: HttpRequest, code: str, version: int) -> HttpResponse:
    """One version as it was signed: `textwell promise verify` checks it."""
    found = next((each for each in _access(code) if each.version == version), None)
    if found is None:
        raise Http404
    return _guarded(HttpResponse(found.document, content_type="application/json"))


def _access(code: str) -> list[Promise]:
    versions = list_versions(code)
    if not versions:
        raise Http404
    return versions


def _guarded(response: HttpResponse) -> HttpResponse:
    response["Content-Security-Policy"] = POLICY
    response["Referrer-Policy"] = "no-referrer"
    return response

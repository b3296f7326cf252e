"""A rule pack of the operator's own: brought in, its impact looked at, put in force."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from textwell.accounts.types import Permission
from textwell.compliance.reading import PackError
from textwell.core.errors import Conflict, Forbidden, TextwellError
from textwell.messaging.own_packs import (
    MAX_LENGTH,
    access_activated,
    activate_pack,
    find_problems,
    require_whole,
    withdraw_pack,
)
from textwell.reports.impact import (
    Impact,
    Proposal,
    activation,
    confirm_impact,
    list_open_campaigns,
    look_at,
    withdrawal,
)
from textwell.web.access import MemberRequest, member_page
from textwell.web.forms.law import PackConfirmForm, PackForm, WithdrawForm
from textwell.web.pages import tell
from textwell.web.words import reason

# The packs' words for what the gate calls otherwise.
_AS_GATE = {
    "cap_reached": "legal_cap",
    "consent_too_weak": "no_consent",
    "consent_expired": "no_consent",
    "sender_not_registered": "sender_unregistered",
    "template_not_registered": "template_unregistered",
    "batch_size": "batch_too_small",
    "label_missing": "wording_missing",
    "label_conflict": "wording_missing",
    "identity_missing": "wording_missing",
    "opt_out_missing": "wording_missing",
    "content_forbidden": "wording_missing",
    "calendar_missing": "facts_missing",
}
SHOWN = 100  # texts on the page; the command and the API list all


@require_POST
@member_page(Permission.MANAGE_WORKSPACE)
def look(request: MemberRequest) -> HttpResponseBase:
    form = PackForm(request.POST, request.FILES)
    try:
        require_whole(request.actor)
        _check(form)
        content = form.cleaned_data["file"].read(4 * MAX_LENGTH).decode()
        return _show(request, content, activation(content))
    except UnicodeDecodeError:
        messages.error(request, _("The file is no text in UTF-8."))
    except PackError as error:
        messages.error(request, str(error))
    except TextwellError as error:
        tell(request, error)
    return redirect("web:law")


@require_POST
@member_page(Permission.MANAGE_WORKSPACE)
def activate(request: MemberRequest) -> HttpResponseBase:
    form = PackConfirmForm(request.POST)
    try:
        require_whole(request.actor)
        _check(form)
        content = form.cleaned_data["content"].replace("\r\n", "\n")  # as browsers send it
        found = confirm_impact(activation(content), form.cleaned_data["fingerprint"])
        activate_pack(
            text=content,
            actor=request.actor,
            moved_count=found.moved_count,
            stopped_count=found.stopped_count,
        )
    except PackError as error:
        messages.error(request, str(error))
    except (Conflict, Forbidden) as error:
        tell(request, error)
    else:
        messages.success(
            request,
            _("%(version)s is in force: everything goes by it within seconds.")
            % {"version": found.pack.version},
        )
    return redirect("web:law")


@require_safe
@member_page(Permission.VIEW_CAMPAIGNS)
def download(request: MemberRequest, version: str) -> HttpResponseBase:  # noqa: ARG001 - one set for all
    """The file as it was put in force."""
    pack = access_activated(version)
    answer = HttpResponse(pack.content.encode(), content_type="application/toml")
    answer["Content-Disposition"] = f'attachment; filename="{pack.file_name.replace("/", "-")}"'
    return answer


def _check(form: Form) -> None:
    if not form.is_valid():
        raise Conflict(_("Choose a file."))


def _show(request: MemberRequest, content: str, proposal: Proposal) -> HttpResponseBase:
    content = content.replace("\r\n", "\n")
    found = look_at(replace(proposal, told=content))
    fields = {"content": content, "fingerprint": found.fingerprint}
    context = _told(found) | {
        "problem": next(find_problems(found.pack), ""),
        "form": PackConfirmForm(initial=fields),
        "act": reverse("web:law.activate"),
    }
    return render(request, "settings/pack.html", context)


@member_page(Permission.MANAGE_WORKSPACE)
def withdraw(request: MemberRequest, version: str) -> HttpResponseBase:
    """What taking a pack back would do; with the fingerprint of that it is taken back."""
    try:
        require_whole(request.actor)
        proposal = withdrawal(version)
        if request.method != "POST":
            return _show_withdrawal(request, proposal)
        found = confirm_impact(proposal, request.POST.get("fingerprint", "")[:64])
        withdraw_pack(
            version=version,
            actor=request.actor,
            moved_count=found.moved_count,
            stopped_count=found.stopped_count,
        )
    except (Conflict, Forbidden) as error:
        tell(request, error)
    else:
        told = _("%(version)s is taken back: everything goes by what held before, within seconds.")
        messages.success(request, told % {"version": version})
    return redirect("web:law")


def _show_withdrawal(request: MemberRequest, proposal: Proposal) -> HttpResponseBase:
    found = look_at(proposal)
    context = _told(found) | {
        "form": WithdrawForm(initial={"fingerprint": found.fingerprint}),
        "act": reverse("web:law.take_back", args=[proposal.pack.version]),
        "is_withdrawal": True,
    }
    return render(request, "settings/pack.html", context)


def _told(found: Impact) -> dict[str, Any]:
    names = {each.id: each.name for each in list_open_campaigns()} | {0: _("Single texts")}
    return {
        "impact": found,
        "campaigns": [(names.get(each, ""), *counts) for each, counts in found.by_campaign.items()],
        "texts": [(each, _why(each.reason)) for each in found.texts[:SHOWN]],
    }


def _why(code: str) -> str:
    if code == "allowed":
        return _("Nothing keeps it back any more")
    return str(reason(_AS_GATE.get(code, code)))

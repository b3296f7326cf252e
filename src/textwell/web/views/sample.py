"""Sample people: put among the people at a press, taken away at another."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from textwell.accounts.types import Permission
from textwell.consent.sample import TAG, add_sample, remove_sample
from textwell.web.access import MemberRequest, member_page
from textwell.web.formats import format_count


@require_POST
@member_page(Permission.IMPORT_CONTACTS)
def add(request: MemberRequest) -> HttpResponseBase:
    """Back to the first steps, where it was pressed there; else to the people."""
    count = add_sample(workspace_id=request.workspace.id, actor=request.actor)
    if count:
        said = ngettext(
            "%(people)s sample person is there.", "%(people)s sample people are there.", count
        )
        messages.success(request, said % {"people": format_count(count)})
    else:
        messages.info(request, _("The sample people are there already."))
    if request.POST.get("back") == "home":
        return redirect("web:home")
    return redirect(f"{reverse('web:contacts')}?{urlencode({'tag': TAG})}")


@require_POST
@member_page(Permission.IMPORT_CONTACTS)
def remove(request: MemberRequest) -> HttpResponseBase:
    remove_sample(workspace_id=request.workspace.id, actor=request.actor)
    messages.success(request, _("The sample people are gone."))
    return redirect("web:contacts")

"""People who are to be forgotten: asked twice, done at once."""

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from textwell.accounts.types import Permission
from textwell.contacts.models import Contact
from textwell.contacts.selectors import access_contact
from textwell.core.errors import FieldError
from textwell.privacy.erasing import LONGEST_REASON, erase_person, list_requests
from textwell.privacy.page_links import make_page_link
from textwell.web.access import MemberRequest, member_page
from textwell.web.actors import actor_words
from textwell.web.pages import put_error

DIGITS = 3  # of the number, as the masked one shows them


class EraseForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=LONGEST_REASON,
        help_text=gettext_lazy("Without a name or number: the audit log keeps it."),
    )
    last_digits = forms.CharField(
        label=gettext_lazy("To be sure: the last three digits of the number"),
        max_length=DIGITS,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@member_page(Permission.ERASE_CONTACTS)
def erase(request: MemberRequest, contact_id: int) -> HttpResponseBase:
    contact = access_contact(request.workspace.id, contact_id)
    form = EraseForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _is_meant(form, contact):
        try:
            erase_person(
                workspace_id=request.workspace.id,
                contact_id=contact.id,
                reason=form.cleaned_data["reason"],
                actor=request.actor,
            )
        except FieldError as error:
            put_error(form, error)
        else:
            messages.success(request, _("Erased, everywhere and for good."))
            return redirect("web:contacts")
    context = {"form": form, "contact": contact}
    return render(request, "contacts/erase.html", context, status=422 if form.errors else 200)


def _is_meant(form: EraseForm, contact: Contact) -> bool:
    if form.cleaned_data["last_digits"] == contact.msisdn[-DIGITS:]:
        return True
    form.add_error("last_digits", _("These are not the last digits of this person's number."))
    return False


@never_cache
@require_POST
@member_page(Permission.ERASE_CONTACTS)
def page_link(request: MemberRequest, contact_id: int) -> HttpResponseBase:
    """A link to the person's own page, shown once: who has it may erase, as who makes it may."""
    contact = access_contact(request.workspace.id, contact_id)
    link = make_page_link(
        workspace_id=request.workspace.id, contact_id=contact.id, actor=request.actor
    )
    return render(request, "contacts/page_link.html", {"contact": contact, "link": link})


@require_safe
@member_page(Permission.ERASE_CONTACTS)
def list_page(request: MemberRequest) -> HttpResponseBase:
    """What was asked, until when it is due, and how far it is."""
    rows = list_requests(request.workspace.id)
    names = actor_words({row.actor for row in rows})
    context = {"rows": [(row, names[row.actor]) for row in rows]}
    return render(request, "contacts/erasures.html", context)

"""Numbers that are not texted: found, added by hand or by paste, lifted with a reason."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from textwell.accounts.types import Permission
from textwell.consent.models import SuppressionReason
from textwell.consent.selectors import access_suppression, list_suppressions
from textwell.consent.suppressing import lift_suppression, suppress_number, suppress_numbers
from textwell.consent.types import OPTED_OUT, SUPPRESSION_RANK, SuppressedNumbers
from textwell.contacts.models import Contact
from textwell.contacts.selectors import access_contact
from textwell.core.errors import Conflict, FieldError
from textwell.web.access import MemberRequest, member_page
from textwell.web.actors import actor_words
from textwell.web.formats import format_count
from textwell.web.forms.suppressions import LiftForm, SuppressForm, WhyForm
from textwell.web.pages import put_error, tell, whole_number
from textwell.web.refusals import ask_form_again
from textwell.web.words import SUPPRESSIONS

PAGE_SIZE = 50
SOURCE = "page"


@require_safe
@member_page(Permission.VIEW_CONTACTS)
def list_page(request: MemberRequest) -> HttpResponseBase:
    search = request.GET.get("q", "").strip()[:40]
    reason = request.GET.get("reason", "")
    context: dict[str, Any] = {
        "search": search,
        "reason": reason,
        "reasons": [(each, SUPPRESSIONS[each]) for each in SUPPRESSION_RANK],
        "is_filtered": bool(search or reason),
    }
    try:
        rows = list_suppressions(
            request.workspace.id,
            search=search,
            reason=reason,
            before_id=whole_number(request.GET.get("before")),
            limit=PAGE_SIZE + 1,
        )
    except FieldError as error:
        rows, context["problem"] = [], error.sentences
    shown = rows[:PAGE_SIZE]
    context["rows"] = _with_people(request.workspace.id, shown)
    context["older_id"] = shown[-1].id if len(rows) > PAGE_SIZE else None
    name = "_suppressed_rows.html" if request.htmx.target == "rows" else "suppressed.html"
    return render(request, f"contacts/{name}", context)


def _with_people(
    workspace_id: int, rows: list[SuppressionReason]
) -> list[tuple[SuppressionReason, Contact | None, str]]:
    """Each with whose number it is, if it is anybody's, and who put it down."""
    numbers = [row.msisdn for row in rows]
    found = Contact.objects.filter(workspace_id=workspace_id, msisdn__in=numbers)
    people = {person.msisdn: person for person in found}
    names = actor_words({row.actor for row in rows})
    return [(row, people.get(row.msisdn), names[row.actor]) for row in rows]


@require_http_methods(["GET", "HEAD", "POST"])
@member_page(Permission.RECORD_CONSENT)
def add(request: MemberRequest) -> HttpResponseBase:
    """What is no number stays in the form, with the reason; the others are suppressed."""
    form = SuppressForm(request.POST or None, initial={"region": request.workspace.country})
    if request.method == "POST" and form.is_valid():
        given = form.numbers()
        try:
            done = suppress_numbers(
                workspace_id=request.workspace.id,
                numbers=given,
                region=form.cleaned_data["region"],
                reason=form.cleaned_data["reason"],
                note=form.cleaned_data["note"],
                source=SOURCE,
                actor=request.actor,
            )
        except FieldError as error:
            put_error(form, error)
        else:
            _tell_done(request, done)
            if not done.rejected:
                return redirect("web:suppressed")
            form = _rest(request, [given[row.place] for row in done.rejected])
            put_error(form, FieldError("msisdns", *_why(done)))
    status = 422 if form.errors else 200
    return render(request, "contacts/suppress.html", {"form": form}, status=status)


def _tell_done(request: MemberRequest, done: SuppressedNumbers) -> None:
    if done.added_count:
        text = ngettext(
            "%(count)s number is not texted any more.",
            "%(count)s numbers are not texted any more.",
            done.added_count,
        )
        messages.success(request, text % {"count": format_count(done.added_count)})
    if done.known_count:
        text = ngettext(
            "%(count)s number was on the list for this reason before.",
            "%(count)s numbers were on the list for this reason before.",
            done.known_count,
        )
        messages.info(request, text % {"count": format_count(done.known_count)})


def _rest(request: MemberRequest, numbers: list[str]) -> SuppressForm:
    data = request.POST.copy()
    data["msisdns"] = "\n".join(numbers)
    form = SuppressForm(data)
    form.full_clean()
    return form


def _why(done: SuppressedNumbers) -> tuple[str, str]:
    count = len(done.rejected)
    problem = ngettext(
        "%(count)s of them is no number and stands here still.",
        "%(count)s of them are no numbers and stand here still.",
        count,
    ) % {"count": format_count(count)}
    return problem, done.rejected[0].error.mend


@require_POST
@member_page(Permission.RECORD_CONSENT)
def add_person(request: MemberRequest, contact_id: int) -> HttpResponseBase:
    """The number of a person, which whoever does it need not see."""
    contact = access_contact(request.workspace.id, contact_id)
    form = WhyForm(request.POST)
    if form.is_valid():
        suppress_number(
            workspace_id=request.workspace.id,
            msisdn=contact.msisdn,
            reason=form.cleaned_data["reason"],
            note=form.cleaned_data["note"],
            source=SOURCE,
            actor=request.actor,
        )
        messages.success(request, _("This number is not texted any more."))
    else:
        mend = _("Say why, in at most 500 characters.")
        error = FieldError("note", _("is missing or too long."), mend)
        back = reverse("web:contacts.person", args=[contact.id])
        return ask_form_again(request, form, error, back=back, names=["reason", "note"])
    return redirect("web:contacts.person", contact.id)


@require_http_methods(["GET", "HEAD", "POST"])
@member_page(Permission.RECORD_CONSENT)
def lift(request: MemberRequest, suppression_id: int) -> HttpResponseBase:
    """Asks why; an opt-out says here what lifts it instead."""
    row = access_suppression(request.workspace.id, suppression_id)
    form = LiftForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            remaining = lift_suppression(
                workspace_id=request.workspace.id,
                suppression_id=row.id,
                why=form.cleaned_data["reason"],
                actor=request.actor,
            )
        except FieldError as error:
            put_error(form, error)
        except Conflict as error:
            tell(request, error)
        else:
            _tell_lifted(request, is_free=not remaining)
            return redirect("web:suppressed")
    context = {
        "form": form,
        "row": row,
        "is_opted_out": row.reason == OPTED_OUT,
        "person": _with_people(request.workspace.id, [row])[0][1],
    }
    return render(request, "contacts/lift.html", context, status=422 if form.errors else 200)


def _tell_lifted(request: MemberRequest, *, is_free: bool) -> None:
    if is_free:
        messages.success(request, _("Lifted. Consent decides again whether it is texted."))
    else:
        messages.info(
            request, _("Lifted. The number has another reason, so it is still not texted.")
        )

"""Who belongs to the workspace, with which role; who is invited."""

import smtplib

from django.contrib import messages
from django.core.mail import send_mail
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from textwell.accounts.actions import change_role
from textwell.accounts.invitations import invite_member, list_invitations, revoke_invitation
from textwell.accounts.leaving import expel_member
from textwell.accounts.models import Invitation, Membership, Role
from textwell.accounts.policy import grantable_roles
from textwell.accounts.types import Permission
from textwell.core.errors import FieldError, Forbidden, NotFound, TextwellError
from textwell.core.ordering import order_rows
from textwell.core.settings import load_settings
from textwell.web.access import MemberRequest, member_page
from textwell.web.forms.members import InviteForm
from textwell.web.pages import put_error, tell
from textwell.web.sorting import MEMBERS, read_sort

LINK = "invitation_link"  # in the session until it has been shown: a token is stored as a hash


def _show(request: MemberRequest, form: InviteForm, status: int = 200) -> HttpResponseBase:
    roles = grantable_roles(request.policy)
    found = Membership.objects.filter(workspace=request.workspace).select_related("user")
    sort = read_sort(request, MEMBERS)
    context = {
        "tab": "members",
        "sort": sort,
        "members": [(each, Role(each.role) in roles) for each in order_rows(found, sort)],
        "invitations": list_invitations(request.workspace),
        "roles": [(role.value, role.label) for role in roles],
        "form": form,
        "link": request.session.pop(LINK, ""),
    }
    return render(request, "settings/members.html", context, status=status)


@require_safe
@member_page(Permission.MANAGE_MEMBERS)
def page(request: MemberRequest) -> HttpResponseBase:
    return _show(request, InviteForm(roles=grantable_roles(request.policy)))


@require_POST
@member_page(Permission.MANAGE_MEMBERS)
def invite(request: MemberRequest) -> HttpResponseBase:
    form = InviteForm(request.POST, roles=grantable_roles(request.policy))
    if not form.is_valid():
        return _show(request, form, status=422)
    role = Role(form.cleaned_data["role"])
    try:
        invitation, token = invite_member(
            workspace=request.workspace,
            email=form.cleaned_data["email"],
            role=role,
            actor=request.actor,
        )
    except FieldError as error:
        put_error(form, error)
        return _show(request, form, status=422)
    except TextwellError as error:
        form.add_error("email", str(error))
        return _show(request, form, status=422)
    link = load_settings().public_url.rstrip("/") + reverse("web:invitation", args=[token])
    request.session[LINK] = link
    _mail(request, invitation, link)
    return redirect("web:members")


def _mail(request: MemberRequest, invitation: Invitation, link: str) -> None:
    """Send the link; where mail does not leave, the page has it to copy."""
    inviter = request.user.name or request.user.email
    values = {"inviter": inviter, "workspace": request.workspace.name, "link": link}
    text = render_to_string("accounts/invitation.txt", values)
    title = _("%(inviter)s invites you to %(workspace)s") % values
    try:
        send_mail(title.replace("\n", " "), text, None, [invitation.email])
    except (OSError, smtplib.SMTPException):
        messages.warning(request, _("The mail could not be sent. Copy the link below instead."))
    else:
        messages.success(request, _("The invitation is on its way."))


def _member(request: MemberRequest, user_id: int) -> Membership:
    """A member whose role this person may give and take."""
    found = Membership.objects.filter(workspace=request.workspace, user_id=user_id)
    present = found.select_related("user").first()
    if present is None:
        raise NotFound("member", user_id)
    if Role(present.role) not in grantable_roles(request.policy):
        raise Forbidden(present.role)
    return present


@require_POST
@member_page(Permission.MANAGE_MEMBERS)
def change(request: MemberRequest, user_id: int) -> HttpResponseBase:
    present = _member(request, user_id)
    wanted = request.POST.get("role", "")
    if wanted not in grantable_roles(request.policy):
        raise Forbidden(wanted)
    try:
        role = Role(wanted)
        change_role(workspace=request.workspace, user=present.user, role=role, actor=request.actor)
    except TextwellError as error:
        tell(request, error)
    else:
        messages.success(request, _("Saved."))
    return redirect("web:members")


@require_POST
@member_page(Permission.MANAGE_MEMBERS)
def remove(request: MemberRequest, user_id: int) -> HttpResponseBase:
    present = _member(request, user_id)
    try:
        expel_member(workspace=request.workspace, user=present.user, actor=request.actor)
    except TextwellError as error:
        tell(request, error)
    else:
        messages.success(request, _("No longer a member, from this moment."))
    return redirect("web:members")


@require_POST
@member_page(Permission.MANAGE_MEMBERS)
def revoke(request: MemberRequest, invitation_id: int) -> HttpResponseBase:
    revoke_invitation(workspace=request.workspace, invitation_id=invitation_id, actor=request.actor)
    messages.success(request, _("The link no longer works."))
    return redirect("web:members")

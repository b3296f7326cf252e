"""API keys: made, used, revoked."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from textwell.accounts.keys import change_api_key, create_api_key, revoke_api_key
from textwell.accounts.selectors import access_api_key, list_api_keys
from textwell.accounts.types import Permission
from textwell.core.errors import FieldError
from textwell.core.ordering import order_rows
from textwell.web.access import MemberRequest, member_page
from textwell.web.forms.members import KeyForm, KeyUseForm
from textwell.web.pages import put_error
from textwell.web.sorting import KEYS, read_sort
from textwell.webhooks.bodies import twilio_sid

SHOWN_ONCE = "new_api_key"  # in the session until it has been shown once; only its hash is kept


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@member_page(Permission.MANAGE_API_KEYS)
def page(request: MemberRequest) -> HttpResponseBase:
    form = KeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _make(request, form):
        return redirect("web:keys")
    sort = read_sort(request, KEYS)
    context = {
        "sort": sort,
        "tab": "keys",
        "keys": order_rows(list_api_keys(request.workspace.id), sort),
        "form": form,
        "secret": request.session.pop(SHOWN_ONCE, ""),
    }
    return render(request, "settings/keys.html", context, status=422 if form.errors else 200)


def _make(request: MemberRequest, form: KeyForm) -> bool:
    try:
        _key, secret = create_api_key(
            workspace=request.workspace, actor=request.actor, **form.cleaned_data
        )
    except FieldError as error:
        put_error(form, error)
        return False
    request.session[SHOWN_ONCE] = secret
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@member_page(Permission.MANAGE_API_KEYS)
def use(request: MemberRequest, key_id: int) -> HttpResponseBase:
    """How a key is used, and what other vendors' clients call it and the account."""
    key = access_api_key(request.workspace.id, key_id)
    initial = {"door_purpose": key.door_purpose, "rate_per_s": key.rate_per_s}
    form = KeyUseForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        change_api_key(key=key, actor=request.actor, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("web:keys.use", key_id)
    context = {
        "tab": "keys",
        "key": key,
        "form": form,
        "account_sid": twilio_sid("AC", request.workspace.id),
        "key_sid": twilio_sid("SK", key.id),
    }
    return render(request, "settings/key.html", context, status=422 if form.errors else 200)


@require_POST
@member_page(Permission.MANAGE_API_KEYS)
def revoke(request: MemberRequest, key_id: int) -> HttpResponseBase:
    key = access_api_key(request.workspace.id, key_id)
    revoke_api_key(key=key, actor=request.actor)
    messages.success(request, _("The key is refused from now on."))
    return redirect("web:keys")

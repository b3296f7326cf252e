"""The views of Twilio's door: thin over `api.sending` and the actions of messaging."""

from functools import partial

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, QueryDict
from django.utils.translation import gettext as _

from textwell.accounts.models import Workspace
from textwell.accounts.types import KeyHolder, Scope
from textwell.api.auth import check_scope, find_holder
from textwell.api.doors.base import guard_door, read_basic
from textwell.api.doors.twilio import refusals
from textwell.api.doors.twilio.listing import read_list
from textwell.api.doors.twilio.reading import check_fields, read_message
from textwell.api.doors.twilio.refusals import TwilioRefusal, refuse
from textwell.api.doors.twilio.shown import JsonObject, account_uri, show_message, show_page
from textwell.api.doors.twilio.sids import ACCOUNT, KEY, MESSAGE, make_sid, read_sid
from textwell.api.idempotency import LONGEST_KEY, AskedRequest, hash_body, run_once
from textwell.api.numbers import note_shown
from textwell.api.rates import spend
from textwell.api.sending import take_message
from textwell.core.errors import Conflict
from textwell.gateways.selectors import gateway_currencies
from textwell.messaging.actions import cancel_single
from textwell.messaging.models import Message
from textwell.messaging.selectors import access_message, list_newest, message_texts
from textwell.webhooks.actions import ask_for_message
from textwell.webhooks.types import Form

IDEMPOTENCY = "I-Twilio-Idempotency-Token"


@guard_door(refuse)
def account(request: HttpRequest, account: str) -> HttpResponse:
    """The account itself: clients ask for it to see whether their credentials work."""
    _allow(request, "GET")
    holder, _token = _authenticate(request, account)
    workspace = Workspace.objects.get(id=holder.workspace_id)
    sid, uri = make_sid(ACCOUNT, workspace.id), account_uri(workspace.id)
    shown = {
        "sid": sid,
        "friendly_name": workspace.name,
        "status": "suspended" if workspace.is_stopped else "active",
        "type": "Full",
        "owner_account_sid": sid,
        "uri": f"{uri}.json",
        "subresource_uris": {"messages": f"{uri}/Messages.json"},
    }
    return JsonResponse(shown)


@guard_door(refuse)
def messages(request: HttpRequest, account: str) -> HttpResponse:
    """Create a message, or list them."""
    _allow(request, "GET", "POST")
    holder, token = _authenticate(request, account)
    if request.method == "GET":
        check_scope(holder, Scope.MESSAGES_READ)
        listed = _list(request.GET, request.path, holder)
        if listed["messages"]:
            _note_numbers(request, holder, "twilio_messages")
        return JsonResponse(listed)
    check_scope(holder, Scope.MESSAGES_SEND)
    response = _once(request, holder, partial(_create, request.POST, holder, token))
    assert isinstance(response, HttpResponse)
    return response


@guard_door(refuse)
def message(request: HttpRequest, account: str, sid: str) -> HttpResponse:
    """Fetch one, cancel it; its text is not redacted and it is not deleted."""
    _allow(request, "GET", "POST", "DELETE")
    holder, _token = _authenticate(request, account)
    is_read = request.method == "GET"
    check_scope(holder, Scope.MESSAGES_READ if is_read else Scope.MESSAGES_SEND)
    message_id = read_sid(MESSAGE, sid)
    if message_id is None:
        raise TwilioRefusal(refusals.NOT_FOUND, _("There is no such message."))
    found = access_message(holder.workspace_id, message_id)
    if request.method == "DELETE":
        raise TwilioRefusal(refusals.METHOD, _kept())
    if request.method == "POST":
        _update(request.POST, found, holder)
        found.refresh_from_db()
    _note_numbers(request, holder, "twilio_message")
    return JsonResponse(_show_all([found], holder)[0])


@guard_door(refuse)
def no_such_path(request: HttpRequest) -> HttpResponse:
    message = _("The requested resource %(path)s was not found") % {"path": request.path[:200]}
    raise TwilioRefusal(refusals.NOT_FOUND, message)


def _allow(request: HttpRequest, *methods: str) -> None:
    if request.method not in methods:
        raise TwilioRefusal(
            refusals.METHOD, _("Use one of: %(known)s.") % {"known": ", ".join(methods)}
        )


def _authenticate(request: HttpRequest, account: str) -> tuple[KeyHolder, str]:
    """The caller and the token that status callbacks are signed with.

    The user is the account's sid or the key's, the password is the key as it was shown.
    """
    user, token = read_basic(request) or ("", "")
    holder = find_holder(token, request.META)
    names: tuple[str, ...] = ()
    if holder is not None:
        names = (make_sid(ACCOUNT, holder.workspace_id), make_sid(KEY, holder.api_key_id))
    if holder is None or user not in names:
        message = _("Authenticate: the account sid and a valid API key are needed.")
        raise TwilioRefusal(refusals.AUTHENTICATE, message)
    spend(request, holder)
    if account != names[0]:
        raise TwilioRefusal(refusals.NOT_FOUND, _("There is no such account."))
    return holder, token


def _note_numbers(request: HttpRequest, holder: KeyHolder, operation: str) -> None:
    if holder.allows(Scope.CONTACTS_NUMBERS):
        note_shown(request, holder, operation)


def _once(
    request: HttpRequest, holder: KeyHolder, run: partial[HttpResponseBase]
) -> HttpResponseBase:
    key = request.headers.get(IDEMPOTENCY)
    if key is None:
        return run()
    if not 0 < len(key) <= LONGEST_KEY:
        message = _("%(name)s must have 1 to 255 characters.") % {"name": IDEMPOTENCY}
        raise TwilioRefusal(refusals.INVALID, message)
    path = request.get_full_path()[:200]
    return run_once(run, AskedRequest(holder.api_key_id, key, path, hash_body(request)))


def _create(form: QueryDict, holder: KeyHolder, token: str) -> HttpResponseBase:
    check_fields(form)
    new = read_message(form, holder)
    callback = form.get("StatusCallback", "")
    with transaction.atomic():
        taken = take_message(holder, new)
        if callback:
            ask_for_message(
                workspace_id=holder.workspace_id,
                message_id=taken.id,
                form=Form.TWILIO,
                url=callback,
                api_key_id=holder.api_key_id,
                secret=token,
            )
    shown = _show_all([access_message(holder.workspace_id, taken.id)], holder)[0]
    return JsonResponse(shown, status=201)


def _list(given: QueryDict, path: str, holder: KeyHolder) -> JsonObject:
    check_fields(given)
    asked = read_list(given)
    found = (
        []
        if asked.is_nobody
        else list_newest(holder.workspace_id, asked.query, limit=asked.size + 1)
    )
    is_backward = asked.query.after_id is not None
    has_more = len(found) > asked.size
    kept = found[-asked.size :] if is_backward else found[: asked.size]
    has_previous = has_more if is_backward else asked.query.before_id is not None
    return show_page(
        _show_all(kept, holder),
        path=path,
        query=asked.kept,
        page=asked.page,
        has_next=bool(kept) and (has_more or is_backward),
        has_previous=bool(kept) and has_previous,
    )


def _show_all(found: list[Message], holder: KeyHolder) -> list[JsonObject]:
    texts = message_texts([each.id for each in found])
    currencies = gateway_currencies(holder.workspace_id)
    return [
        show_message(
            each,
            text=texts.get(each.id, ""),
            currency=currencies.get(each.gateway_id or 0, ""),
            holder=holder,
        )
        for each in found
    ]


def _update(form: QueryDict, found: Message, holder: KeyHolder) -> None:
    check_fields(form)
    if "Body" in form:
        raise TwilioRefusal(refusals.BAD_UPDATE, _kept())
    if form.get("Status") != "canceled":
        raise TwilioRefusal(refusals.BAD_UPDATE, _("'Status' may only be set to 'canceled'."))
    try:
        cancel_single(workspace_id=holder.workspace_id, message_id=found.id, actor=holder.actor)
    except Conflict as conflict:
        raise TwilioRefusal(refusals.NOT_CANCELABLE, str(conflict)) from None


def _kept() -> str:
    return _(
        "Messages are evidence of what was sent: they are neither deleted nor redacted by this API."
    )

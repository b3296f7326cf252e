"""The view of Kannel's door: thin over `api.sending`."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from pydantic import ValidationError

from textwell.accounts.selectors import KEY_MARK
from textwell.accounts.types import KeyHolder, Scope
from textwell.api.auth import check_scope, find_holder
from textwell.api.doors.base import guard_door
from textwell.api.doors.kannel import refusals
from textwell.api.doors.kannel.reading import (
    Given,
    Sendsms,
    read_credentials,
    read_parameters,
    read_sendsms,
)
from textwell.api.doors.kannel.refusals import KannelRefusal, read_error, refuse, say
from textwell.api.errors import RefusedByGate
from textwell.api.rates import spend
from textwell.api.schemas.messages import NewMessage
from textwell.api.sending import take_message
from textwell.core.errors import FieldError
from textwell.webhooks.actions import ask_for_message
from textwell.webhooks.types import Form

ACCEPTED = "0: Accepted for delivery"
_REFUSALS = (RefusedByGate, FieldError, ValidationError)


@guard_door(refuse)
def sendsms(request: HttpRequest) -> HttpResponse:
    """Take a text for each number, or say why for none of them."""
    if request.method not in {"GET", "POST"}:
        raise KannelRefusal(refusals.UNKNOWN)
    given = read_parameters(request)
    holder, token = _authenticate(request, given)
    asked = read_sendsms(given, holder)
    denied: list[tuple[str, tuple[int, str]]] = []
    with transaction.atomic():  # all of them or none: a client that tries again doubles nothing
        for new in asked.messages:
            try:
                with transaction.atomic():
                    _take(holder, new, asked, token)
            except _REFUSALS as error:
                denied.append((new.to, read_error(error)))
    if len(denied) == len(asked.messages):
        return say(*denied[0][1])
    return say(202, _accepted([number for number, _why in denied]))


@guard_door(refuse)
def no_such_path(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    raise KannelRefusal(refusals.UNKNOWN)


def _accepted(denied: list[str]) -> str:
    return f"{ACCEPTED} Denied receivers are: {' '.join(denied)}" if denied else ACCEPTED


def _take(holder: KeyHolder, new: NewMessage, asked: Sendsms, token: str) -> None:
    taken = take_message(holder, new)
    if asked.dlr_mask:
        ask_for_message(
            workspace_id=holder.workspace_id,
            message_id=taken.id,
            form=Form.KANNEL,
            url=asked.dlr_url,
            api_key_id=holder.api_key_id,
            secret=token,
            wants=asked.dlr_mask,
        )


def _authenticate(request: HttpRequest, given: Given) -> tuple[KeyHolder, str]:
    """The username is the prefix of the API key, the password the key or the part behind the prefix."""
    user, password = read_credentials(given)
    begins = f"{KEY_MARK}_{user}_"
    token = password if password.startswith(begins) else begins + password
    holder = find_holder(token, request.META) if user and password else None
    if holder is None:
        raise KannelRefusal(refusals.NO_AUTHORITY)
    spend(request, holder)
    check_scope(holder, Scope.MESSAGES_SEND)
    return holder, token

"""The welcome: once a person and programme, with their code, when law lets it go."""

from datetime import timedelta
from typing import Final

import structlog
from django.db import OperationalError, transaction
from django.db.models import Exists, OuterRef, Q

from textwell.consent.selectors import is_textable
from textwell.contacts.models import Contact
from textwell.core.clock import now
from textwell.core.errors import FieldError
from textwell.messaging.actions import SingleMessage, send_single
from textwell.messaging.barred import find_bar
from textwell.programmes.codes import give_code
from textwell.programmes.models import IncentiveCode, SignUp, SignUpState
from textwell.programmes.routes import find_route, lawful_time

log = structlog.get_logger()

CODE_PLACE: Final = "{code}"
WELCOME_WITHIN: Final = timedelta(days=3)
BATCH: Final = 200


def welcome(found: SignUp, contact: Contact) -> bool:
    """Record the welcome of somebody who joined, unless they had one. In a transaction that holds the row.

    False: it cannot go yet, for want of a code, a sender or what law has it say, or as the person had as
    many texts as a cap allows: `welcome_waiting` tries again.
    """
    if not found.programme.welcome or found.welcomed_at is not None:
        return True
    try:
        with transaction.atomic():  # refused, it gives its code back, and who joined has joined
            return _record(found, contact)
    except FieldError as refused:
        log.warning("welcome not possible", sign_up=found.id, problem=str(refused))
        return False


def _record(found: SignUp, contact: Contact) -> bool:
    text = found.programme.welcome
    route = find_route(contact.workspace_id, contact.country, found.placement.sender)
    moment = now()
    due_at = lawful_time(contact, route, moment) if route else None
    if route is None or due_at is None or find_bar(contact, route.sender, due_at):
        return False
    if CODE_PLACE in text:
        code = give_code(programme_id=found.programme_id, contact_id=contact.id)
        if code is None:
            return False
        text = text.replace(CODE_PLACE, code)
    message = SingleMessage(
        workspace_id=contact.workspace_id,
        contact_id=contact.id,
        msisdn=contact.msisdn,
        country=contact.country,
        body=text,
        purpose="marketing",
        lane="bulk",
        gateway_id=route.gateway_id,
        sender=route.sender,
        due_at=due_at,
        expires_at=max(moment, due_at) + WELCOME_WITHIN,
    )
    found.welcome_message_id = send_single(message, actor=f"sign_up:{found.id}")
    found.welcomed_at = moment
    found.save(update_fields=["welcome_message_id", "welcomed_at"])
    return True


def welcome_waiting() -> int:
    """Welcome those who could not be when they joined; answers how many. Twice is once.

    In no order: those who still cannot be (no sender reaches them) never keep others from their turn, nor
    does one whose welcome fails.
    """
    free = IncentiveCode.objects.filter(programme_id=OuterRef("programme_id"), contact_id=None)
    own = IncentiveCode.objects.filter(
        programme_id=OuterRef("programme_id"), contact_id=OuterRef("contact_id")
    )
    waiting = SignUp.objects.filter(
        ~Q(programme__welcome__contains=CODE_PLACE) | Exists(free) | Exists(own),
        state=SignUpState.JOINED,
        welcomed_at=None,
        joined_at__gt=now() - WELCOME_WITHIN,
    ).exclude(programme__welcome="")
    numbers = waiting.order_by("?").values_list("id", flat=True)[:BATCH]
    return sum(_welcome_safely(number) for number in numbers)


def _welcome_safely(sign_up_id: int) -> bool:
    try:
        return welcome_one(sign_up_id)
    except OperationalError:
        raise  # the database is away: for everybody
    except Exception:
        log.exception("welcome failed", sign_up=sign_up_id)
        return False


def welcome_one(sign_up_id: int) -> bool:
    """Welcome one of those who wait, whoever else does the same; answers whether they had none before."""
    with transaction.atomic():
        found = SignUp.objects.select_for_update().filter(id=sign_up_id, welcomed_at=None).first()
        if found is None:
            return False
        contact = Contact.objects.filter(id=found.contact_id).first()
        if contact is None or not is_textable(
            found.workspace_id, contact_id=contact.id, msisdn=contact.msisdn
        ):
            return False  # they left before they were welcomed
        return welcome(found, contact) and found.welcomed_at is not None

"""The one text that asks for a yes: within three days nobody is asked twice."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from textwell.contacts.models import Contact
from textwell.core.clock import now
from textwell.messaging.actions import SingleMessage, send_single
from textwell.programmes.models import Placement, SignUp, SignUpState
from textwell.programmes.reaching import ASKING, find_asker
from textwell.programmes.routes import Route, lawful_time

CONFIRM_WITHIN: Final = timedelta(days=3)
LANE: Final = "care"


def waits_for_yes(found: SignUp) -> bool:
    """Whether the person was asked, and their yes still counts."""
    return (
        found.state == SignUpState.PENDING
        and found.asked_at is not None
        and found.asked_at > now() - CONFIRM_WITHIN
    )


def ask_again(found: SignUp, placement: Placement, contact: Contact, actor: str) -> None:
    """Ask for a yes, unless the person was asked within three days, by whichever programme.

    Without a sender that people can answer nobody is asked, and nobody joins: `find_obstacle` says so.
    """
    language = found.disclosure.language if found.disclosure else "en"
    body = question_text(placement.programme.brand, language)
    put_question(found, placement, contact, body, actor)


def put_question(
    found: SignUp, placement: Placement, contact: Contact, body: str, actor: str
) -> bool:
    """Record the text that asks; False: it cannot go now, or they were asked within three days."""
    moment = now()
    if _was_asked(contact, moment):
        return False
    route = find_asker(contact.workspace_id, contact.country, placement.sender)
    due_at = _lawful_soon(contact, route, moment) if route else None
    if route is None or due_at is None:
        return False
    message = SingleMessage(
        workspace_id=contact.workspace_id,
        contact_id=contact.id,
        msisdn=contact.msisdn,
        country=contact.country,
        body=body,
        purpose=ASKING,
        lane=LANE,
        gateway_id=route.gateway_id,
        sender=route.sender,
        due_at=due_at,
        expires_at=moment + CONFIRM_WITHIN,
    )
    found.ask_message_id = send_single(message, actor=actor)
    found.asked_at = moment
    found.save(update_fields=["ask_message_id", "asked_at"])
    return True


def find_obstacle(found: SignUp) -> str:
    """Why somebody who must answer yes first was not asked; to whoever noted them."""
    contact, moment = Contact.objects.get(id=found.contact_id), now()
    if find_asker(contact.workspace_id, contact.country, found.placement.sender) is None:
        text = _("No sender of yours reaches %(country)s that people can answer: connect a number.")
        return text % {"country": contact.country}
    if _was_asked(contact, moment):
        return _("Another programme asked them within the last three days.")
    return _("Law lets no text go to them within three days.")


def _was_asked(contact: Contact, moment: datetime) -> bool:
    asked = SignUp.objects.filter(
        workspace_id=contact.workspace_id,
        contact_id=contact.id,
        asked_at__gt=moment - CONFIRM_WITHIN,
    )
    return asked.exists()


def _lawful_soon(contact: Contact, route: Route, moment: datetime) -> datetime | None:
    due_at = lawful_time(contact, route, moment)
    return due_at if due_at is not None and due_at < moment + CONFIRM_WITHIN else None


def question_text(brand: str, language: str) -> str:
    """What the person is asked, in their language; no word of advertising (German law is strict)."""
    with translation.override(language):
        words = _("%(brand)s: reply YES to get our texts. You did not ask for them? Do nothing.")
        return words % {"brand": brand}


def topics_text(brand: str, names: Sequence[str], language: str) -> str:
    """As `question_text`, of topics that somebody who joined ticked later."""
    with translation.override(language):
        words = _(
            "%(brand)s: reply YES to also get: %(topics)s. You did not ask for it? Do nothing."
        )
        return words % {"brand": brand, "topics": ", ".join(names)}


def take_back(*, workspace_id: int, contact_ids: Sequence[int]) -> None:
    """People who said stop wait for no yes any more. In the transaction that records it."""
    theirs = SignUp.objects.filter(workspace_id=workspace_id, contact_id__in=contact_ids)
    theirs.filter(state=SignUpState.PENDING).update(state=SignUpState.BARRED)
    theirs.filter(more_at__isnull=False).update(more={}, more_at=None)


def expire_unanswered() -> int:
    """Who did not say yes in time has not joined; answers how many. Twice is once.

    The time runs from the question; of who was never asked, from when we were told of them.
    """
    since = now() - CONFIRM_WITHIN
    old = SignUp.objects.filter(state=SignUpState.PENDING, written_at__lt=since)
    return old.filter(Q(asked_at=None) | Q(asked_at__lt=since)).update(state=SignUpState.EXPIRED)

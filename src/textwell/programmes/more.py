"""Topics that somebody ticks later, where a yes by text is needed: remembered, asked about, given.

`SignUp.more` maps the key of a topic to what was said of it: the words beside its box, by which form and
proof, whether the person was asked, and until when that holds. Nobody is asked twice within three days, so
what is ticked just after another question waits for its turn.
"""

from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from django.db import OperationalError, transaction

from textwell.consent.models import Topic
from textwell.contacts.models import Contact
from textwell.core.clock import now
from textwell.programmes.agreeing import agree_to_topics, is_barred, proof_of
from textwell.programmes.asking import CONFIRM_WITHIN, put_question, topics_text
from textwell.programmes.models import Disclosure, Placement, SignUp, SignUpState
from textwell.programmes.topics import said_topics

log = structlog.get_logger()

ASK_WITHIN: Final = timedelta(days=7)  # a tick that nobody could ask about is forgotten then
RETRY: Final = timedelta(hours=1)
BATCH: Final = 200
ACTOR: Final = "mo"

Wanted = dict[str, Any]  # Any: as JSON holds one of `SignUp.more`


def want_more(found: SignUp, again: SignUp, contact: Contact, actor: str) -> None:
    """Remember the topics that `again` ticks beyond what is known; ask at once if that may be.

    In a transaction that holds the row. What they were asked about already stays as it was.
    """
    ticked: dict[str, str] = again.evidence.get("topics", {})
    known = said_topics(contact.id, ticked) if ticked else set()
    if found.state == SignUpState.PENDING:
        known |= set(found.evidence.get("topics", {}))
    known |= {key for key, wanted in found.more.items() if wanted["is_asked"]}
    fresh = {key: label for key, label in ticked.items() if key not in known}
    if not fresh:
        return
    found.more = {**found.more, **{key: _wanted(again, label) for key, label in fresh.items()}}
    _ask(found, contact, actor)
    _keep(found)


def _wanted(again: SignUp, label: str) -> Wanted:
    assert again.disclosure is not None
    proof = {name: of for name, of in again.evidence.items() if name not in ("values", "topics")}
    return {
        "label": label,
        "placement_id": again.placement_id,
        "disclosure_id": again.disclosure.id,
        "method": again.method,
        "evidence": proof,
        "signed_at": again.signed_at.isoformat(),
        "is_asked": False,
        "until": (now() + ASK_WITHIN).isoformat(),
    }


def _ask(found: SignUp, contact: Contact, actor: str) -> None:
    """One question for all that waits. Who has not joined yet has another one to answer first."""
    waiting = {key: wanted for key, wanted in found.more.items() if not wanted["is_asked"]}
    if not waiting or found.state != SignUpState.JOINED:
        return
    latest = max(waiting.values(), key=lambda wanted: datetime.fromisoformat(wanted["signed_at"]))
    placement = Placement.objects.select_related("programme").get(id=latest["placement_id"])
    if is_barred(latest["method"], contact):
        return
    language = Disclosure.objects.get(id=latest["disclosure_id"]).language
    names = Topic.objects.filter(workspace_id=found.workspace_id, key__in=waiting).order_by("name")
    body = topics_text(
        placement.programme.brand, list(names.values_list("name", flat=True)), language
    )
    if not put_question(found, placement, contact, body, actor):
        return
    until = (now() + CONFIRM_WITHIN).isoformat()
    asked = {key: wanted | {"is_asked": True, "until": until} for key, wanted in waiting.items()}
    found.more = {**found.more, **asked}


def _keep(found: SignUp) -> None:
    found.more_at = _next_at(found)
    found.save(update_fields=["more", "more_at"])


def _next_at(found: SignUp) -> datetime | None:
    """When something is due: who was asked has three days, who was not is asked after the last question."""
    if not found.more:
        return None
    free_at = found.asked_at + CONFIRM_WITHIN if found.asked_at else now()
    return max(free_at, now() + RETRY)


def give_more(found: SignUp, contact: Contact, *, answer: Wanted, said_at: datetime) -> bool:
    """They answered yes: the topics that they were asked about are theirs; False: there are none.

    In a transaction that holds the person and the row.
    """
    asked = {
        key: wanted
        for key, wanted in found.more.items()
        if wanted["is_asked"] and said_at < datetime.fromisoformat(wanted["until"])
    }
    for key, wanted in asked.items():
        again = _sign_up_of(found, key, wanted)
        assert again.disclosure is not None
        evidence = proof_of(again, again.disclosure, is_confirmed=True) | {"answer": answer}
        agree_to_topics(again, contact, evidence, actor=ACTOR, given_at=min(said_at, now()))
    if asked:
        found.more = {key: wanted for key, wanted in found.more.items() if key not in asked}
        _keep(found)
    return bool(asked)


def _sign_up_of(found: SignUp, key: str, wanted: Wanted) -> SignUp:
    """What they said of one topic, as a sign-up that is never saved."""
    return SignUp(
        id=found.id,
        workspace_id=found.workspace_id,
        programme=found.programme,
        placement=Placement.objects.get(id=wanted["placement_id"]),
        disclosure=Disclosure.objects.get(id=wanted["disclosure_id"]),
        method=wanted["method"],
        evidence={**wanted["evidence"], "topics": {key: wanted["label"]}},
    )


def ask_for_more() -> int:
    """Ask those whose turn has come, forget what ran out; answers how many were looked at. Twice is once."""
    due = SignUp.objects.filter(more_at__lte=now()).order_by("more_at")
    numbers = list(due.values_list("id", flat=True)[:BATCH])
    for number in numbers:
        _settle_safely(number)
    return len(numbers)


def _settle_safely(sign_up_id: int) -> None:
    try:
        _settle(sign_up_id)
    except OperationalError:
        raise  # the database is away: for everybody
    except Exception:
        log.exception("asking for more failed", sign_up=sign_up_id)
        SignUp.objects.filter(id=sign_up_id).update(more_at=now() + RETRY)


def _settle(sign_up_id: int) -> None:
    contact_id = SignUp.objects.values_list("contact_id", flat=True).get(id=sign_up_id)
    with transaction.atomic():
        contact = Contact.objects.select_for_update().filter(id=contact_id).first()
        found = SignUp.objects.select_for_update().get(id=sign_up_id)
        moment = now()
        found.more = {
            key: wanted
            for key, wanted in found.more.items()
            if contact is not None and moment < datetime.fromisoformat(wanted["until"])
        }
        if contact is not None:
            _ask(found, contact, f"sign_up:{found.id}")
        _keep(found)

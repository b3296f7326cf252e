"""Texts that concern programmes: a keyword, or the yes of somebody who was asked.

All texts that came together cost two reads; what concerns no programme is left to the inbox.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from textwell.contacts.models import Contact
from textwell.core.db import cursor
from textwell.core.errors import TextwellError
from textwell.inbox.events import ArrivedText, TextsArrived
from textwell.programmes import sql
from textwell.programmes.asking import CONFIRM_WITHIN
from textwell.programmes.inviting import take_invited
from textwell.programmes.keywords import choose, find_placements, readings
from textwell.programmes.models import Placement, SignUp, SignUpState
from textwell.programmes.more import give_more
from textwell.programmes.selectors import is_open
from textwell.programmes.signing import join, sign_up
from textwell.programmes.types import NewSignUp

YES = frozenset(("yes", "confirm", "opt_in"))
ACTOR = "mo"


@dataclass(frozen=True, slots=True)
class _Question:
    """One text of ours that asked for a yes, and left."""

    sign_up_id: int
    asked_at: datetime
    handed_at: datetime
    gateway_id: int
    sender: str


def take_texts(event: TextsArrived) -> None:
    """Act on what concerns programmes, in the transaction that stores the texts."""
    _take_keywords(event.texts)
    _take_answers([each for each in event.texts if each.taken_by is None])
    left = [each for each in event.texts if each.taken_by is None]
    take_invited(left, yes=YES, actor=ACTOR)


def _take_keywords(texts: Iterable[ArrivedText]) -> None:
    words = {id(each): readings(each.text) for each in texts}
    known = find_placements(
        {each.workspace_id for each in texts}, {word for some in words.values() for word in some}
    )
    if not known:
        return
    for each in texts:
        named = (known.get((each.workspace_id, word)) for word in words[id(each)])
        rows = next((some for some in named if some), [])
        placement = choose(rows, each.recipient, each.received_at)
        if placement is not None and is_open(placement):
            _join_by_keyword(each, placement)


def _join_by_keyword(text: ArrivedText, placement: Placement) -> None:
    new = NewSignUp(
        msisdn=text.msisdn,
        method="keyword",
        language=text.understanding.language or "",
        signed_at=text.received_at,
        evidence=_evidence(text) | {"keyword": placement.keyword},
    )
    try:
        text.taken_by = sign_up(placement=placement, new=new, actor=ACTOR).contact_id
    except TextwellError:
        return  # of another country, say: somebody reads it in the inbox


def _evidence(text: ArrivedText) -> dict[str, object]:
    return {
        "gateway_id": text.gateway_id,
        "source_key": text.source_key,
        "recipient": text.recipient,
        "text": text.text,
    }


def _take_answers(texts: list[ArrivedText]) -> None:
    asked = [each for each in texts if each.contact_id and each.understanding.intent in YES]
    if not asked:
        return
    questions = _find_questions(asked)
    for each in asked:
        theirs = questions.get(each.contact_id or 0, [])
        question = next((one for one in theirs if _answers(each, one)), None)
        if question is not None and question.asked_at > each.received_at - CONFIRM_WITHIN:
            _confirm(each, question.sign_up_id)


def _find_questions(texts: list[ArrivedText]) -> dict[int, list[_Question]]:
    """By person, the latest first."""
    params: dict[str, Any] = {
        "workspace_ids": list({each.workspace_id for each in texts}),
        "contact_ids": list({each.contact_id for each in texts}),
    }
    found: dict[int, list[_Question]] = {}
    with cursor() as raw:
        raw.execute(sql.QUESTIONS, params)
        for contact_id, *facts in raw.fetchall():
            found.setdefault(contact_id, []).append(_Question(*facts))
    return found


def _answers(text: ArrivedText, question: _Question) -> bool:
    """It came after the question, to where that came from. A gateway may not say which sender it was."""
    if question.handed_at > text.received_at:
        return False
    if not text.recipient:
        return text.gateway_id == question.gateway_id
    return text.recipient.lstrip("+") == question.sender


def _confirm(text: ArrivedText, sign_up_id: int) -> None:
    assert text.contact_id is not None
    contact = Contact.objects.select_for_update().get(id=text.contact_id)
    found = SignUp.objects.select_for_update().get(id=sign_up_id)
    if found.state == SignUpState.JOINED:
        if give_more(found, contact, answer=_evidence(text), said_at=text.received_at):
            text.taken_by = contact.id
        return
    if found.state != SignUpState.PENDING:
        return
    found.evidence = {**found.evidence, "answer": _evidence(text)}
    found.save(update_fields=["evidence"])
    join(found, contact, actor=ACTOR, said_at=text.received_at, is_confirmed=True)
    text.taken_by = contact.id

"""Signing up: one person joins one programme once, with the proof of what they were shown.

The person's row is locked first, then their sign-up, so that two forms at once are one. What a stranger
types into a form proves nothing about the number: it never lifts an opt-out, and where a second yes is
asked for nothing is granted before it comes.
"""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from textwell.accounts.actions import audit_row
from textwell.consent.types import GENERAL
from textwell.contacts.actions import read_fields, read_msisdn, upsert_contact
from textwell.contacts.models import Contact
from textwell.core.clock import now
from textwell.core.errors import FieldError
from textwell.programmes.agreeing import (
    OWN_PHONE,
    agree,
    agree_to_topics,
    is_barred,
    proof_of,
    says_generally,
)
from textwell.programmes.asking import CONFIRM_WITHIN, ask_again, waits_for_yes
from textwell.programmes.disclosures import find_named, find_shown_at
from textwell.programmes.errors import Closed
from textwell.programmes.models import Disclosure, Placement, SignUp, SignUpState
from textwell.programmes.more import want_more
from textwell.programmes.questions import as_values
from textwell.programmes.reaching import needs_yes
from textwell.programmes.selectors import is_open
from textwell.programmes.topics import read_ticked
from textwell.programmes.types import WEAK, NewSignUp
from textwell.programmes.welcoming import welcome
from textwell.text import Number, NumberType

_TEXTED = frozenset((NumberType.MOBILE, NumberType.FIXED_LINE_OR_MOBILE))


def sign_up(*, placement: Placement, new: NewSignUp, actor: str) -> SignUp:
    """Record that somebody joins; they get what follows: the question, or consent and the welcome.

    The same person again is the same sign-up, and gets nothing twice.

    Raises:
        Closed: nobody can join here now.
        FieldError: the number, an answer or the age cannot be; nothing is recorded.
    """
    if not is_open(placement):
        raise Closed(_("This sign-up is closed."))
    number = check_number(placement, new)
    shown = _find_shown(placement, number, new)
    _check_age(placement, new)
    ticked = read_ticked(placement.programme, new.topics)
    values = as_values(new.values)
    read_fields(placement.workspace_id, values.get("fields", {}))
    with transaction.atomic():
        contact = upsert_contact(
            workspace_id=placement.workspace_id, msisdn=number.e164 or "", actor=actor
        )
        evidence = _evidence(new, placement, values, ticked)
        found = _hold(placement, contact, shown, new, evidence)
        again = SignUp(id=found.id, **_facts(placement, new, shown, evidence))
        _add_topics(found, again, contact, actor)
        _go_on(found, placement, contact, actor)
        if actor.startswith(("user:", "key:")):
            told = {"placement_id": placement.id, "method": new.method, "state": found.state}
            audit_row(found, "sign_up", actor, "programmes.signed_up", after=told)
    return found


def check_number(placement: Placement, new: NewSignUp) -> Number:
    """A number that can be texted, of a country that the programme is for.

    Raises:
        FieldError: on `msisdn`.
    """
    number = read_msisdn(new.msisdn, new.region)
    if number.region not in placement.programme.countries:
        raise FieldError(
            "msisdn",
            _("The programme is not for numbers of this country."),
            _("Give a number of one of the countries that are offered."),
        )
    if number.type not in _TEXTED:
        raise FieldError("msisdn", _("is no mobile number."), _("Give one that gets texts."))
    return number


def _find_shown(placement: Placement, number: Number, new: NewSignUp) -> Disclosure:
    """The words named, and no others: nobody agreed to what they were not shown."""
    programme, country = placement.programme, number.region or ""
    if new.disclosure_id is not None:
        named = find_named(programme, country, new.disclosure_id, new.signed_at)
        if named is None:
            raise FieldError(
                "disclosure_id",
                _("does not hold for this number now."),
                _("Choose the country of the number, and agree to the words that are shown there."),
            )
        return named
    shown = find_shown_at(programme, country, new.language, new.signed_at or now())
    if shown is None:
        raise Closed(_("This sign-up is closed."))
    return shown


def _check_age(placement: Placement, new: NewSignUp) -> None:
    least = placement.programme.min_age
    if not least:
        return
    if new.born_on is None:
        raise FieldError("born_on", _("is missing."), _("Give the date of birth."))
    if age_on(now().date(), new.born_on) < least:
        mend = _("It is for people of %(age)d years and more.") % {"age": least}
        raise FieldError("born_on", _("This programme is not for you."), mend)


def age_on(day: date, born_on: date) -> int:
    """Whole years; a birth on 29 February counts from 1 March where there is none."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def _hold(
    placement: Placement,
    contact: Contact,
    shown: Disclosure,
    new: NewSignUp,
    evidence: dict[str, Any],
) -> SignUp:
    """The person's row in the programme, new or begun anew.

    Who joined stays as they joined, also having left: their source is judged by it. Who was asked
    stays with what they were asked about.
    """
    moment = now()
    facts = _facts(placement, new, shown, evidence)
    SignUp.objects.bulk_create([SignUp(contact_id=contact.id, **facts)], ignore_conflicts=True)
    found = SignUp.objects.select_for_update().get(
        programme_id=placement.programme_id, contact_id=contact.id
    )
    if found.state == SignUpState.JOINED and (
        says_generally(contact, is_granted=True) or is_barred(new.method, contact)
    ):
        return found
    if waits_for_yes(found) and _needs_yes(new.method, placement, contact):
        return found
    if found.asked_at is not None and found.asked_at <= moment - CONFIRM_WITHIN:
        facts |= {"asked_at": None, "ask_message_id": None}
    for name, value in facts.items():
        setattr(found, name, value)
    found.save(update_fields=list(facts))
    return found


def _facts(
    placement: Placement, new: NewSignUp, shown: Disclosure, evidence: dict[str, Any]
) -> dict[str, Any]:
    moment = now()
    return {
        "workspace_id": placement.workspace_id,
        "programme": placement.programme,
        "placement": placement,
        "method": new.method,
        "state": SignUpState.PENDING,
        "disclosure": shown,
        "evidence": evidence,
        "signed_at": min(new.signed_at or moment, moment),
        "written_at": moment,
    }


def _evidence(
    new: NewSignUp, placement: Placement, values: dict[str, Any], ticked: dict[str, str]
) -> dict[str, Any]:
    checked = {"least_age": placement.programme.min_age} if placement.programme.min_age else {}
    given = {"values": values} if values else {}
    chosen = {"topics": ticked} if ticked else {}
    return {**new.evidence, **checked, **given, **chosen}


def _go_on(found: SignUp, placement: Placement, contact: Contact, actor: str) -> None:
    """What follows, by what is known of the person."""
    if found.state == SignUpState.JOINED:
        return
    if is_barred(found.method, contact):
        _put(found, SignUpState.BARRED)
    elif _needs_yes(found.method, placement, contact):
        _put(found, SignUpState.PENDING)
        ask_again(found, placement, contact, actor)
    else:
        join(found, contact, actor=actor, said_at=found.signed_at)


def _is_own(found: SignUp) -> bool:
    return found.method == OWN_PHONE


def _needs_yes(method: str, placement: Placement, contact: Contact) -> bool:
    if method in WEAK or placement.programme.asks_twice:
        return True
    return method != OWN_PHONE and needs_yes(placement.programme, contact.country)


def _put(found: SignUp, state: SignUpState) -> None:
    found.state = state
    found.save(update_fields=["state"])


def join(
    found: SignUp, contact: Contact, *, actor: str, said_at: datetime, is_confirmed: bool = False
) -> None:
    """Record the consent with its proof, what they told of themselves, and welcome them.

    `is_confirmed`: they answered yes to our question.
    """
    shown = found.disclosure
    assert shown is not None
    evidence = proof_of(found, shown, is_confirmed=is_confirmed)
    said = {"actor": actor, "given_at": min(said_at, now())}
    agree(found, contact, GENERAL, shown.text, evidence, **said)
    agree_to_topics(found, contact, evidence, **said)
    found.state, found.joined_at = SignUpState.JOINED, now()
    found.save(update_fields=["state", "joined_at"])
    _tell_of_person(found, contact, shown.language)
    welcome(found, contact)


def _add_topics(found: SignUp, again: SignUp, contact: Contact, actor: str) -> None:
    """Who joined before and ticks more agrees to that as well, or is asked where a second yes is needed.

    `again`: what they say this time, never saved: their first sign-up stays as it was.
    """
    if not again.evidence.get("topics") or is_barred(again.method, contact):
        return
    assert again.disclosure is not None
    if _needs_yes(again.method, again.placement, contact):
        want_more(found, again, contact, actor)
    elif found.state == SignUpState.JOINED:
        evidence = proof_of(again, again.disclosure, is_confirmed=False)
        given_at = min(again.signed_at, now())
        agree_to_topics(again, contact, evidence, actor=actor, given_at=given_at)


def _tell_of_person(found: SignUp, contact: Contact, language: str) -> None:
    """Answers of the form, tags, language.

    What did not come from the phone itself never changes what is known already: a yes proves that
    its owner agrees, not that a form which anybody could fill in tells the truth of them.
    """
    values: dict[str, Any] = dict(found.evidence.get("values", {}))
    fields = values.pop("fields", {})
    if not contact.language:
        values["language"] = language
    if not _is_own(found):
        values = {name: value for name, value in values.items() if not getattr(contact, name)}
        fields = {name: value for name, value in fields.items() if name not in contact.fields}
    upsert_contact(
        workspace_id=found.workspace_id,
        msisdn=contact.msisdn,
        fields=fields,
        tags=found.programme.tags,
        actor=f"sign_up:{found.id}",
        **values,
    )

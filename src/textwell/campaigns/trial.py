"""Test sends: the very text, to oneself or a test list, through the very gateway."""

from copy import copy
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _
from msgspec.structs import replace

from textwell.accounts.actions import audit_row
from textwell.campaigns.forecast import build_preview, build_text, gate_facts
from textwell.campaigns.models import Campaign
from textwell.campaigns.terms import composer_of, gateway_of
from textwell.campaigns.values import find_link_errors, link_values
from textwell.consent.topics import is_per_sender
from textwell.contacts.models import Contact
from textwell.contacts.selectors import access_list, list_contacts
from textwell.core.clock import now
from textwell.core.errors import FieldError
from textwell.gateways.models import GatewayState
from textwell.messaging.actions import SingleMessage, send_single
from textwell.messaging.caps import Caps
from textwell.messaging.checks import find_unaddressed
from textwell.messaging.gate import Reason, decide
from textwell.messaging.purposes import INVITATION, MARKETING
from textwell.messaging.reasons import GATE_REASONS
from textwell.messaging.showing import missing_registration
from textwell.messaging.template_words import missing_template

TESTED = "campaigns.test_sent"  # in the audit log
MOST_TESTED: Final = 25  # people of a test list


@dataclass(frozen=True, slots=True)
class Tested:
    """What became of a test to a list; `left_out` has contact_id and the gate's reason."""

    message_ids: list[int]
    left_out: list[dict[str, object]]


def send_test(*, campaign: Campaign, contact: Contact, actor: str) -> int:
    """Send the campaign's text to one contact now; answers the message id.

    The gate judges it like every message: a contact without consent gets no test either. Its links
    work and are counted apart from the campaign's.

    Raises:
        FieldError: no route, a link that leads nowhere, a text that does not come out, or a person
            who may not be texted; says which and what mends it.
    """
    _check_route(campaign)
    build_preview(campaign, contact)
    reason = _gate_reason(campaign, contact)
    if reason:
        problem = _("may not be texted: %(reason)s") % {"reason": GATE_REASONS[reason]}
        raise FieldError("contact", problem, _mend(reason, campaign, contact))
    with transaction.atomic():
        message_id = send_single(_trial(campaign, contact), actor=actor)
        after = {"contact_id": contact.id, "message_id": message_id}
        audit_row(campaign, "campaign", actor, TESTED, after=after)
    return message_id


def send_test_to_list(*, campaign: Campaign, list_id: int, actor: str) -> Tested:
    """Send the campaign's text to each person of a test list now, rendered for each.

    Who may not be texted, or for whom no text comes out, is left out and named.

    Raises:
        NotFound: there is no such list in the workspace.
        FieldError: as `send_test`; or the list is not for tests, has nobody or more than MOST_TESTED
            people, or nobody of it gets the text.
    """
    people = _people_of(campaign.workspace_id, list_id)
    _check_route(campaign)
    judged = [(person, _judge(campaign, person)) for person in people]
    left_out = [{"contact_id": person.id, "reason": reason} for person, reason in judged if reason]
    if len(left_out) == len(people):
        reason = build_preview(campaign, people[0]).reason  # raises where no text comes out
        problem = _("Nobody of it may be texted: %(reason)s") % {"reason": GATE_REASONS[reason]}
        raise FieldError("list_id", problem, _mend(reason, campaign, people[0]))
    with transaction.atomic():
        sent = [
            send_single(_trial(campaign, person), actor=actor)
            for person, reason in judged
            if not reason
        ]
        after = {"list_id": list_id, "message_ids": sent, "left_out": left_out}
        audit_row(campaign, "campaign", actor, TESTED, after=after)
    return Tested(sent, left_out)


def _people_of(workspace_id: int, list_id: int) -> list[Contact]:
    found = access_list(workspace_id, list_id)
    if not found.is_for_tests:
        problem = _("“%(name)s” is no test list.") % {"name": found.name}
        raise FieldError("list_id", problem, _("Mark it as one on its page."))
    people = list_contacts(workspace_id, list_id=list_id, limit=MOST_TESTED + 1)
    if not people:
        problem = _("Nobody is on “%(name)s”.") % {"name": found.name}
        raise FieldError("list_id", problem, _("Put people on it first."))
    if len(people) > MOST_TESTED:
        problem = _("More than %(most)s people are on “%(name)s”.")
        values = {"most": MOST_TESTED, "name": found.name}
        raise FieldError("list_id", problem % values, _("Keep a shorter list for tests."))
    return people


def _judge(campaign: Campaign, person: Contact) -> str:
    """Why the person gets no test; "" if they do."""
    try:
        build_preview(campaign, person)
    except FieldError:
        return "text_failed"
    return _gate_reason(campaign, person)


def _gate_reason(campaign: Campaign, person: Contact) -> str:
    """Why the gate leaves the person out, "" if not; at any hour, as whoever reads a test asks for it.

    Where no rules are on file nobody knows what else holds than hours: no marketing goes there.
    """
    facts = gate_facts(_as_tested(campaign), person)
    if facts.law_reason != Reason.NO_PACK:
        facts = replace(facts, law_reason="", lawful_at=None)
    return str(decide(facts).reason)


def _as_tested(campaign: Campaign) -> Campaign:
    """A test of an invitation is none: its reader agreed to texts before, and may read it twice."""
    if campaign.purpose != INVITATION:
        return campaign
    tested = copy(campaign)
    tested.purpose = MARKETING
    return tested


def _check_route(campaign: Campaign) -> None:
    if campaign.gateway_id is None or not campaign.sender:
        raise FieldError("gateway_id", _("is missing"), _("Choose a gateway and a sender first."))
    gateway = gateway_of(campaign)
    if gateway is not None and gateway.state == GatewayState.RETIRED:
        raise FieldError("gateway_id", _("is retired"), _("Choose another."))
    _refuse_bad_links(campaign)


def _refuse_bad_links(campaign: Campaign) -> None:
    for error in find_link_errors(campaign.links, campaign.utm, name=campaign.name):
        raise error
    numbers = composer_of(campaign).link_numbers
    for found in find_unaddressed(numbers, len(campaign.links)):
        raise FieldError(found.field, found.problem, found.mend)


def _trial(campaign: Campaign, contact: Contact) -> SingleMessage:
    assert campaign.gateway_id is not None, "send_test asks for it"
    return SingleMessage(
        workspace_id=campaign.workspace_id,
        contact_id=contact.id,
        msisdn=contact.msisdn,
        country=contact.country,
        body="",
        compose=lambda links: build_text(campaign, contact, links=dict(links)),
        link_targets=tuple(link["url"] for link in campaign.links),
        utm=campaign.utm,
        link_values=link_values(campaign.name),
        purpose=_as_tested(campaign).purpose,
        topic=campaign.topic,
        brand=campaign.brand,
        is_per_sender=is_per_sender(campaign.workspace_id, campaign.topic),
        lane="care",  # one text: it may pass a campaign that is under way
        expires_at=campaign.ends_at,
        validity_hours=campaign.validity_hours,
        caps=Caps(campaign.cap_count, campaign.cap_hours),
        trial_of=campaign.id,
        gateway_id=campaign.gateway_id,
        sender=campaign.sender,
    )


def _mend(reason: str, campaign: Campaign, person: Contact) -> str:
    if reason == Reason.TEMPLATE_UNREGISTERED:
        return missing_template(campaign.sender, person.country, campaign.purpose)
    if reason == Reason.SENDER_UNREGISTERED:
        today = now().date()
        return missing_registration(campaign.sender, person.country, campaign.purpose, on=today)
    if reason == "expired" and campaign.ends_at == campaign.goal_at:
        return _("Choose a later end of the offer or start of the event, or none.")
    mends = {
        "no_consent": _("Choose a contact with consent, such as yourself."),
        "opted_out": _("This person said stop. Choose a contact with consent, such as yourself."),
        "person_paused": _("This person asked for a pause. Choose another contact."),
        "suppressed": _("The number is on the suppression list. Choose another contact."),
        "sender_not_allowed": _(
            "Choose a sender that may be shown in this person's country, or a contact elsewhere."
        ),
        "sample_person": _("Choose a contact with a telephone, such as yourself."),
        "sender_not_promised": _("Choose a promised sender, or publish the promise anew."),
        "topic_not_promised": _("Choose a promised topic, or publish the promise anew."),
        "frequency_cap": _(
            "This person had as many texts as the cap allows. Choose another contact, or wait."
        ),
        "expired": _("Choose a later expiry for the campaign, or none."),
    }
    return mends.get(reason, "")

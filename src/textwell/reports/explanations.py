"""Why one person did or did not get one campaign: the answer, its reason and what may be done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from textwell.campaigns.models import Campaign, CampaignState
from textwell.campaigns.selectors import present_stop
from textwell.consent.models import ConsentEvent, SuppressionReason
from textwell.consent.selectors import list_suppression_reasons
from textwell.consent.types import EVERY
from textwell.contacts.models import Contact
from textwell.core.clock import now
from textwell.core.errors import FieldError
from textwell.gateways.taxonomy import describe_failure
from textwell.messaging.models import Message, Outcome
from textwell.messaging.states import WAITING, State
from textwell.reports.looks import Look, look_now, looks_of
from textwell.segments.selectors import is_in_audience
from textwell.segments.types import parse_audience


class Answer(StrEnum):
    """Did the person get it?"""

    YES = "yes"  # the network says that it is on the handset
    MAYBE = "maybe"  # the carrier took it, or may have
    NOT_YET = "not_yet"
    NO = "no"


class Stage(StrEnum):
    """Where it was decided."""

    AUDIENCE = "audience"  # the campaign has no message for the person
    PLAN = "plan"
    HANDOFF = "handoff"
    CARRIER = "carrier"


@dataclass(frozen=True, slots=True)
class Explanation:
    """`reason` is a code that stays, `why` and `mend` are sentences; `mend` is empty for nothing."""

    campaign_id: int
    campaign_name: str
    contact_id: int
    answer: Answer
    stage: Stage
    reason: str
    why: Any  # a lazy translation
    mend: Any  # a lazy translation
    at: datetime | None = None  # when it was decided, or is due
    message_id: int | None = None
    state: str = ""  # of the message
    code: str = ""  # the carrier's own
    consent: ConsentEvent | None = None  # the person's latest word before that
    suppressions: tuple[SuppressionReason, ...] = ()  # the number's now, where one decided
    failed_rules: tuple[Mapping[str, object], ...] = ()  # what the gate saw at hand-off
    message: Message | None = None
    looks: tuple[Look, ...] = ()  # of the gate, the latest last; see `reports.looks`


Sentences = Mapping[str, tuple[Any, Any]]  # (why, mend); Any: lazy translations

_WITHOUT_MESSAGE: Final[Sentences] = {
    "not_launched": (_("The campaign is not launched."), ""),
    "not_planned": (
        _("The campaign ended before this person's text was planned."),
        _("Copy the campaign and launch it for those who did not get it."),
    ),
    "being_planned": (_("The campaign is being planned; this person's turn may still come."), ""),
    "added_later": (
        _("The person was added after the campaign had begun."),
        _("Copy the campaign and launch it for those who did not get it."),
    ),
    "joined_later": (
        _("The person was not in the audience when the campaign was planned. Now they are."),
        _("Copy the campaign and launch it for those who did not get it."),
    ),
    "not_in_audience": (
        _("The person was not in the audience when the campaign was planned."),
        "",
    ),
}
_LEFT_OUT: Final[Sentences] = {
    "contact_erased": (_("The person was erased before the text's turn came."), ""),
    "sample_person": (
        _("The person is made up: nobody has the number, and the gateway reaches telephones."),
        _("Use a simulated gateway, or people of your own."),
    ),
    "suppressed": (
        _("The number was on the suppression list."),
        _("See why it is there; what was put down by mistake can be lifted."),
    ),
    "opted_out": (
        _("The person had said that they want no more texts."),
        _("Only a new yes of theirs changes this."),
    ),
    "no_consent": (
        _("Nobody had recorded that the person agreed to texts of this kind."),
        _("If they did agree, record where, when and to which words."),
    ),
    "email_only": (
        _("The person had chosen to be reached by e-mail alone."),
        _("Write to them by e-mail."),
    ),
    "consent_too_weak": (
        _("The person had agreed in a way that does not suffice in their country."),
        _("Ask them for a yes of the kind that the country's rules name."),
    ),
    "consent_expired": (
        _("The person had agreed longer ago than a consent counts."),
        _("Ask for a new yes before the old one ends; record it with where, when and which words."),
    ),
    "invitation_barred": (
        _("The rules of their country let nobody text who never agreed, not even to ask."),
        _("Ask for their yes by another way: a form, a keyword, in your shop."),
    ),
    "already_agreed": (
        _(
            "The person had agreed to texts already: an invitation is for who said neither yes nor no."
        ),
        _("Write to them by a marketing campaign."),
    ),
    "already_invited": (
        _("Their number had its one invitation. Silence or another answer means no, for ever."),
        _("Only a yes that they give by themselves changes this."),
    ),
    "person_paused": (
        _("The person had asked for a pause that was not over."),
        _("Texts go to them again by themselves once it is."),
    ),
    "sender_not_allowed": (
        _("The sender may not be used in the number's country."),
        _("Add a sender for that country to the gateway."),
    ),
    "sender_not_promised": (
        _("The workspace’s public promise did not name the sender."),
        _("Publish the promise anew: it names the senders of that day."),
    ),
    "topic_not_promised": (
        _("The workspace’s public promise did not name the topic."),
        _("Publish the promise anew: it names the topics of that day."),
    ),
    "frequency_cap": (
        _("The person had as many marketing texts in that period as the cap allows."),
        _("Write later, or change the cap."),
    ),
    "no_pack": (
        _("No rules are on file for the country of the number, so no marketing goes there."),
        _("Ask whoever runs Textwell for a rule pack of that country."),
    ),
    "no_lawful_time": (
        _("No hour of the following week was allowed where the person may be."),
        _("Record their time zone if it is known."),
    ),
    "expired": (_("The text's time was over before it could be handed off."), ""),
    "holdout": (
        _("The person was held out by lot, to compare those who were texted with."),
        _("Write to them in another campaign, once this one has been compared."),
    ),
    "facts_missing": (
        _("Something that the decision needs could not be read, so nothing was sent."),
        "",
    ),
    "wording_missing": (
        _("Law has the text say something that it does not say, and that could not be added."),
        _("See what its campaign's page asks for; tell who speaks in the settings."),
    ),
    "text_failed": (
        _("The text could not be made for this person."),
        _("Look at the preview as this person, and mend the text."),
    ),
}
_BY_STATE: Final[Sentences] = {
    "delivered": (_("The network says that the text is on the handset."), ""),
    "submitted": (_("The carrier took the text; its final receipt is still to come."), ""),
    "unknown": (
        _("The text was handed over, but the carrier's answer was lost."),
        _("Ask the carrier; then say on the campaign's page what became of it."),
    ),
    "not_sent": (
        _("The carrier's answer was lost; somebody found that the text never left."),
        _("It can be sent again from the campaign's page."),
    ),
    "canceled": (_("The campaign was canceled before the text's turn came."), ""),
}
_WAITS: Final[Sentences] = {
    "stopped": (_("All sending is stopped."), _("It goes on once the stop is lifted.")),
    "paused": (_("The campaign is paused."), _("It goes on once the campaign is resumed.")),
    "scheduled": (_("The text is due later."), ""),
    "law": (
        _("It is night, a Sunday or a holiday where the person may be."),
        _("It goes out by itself at the first hour that the rules of the country allow."),
    ),
    "in_turn": (_("The text waits for its turn."), ""),
}
_ANSWERS: Final = {
    State.DELIVERED: Answer.YES,
    State.SUBMITTED: Answer.MAYBE,
    State.UNKNOWN: Answer.MAYBE,
    **dict.fromkeys(WAITING, Answer.NOT_YET),
}
_BY_LAW = frozenset({"quiet_hours", "holiday"})
_ABOUT_NUMBER = frozenset({"opted_out", "suppressed"})


def explain(campaign: Campaign, contact: Contact) -> Explanation:
    """Why the person did or did not get it, as far as it is known now."""
    message = _find_message(campaign, contact)
    return (
        _of_nothing(campaign, contact)
        if message is None
        else _of_message(campaign, contact, message)
    )


def _find_message(campaign: Campaign, contact: Contact) -> Message | None:
    if campaign.first_message_id is None:
        return None
    return Message.objects.filter(
        id__range=(campaign.first_message_id, campaign.last_message_id),
        workspace_id=campaign.workspace_id,
        campaign_id=campaign.id,
        contact_id=contact.id,
    ).first()


def _of_nothing(campaign: Campaign, contact: Contact) -> Explanation:
    reason = _why_no_message(campaign, contact)
    is_to_come = campaign.scheduled_at is not None and campaign.scheduled_at > now()
    looks = (look_now(campaign, contact, at=None if is_to_come else now()),)
    why, mend = _WITHOUT_MESSAGE[reason]
    is_open = reason in {"not_launched", "being_planned"}
    answer = Answer.NOT_YET if is_open else Answer.NO
    return Explanation(
        campaign.id, campaign.name, contact.id, answer, Stage.AUDIENCE, reason, why, mend,
        consent=_consent_before(campaign, contact.id, now()), looks=looks,
    )  # fmt: skip


def _why_no_message(campaign: Campaign, contact: Contact) -> str:
    if campaign.state in {CampaignState.DRAFT, CampaignState.SCHEDULED}:
        return "not_launched"
    if campaign.state == CampaignState.PLANNING:
        return "being_planned"
    began_at = campaign.scheduled_at or campaign.launched_at
    if began_at is not None and contact.created_at > began_at:
        return "added_later"
    if not _is_in_audience_now(campaign, contact):
        return "not_in_audience"
    is_cut_short = campaign.state in {CampaignState.CANCELED, CampaignState.FAILED}
    is_beyond = contact.id > campaign.plan_cursor  # people are planned by rising id
    return "not_planned" if is_cut_short and is_beyond else "joined_later"


def _is_in_audience_now(campaign: Campaign, contact: Contact) -> bool:
    try:
        return is_in_audience(campaign.workspace_id, parse_audience(campaign.audience), contact.id)
    except FieldError:  # of a list or field that is gone
        return False


def _of_message(campaign: Campaign, contact: Contact, message: Message) -> Explanation:
    left_out = _left_out_at_handoff(message)
    stage, reason = _decided(campaign, message, left_out)
    why, mend = _sentences(message, stage, reason)
    at = message.due_at if message.state in WAITING else message.done_at or message.handed_at
    if stage is Stage.PLAN:
        at = message.planned_at
    return Explanation(
        campaign.id,
        campaign.name,
        message.contact_id,
        _ANSWERS.get(State(message.state), Answer.NO),
        stage,
        reason,
        why,
        mend,
        at=at or message.planned_at,
        message_id=message.id,
        state=message.state,
        code=message.code,
        consent=_consent_before(campaign, contact.id, _judged_at(message)),
        suppressions=_suppressions_now(message, reason),
        failed_rules=_failed_rules(left_out),
        message=message,
        looks=_looks(campaign, contact, message),
    )


def _looks(campaign: Campaign, contact: Contact, message: Message) -> tuple[Look, ...]:
    """Those that were noted; of a text that waits, or that the plan left out, also what it would be now."""
    noted = looks_of(campaign.workspace_id, message.id)
    is_left_out = message.state == State.SKIPPED and not noted
    if message.state not in WAITING and not is_left_out:
        return noted
    at = max(message.due_at or now(), now())
    return (*noted, look_now(campaign, contact, at=at, message_id=message.id))


def _judged_at(message: Message) -> datetime:
    """When it was decided last; what waits still is decided now."""
    if message.state in WAITING:
        return now()
    return message.handed_at or message.done_at or message.planned_at


def _left_out_at_handoff(message: Message) -> Outcome | None:
    """What the gate said when the text's turn came; None: it was left out by the plan, or not at all."""
    if message.state not in {State.SKIPPED, State.EXPIRED}:
        return None
    found = Outcome.objects.filter(message_id=message.id, outcome__in=["skipped", "expired"])
    return found.order_by("-id").first()


def _decided(campaign: Campaign, message: Message, left_out: Outcome | None) -> tuple[Stage, str]:
    """Where, and the reason's code."""
    if message.state in WAITING:
        return Stage.HANDOFF, _why_waiting(campaign, message)
    if left_out is not None:
        return Stage.HANDOFF, left_out.reason
    if message.state == State.SKIPPED:
        # Who said stop or was suppressed while the text waited was left out then, not by the plan.
        return Stage.HANDOFF if message.done_at else Stage.PLAN, message.reason
    if message.state in {State.CANCELED, State.NOT_SENT}:
        return Stage.HANDOFF, message.state
    if message.state == State.EXPIRED and message.handed_at is None:
        return Stage.HANDOFF, "expired"
    return Stage.CARRIER, message.state if message.state in _BY_STATE else message.reason


def _why_waiting(campaign: Campaign, message: Message) -> str:
    if present_stop(campaign.workspace_id) is not None:
        return "stopped"
    if campaign.state == CampaignState.PAUSED:
        return "paused"
    is_later = message.due_at is not None and message.due_at > now()
    begins_at = campaign.scheduled_at or campaign.launched_at
    # The plan moves a text to another time for law alone.
    is_moved = is_later and begins_at is not None and message.due_at > begins_at  # type: ignore[operator]
    if message.reason in _BY_LAW or (is_moved and message.state == State.PLANNED):
        return "law"
    return "scheduled" if is_later else "in_turn"


def _sentences(message: Message, stage: Stage, reason: str) -> tuple[Any, Any]:  # Any: lazy
    if message.state in WAITING:
        return _WAITS[reason]
    if message.state in _BY_STATE:
        return _BY_STATE[message.state]
    if stage is not Stage.CARRIER:
        return _LEFT_OUT.get(reason, (reason, ""))  # what is no code is in somebody's own words
    failure = describe_failure(reason)
    return failure.cause, failure.mend


def _consent_before(campaign: Campaign, contact_id: int, at: datetime) -> ConsentEvent | None:
    """The person's last word on such texts by then."""
    found = ConsentEvent.objects.filter(
        workspace_id=campaign.workspace_id,
        contact_id=contact_id,
        channel="sms",
        purpose=campaign.purpose,
        topic__in=(campaign.topic, EVERY),
        brand__in=(campaign.brand, EVERY),
        given_at__lte=at,
    )
    return found.order_by("-given_at", "-id").first()


def _suppressions_now(message: Message, reason: str) -> tuple[SuppressionReason, ...]:
    if message.state != State.SKIPPED or reason not in _ABOUT_NUMBER:
        return ()
    return tuple(list_suppression_reasons(message.workspace_id, message.msisdn))


def _failed_rules(left_out: Outcome | None) -> tuple[Mapping[str, object], ...]:
    rules = ((left_out.facts or {}) if left_out else {}).get("rules", ())
    return tuple(rule for rule in rules if not rule["passed"])

"""Words of closed lists as people read them: states, reasons, intents, menders."""

from typing import Any

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from textwell.campaigns.models import Goal
from textwell.gateways.models import Gateway
from textwell.gateways.taxonomy import FailureClass, describe_failure
from textwell.messaging.reasons import GATE_REASONS

Words = dict[str, Any]  # Any: lazy translations

TERM_LABELS: Words = {
    "failed": _("Failed"),
    "handed": _("Handed off"),
    "refused": _("Refused at hand-off"),
    "delivered": _("Delivered"),
    "accepted": _("Awaiting receipt"),
    "waiting": _("Waiting"),
    "undelivered": _("Undelivered"),
    "expired": _("Expired"),
    "rejected": _("Rejected"),
    "unknown": _("Unknown"),
    "skipped": _("Left out"),
    "canceled": _("Canceled"),
}
TERM_HELP: Words = {
    "delivered": _("The network says that it is on the handset."),
    "accepted": _("The carrier took it; its final receipt is still to come."),
    "waiting": _("Not handed off yet."),
    "undelivered": _("The network could not deliver it."),
    "expired": _("Its time ran out."),
    "rejected": _("The carrier refused it."),
    "unknown": _("Handed over, but the answer was lost. Never sent again on a guess."),
    "not_sent": _(
        "Its answer was lost; somebody found that it never left. Sent again only by hand."
    ),
    "skipped": _("Left out on purpose; the reason is kept for each person."),
    "canceled": _("Withdrawn before hand-off."),
}
STATE_LABELS: Words = {
    **TERM_LABELS,
    "planned": _("Planned"),
    "queued": _("Queued"),
    "handing": _("Being handed off"),
    "held": _("Held"),
    "submitted": _("Awaiting receipt"),
    "not_sent": _("Not sent"),
}
STATE_TONES = {
    "delivered": "good",
    "submitted": "info",
    "accepted": "info",
    "undelivered": "warn",
    "expired": "warn",
    "rejected": "bad",
    "unknown": "warn",
    "not_sent": "warn",
}
CAMPAIGN_TONES = {
    "sending": "good live",
    "planning": "info live",
    "scheduled": "info",
    "paused": "warn",
    "failed": "bad",
}
ANSWER_REASONS: Words = {
    "answer_lost": _("The carrier's answer was lost"),
    "by_hand": _("Found out by somebody, not by the carrier"),
}
MENDERS: Words = {
    "list_owner": _("Whoever keeps the list"),
    "marketer": _("Whoever wrote the text"),
    "operator": _("Whoever runs the gateways"),
    "carrier": _("The carrier"),
    "nobody": _("Nobody: it passes or it does not"),
}
INTENTS: Words = {
    "opt_out": _("Opt-out"),
    "opt_in": _("Opt-in"),
    "help": _("Asks for help"),
    "complaint": _("Complaint"),
    "question": _("Question"),
    "confirm": _("Confirms"),
    "cancel": _("Cancels"),
    "move": _("Wants another time"),
    "yes": _("Yes"),
    "no": _("No"),
    "other": _("Other"),
}
INTENT_TONES = {
    "opt_out": "bad",
    "complaint": "warn",
    "opt_in": "good",
    "help": "info",
    "question": "info",
}
CHANNEL_CHOICES: Words = {
    "sms": _("By SMS only"),
    "email": _("By e-mail only"),
    "either": _("By SMS or e-mail, one of the two"),
    "both": _("By SMS and e-mail"),
}
TIMELINE_LABELS: Words = {
    "planned": _("Planned"),
    "marked": _("Taken by a connector"),
    "submitted": _("Accepted by the carrier"),
    "rejected": _("Refused by the carrier"),
    "throttled": _("The carrier asked to slow down"),
    "unknown": _("The carrier's answer was lost"),
    "not_sent": _("Not sent"),
    "found_sent": _("Somebody found that it was sent"),
    "found_not_sent": _("Somebody found that it was not sent"),
    "sent_again": _("Sent again by hand"),
    "receipt": _("Receipt"),
    "held": _("Held"),
    "skipped": _("Left out"),
    "canceled": _("Canceled"),
    "expired": _("Expired before hand-off"),
}
JOB_LABELS: Words = {
    "waiting": _("Waiting for a worker"),
    "running": _("Running"),
    "stopping": _("Stopping"),
    "stopped": _("Stopped"),
    "done": _("Done"),
    "failed": _("Failed"),
}
IMPORT_TONES = {
    "uploaded": "",
    "judged": "info",
    "applying": "warn",
    "applied": "good",
    "undoing": "warn",
}
IMPORT_JOBS: Words = {
    "contacts.dry_run": _("Looking at every row"),
    "contacts.apply": _("Storing the people"),
    "contacts.undo": _("Taking it back"),
}
VERDICTS: Words = {
    "new": _("New people"),
    "changed": _("Changed"),
    "same": _("Nothing to change"),
    "duplicate": _("Same number again in the file"),
    "invalid": _("Not usable"),
    "opted_out": _("Opted out earlier: stays so"),
    "consent": _("With proof of consent"),
    "consent_left_out": _("Consent left out"),
    "kept": _("Kept when it was taken back"),
}
JOB_TONES = {
    "running": "good live",
    "waiting": "info",
    "stopping": "warn",
    "stopped": "warn",
    "done": "good",
    "failed": "bad",
}
GATEWAY_LABELS: Words = {
    "active": _("Active"),
    "paused": _("Paused"),
    "broken": _("Gave up"),
    "retired": _("Retired"),
    "bound": _("Connected"),
    "unbound": _("Not connected"),
}


def gateway_trouble(gateway: Gateway) -> str:
    """Why nothing leaves by a gateway now: its state, and what its connector last saw."""
    health = getattr(gateway, "gatewayhealth", None)
    state = "unbound" if gateway.state == "active" else gateway.state
    error = health.last_error if health is not None and gateway.state != "paused" else ""
    label = word(GATEWAY_LABELS, state)
    return f"{label} ({gettext(error)[:160]})" if error else label


GATEWAY_TONES = {"bound": "good", "unbound": "warn", "paused": "", "broken": "bad", "retired": ""}
REGISTER_STATES: Words = {
    "missing": pgettext_lazy("a register's list", "Not on file"),
    "fresh": pgettext_lazy("a register's list", "Fresh"),
    "stale": pgettext_lazy("a register's list", "Too old"),
    "not_needed": pgettext_lazy("a register's list", "Not needed"),
}
REGISTER_TONES = {"missing": "warn", "fresh": "good", "stale": "bad", "not_needed": ""}
EXCEPTION_TONES = {"asked": "warn", "approved": "good", "returned": "", "withdrawn": ""}
REGISTRATION_TONES = {
    "draft": "", "submitted": "warn", "approved": "good", "refused": "bad", "expired": "bad",
    "suspended": "bad",
}  # fmt: skip
REGISTERED_CLASSES: Words = {
    "marketing": _("Marketing"),
    "transactional": _("Orders and accounts"),
    "otp": _("Codes"),
    "care": _("Care and staff"),
}
PURPOSES = (
    ("marketing", _("Marketing: needs consent")),
    ("invitation", _("Invitation: asks for consent, once ever, in few countries")),
    ("transactional", _("Transactional: about something the person did")),
    ("care", _("Care: part of a conversation")),
)
GOAL_SENTENCES: dict[Goal, Any] = {  # Any: lazy translations
    Goal.DISCOUNT: _("A price or an extra until a certain day. Nothing is sent after it."),
    Goal.PRODUCT: _("Something new that one can buy or try."),
    Goal.EVENT: _("People come at a certain time; the text leaves the day before."),
    Goal.WIN_BACK: _("A reason to come again, for people who have not been for a while."),
    Goal.NEWS: _("Something that people wanted to be told of."),
    Goal.SERVICE: _("About something that the person did or ordered. No advertising."),
}
GOAL_ICONS = {
    Goal.DISCOUNT: "badge-percent",
    Goal.PRODUCT: "sparkles",
    Goal.EVENT: "calendar-days",
    Goal.WIN_BACK: "undo-2",
    Goal.NEWS: "newspaper",
    Goal.SERVICE: "bell",
}
PURPOSE_WORDS: dict[str, Any] = dict(PURPOSES)  # Any: lazy translations


def word(words: Words, value: str) -> str:
    """The word for a value; the value itself, readable, where the list has none."""
    found = words.get(value)
    return str(found) if found is not None else value.replace("_", " ")


SUPPRESSIONS: Words = {
    "opted_out": _("Opted out"),
    "complaint": _("Complained"),
    "dead_number": _("Nobody has this number any more"),
    "manual": _("Suppressed by hand"),
    "register": _("On a do-not-contact register"),
    "shared": _("Told by another brand of the group"),
}
CLAIMS: Words = {  # how a figure and the text hang together
    "counted": _("Counted"),
    "attributed": _("Attributed: it came after this text, and might have come anyway"),
    "causal": _("Causal: against people held out by lot"),
}
DEVICES: Words = {
    "phone": _("Phone"),
    "tablet": _("Tablet"),
    "desktop": _("Computer"),
    "tv": _("Television"),
    "other": _("Other device"),
    "": _("Device not known"),
}
ASKED: Words = {
    "human": _("Made a request judged as human"),
    "unsure": _("Made a request that may be a machine's"),
    "machine": _("Made a request judged as a machine's"),
}
PURPOSE_LABELS: Words = {
    "marketing": _("Marketing"),
    "invitation": pgettext_lazy("a text that asks for consent", "Invitation"),
    "transactional": _("Transactional"),
    "care": _("Care"),
    "answer": _("Answer to a text"),
    "help_reply": _("Answer to HELP"),
    "opt_out_confirmation": _("Confirmation of an opt-out"),
}
# Why a text was left to a person.
DOUBTS: Words = {
    "stop_word": _("It has a word that ends texts in it, but reads otherwise. Judge yourself."),
    "not_understood": _("Not understood by itself."),
}
CHANNELS: Words = {"sms": _("SMS"), "mms": _("MMS"), "email": _("E-mail"), "voice": _("Voice")}
# Where consent came from, where we recorded it ourselves; the rest are a customer's own words.
SOURCES: Words = {
    "page": _("Recorded by hand"),
    "api": _("By a program"),
    "sample": _("Sample data"),
    "reply": _("Reply"),
    "keyword": _("Reply"),
    "invitation": _("Yes to an invitation"),
    "import": _("By an import"),
    "group": _("Told by another brand of the group"),
    "own_page": _("The person's own page"),
}
ACTORS: Words = {  # by kind: what stands before the colon
    "mo": _("The person, by text"),
    "person": _("The person, on their own page"),
    "system": _("Textwell"),
    "user": _("Somebody whose account is gone"),
    "key": _("An API key that is gone"),
    "invitation": _("An invitation"),
    "form": _("The person, by a sign-up form"),
    "sign_up": _("A sign-up"),
}


def clicked_on(device: str, os: str, browser: str) -> str:
    """The device of a click with its system and browser, as far as they are known."""
    families = (family for family in (os, browser) if family and family != "Other")
    return " · ".join((word(DEVICES, device), *families))


def source(value: str) -> str:
    """Where consent came from: our own codes in words, a customer's words as they are."""
    return str(SOURCES.get(value, value))


HELD_WHY: Words = {
    "stopped": _("Held by the stop of all sending; they go on by themselves when it is lifted."),
    "stop_heard": _("Held while what the person has just written is read; they are judged anew."),
    "paused": _("Held when the campaign was paused."),
    "gateway_refused": _("The gateway would not take them; they are tried again by themselves."),
    "facts_missing": _("The rules of their country could not be read; they are tried for a week."),
    "quiet_hours": _(
        "It is night or a Sunday where they may be; they go at the first lawful hour."
    ),
    "holiday": _("It is a holiday where they may be; they go at the first lawful hour."),
    "connector_left": _("Their connection ended; they go on by themselves."),
}
ANSWERS: Words = {
    "yes": _("Got it"),
    "maybe": _("May have got it"),
    "not_yet": _("Not yet"),
    "no": _("Did not get it"),
}
ANSWER_TONES = {"yes": "good", "maybe": "info", "not_yet": "info", "no": "warn"}
STAGES: Words = {
    "audience": _("When the audience was chosen"),
    "plan": _("When the campaign was planned"),
    "handoff": _("When the text's turn came"),
    "carrier": _("At the carrier"),
}
GATE_RULES: Words = {
    "facts": _("All that is needed can be read"),
    "contact": _("The person is here"),
    "sample": _("The number is a real one"),
    "suppression": _("Not on the suppression list"),
    "consent": _("Consent"),
    "pause": pgettext_lazy("of a person", "No pause"),
    "register": _("Do-not-contact registers"),
    "sender": _("The sender serves the country"),
    "sender_right": _("The sender may be shown there"),
    "cap": _("The campaign's cap"),
    "workspace_cap": _("The workspace's cap"),
    "law": _("Law leaves a time for it"),
    "expiry": _("Not expired"),
    "hours": _("Hours, holidays and caps of law"),
}
GATE_VERDICTS: Words = {
    "allow": pgettext_lazy("what the gate says", "May go"),
    "hold": pgettext_lazy("what the gate says", "Waits"),
    "skip": pgettext_lazy("what the gate says", "Is left out"),
}
GATE_VERDICT_TONES = {"allow": "good", "hold": "info", "skip": "warn"}
NOT_ASKED: Words = {
    "not_kept": _("Not judged: what the register said then is not kept."),
    "other_channels": _("Texts alone: what other channels sent is not known here."),
    "as_now": _("With the registrations as they are now."),
    "one_text": _("One text of each place and language stands for all."),
}
_FAILURES = frozenset(failure.value for failure in FailureClass)
LOTS: Words = {"texted": _("To be texted, reached or not"), "held_out": _("Held out")}
REACTIONS: Words = {
    "clicked": _("Clicked"),
    "unsure": _("Clicked, perhaps by a machine"),
    "machine": _("Fetched by machines only"),
    "replied": _("Replied"),
    "opted_out": _("Opted out"),
}


def reason(value: str) -> str:
    """A gate's reason or a failure class in words; empty for none."""
    if not value:
        return ""
    if value in GATE_REASONS:
        return str(GATE_REASONS[value])
    if value in ANSWER_REASONS:
        return str(ANSWER_REASONS[value])
    if value not in _FAILURES:
        return value  # a carrier's or connector's own words
    return str(describe_failure(value).cause)


EVENT_KINDS: Words = {
    "message.submitted": _("Text taken by the carrier"),
    "message.delivered": _("Text delivered"),
    "message.undelivered": _("Text not delivered"),
    "message.rejected": _("Text refused by the carrier"),
    "message.expired": _("Text ran out of time"),
    "message.skipped": _("Text left out at hand-off"),
    "message.unknown": _("Text handed over, answer lost"),
    "message.not_sent": _("Text found not sent, by somebody"),
    "link.clicked": _("Link clicked by a person"),
    "reply.received": _("Reply received"),
    "reply.answered": _("Reply answered"),
    "contact.opted_in": _("Person opted in"),
    "contact.opted_out": _("Person opted out"),
    "campaign.finished": _("Campaign finished"),
    "consent.root": _("Signed root of a day of the consent ledger"),
    "programme.codes_low": _("Codes of a programme run out"),
    "test": _("Test"),
}
DELIVERY_TONES: Words = {"waiting": "info", "delivered": "good", "failed": "bad"}

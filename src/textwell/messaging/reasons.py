"""The gate's reasons in a few words each, for people."""

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

GATE_REASONS: Final[dict[str, Any]] = {  # Any: lazy translations
    "contact_erased": _("The person was erased"),
    "sample_person": _("Made up: texted over a simulated gateway alone"),
    "suppressed": _("The number is on the suppression list"),
    "opted_out": _("Opted out"),
    "no_consent": _("No consent recorded"),
    "email_only": _("Chose to be reached by e-mail alone"),
    "consent_too_weak": _("Agreed in a way that does not suffice in the country"),
    "consent_expired": _("Agreed longer ago than it counts"),
    "invitation_barred": _("The country's rules let nobody invite who never agreed"),
    "already_agreed": _("Agreed to texts, so needs no invitation"),
    "already_invited": _("Was invited before; nobody is asked twice"),
    "person_paused": _("Asked for a pause that is not over"),
    "register_listed": _("On a do-not-contact register of the country"),
    "register_missing": _("Not on the register that consent must stand in"),
    "register_stale": _("Our copy of a do-not-contact register is too old"),
    "sender_not_allowed": _("The sender may not be used in this country"),
    "sender_unregistered": _("The sender is not registered in this country"),
    "sender_not_promised": _("The public promise does not name the sender"),
    "topic_not_promised": _("The public promise does not name the topic"),
    "template_unregistered": _("The text is no approved template of the sender there"),
    "batch_too_small": _("Too few people there for one advert request"),
    "frequency_cap": _("Had enough texts in this period"),
    "no_pack": _("No rules are on file for this country"),
    "no_lawful_time": _("No hour of the next week is allowed"),
    "quiet_hours": _("Not at this hour where the person may be"),
    "legal_cap": _("Law allows no more texts to this person for now"),
    "holiday": _("Not on this holiday"),
    "expired": _("Past its expiry"),
    "holdout": _("Held out to compare with"),
    "facts_missing": _("A fact could not be read"),
    "wording_missing": _("The law asks for words that it does not have"),
    "text_failed": _("The text could not be made for this person"),
    "stopped": _("The workspace is stopped"),
}

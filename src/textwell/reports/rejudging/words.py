"""The words of a campaign's texts and their sender: one text of each place and language."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final

from textwell.campaigns.forecast import build_text
from textwell.campaigns.models import Campaign
from textwell.campaigns.terms import composer_of, gateway_of
from textwell.campaigns.words import terms_on
from textwell.compliance.cases import SHOWN
from textwell.compliance.completing import lacks
from textwell.compliance.library import Library
from textwell.compliance.types import Sender
from textwell.compliance.wording import Demands, demands_under
from textwell.contacts.models import Contact
from textwell.core.clock import now
from textwell.core.errors import FieldError
from textwell.gateways.models import Sender as KnownSender
from textwell.gateways.rights import Rights, load_rights
from textwell.links.selectors import link_prefix
from textwell.messaging.adding import Terms, read_terms
from textwell.messaging.compose import preview_links
from textwell.messaging.law import Place
from textwell.messaging.models import Batch, Message
from textwell.messaging.selectors import message_texts
from textwell.messaging.sender_law import class_of
from textwell.reports.rejudging.groups import Group

_IDENTITY: Final = SHOWN - {"opt_out"}


@dataclass(frozen=True, slots=True)
class Told:
    """`text` None: it is not kept any more; `sender` None: nobody knows its kind any more."""

    text: str | None
    shows: frozenset[str] | None
    sender: Sender | None


class WordsThen:
    """What texts said, asked once for each place and language."""

    def __init__(self, campaign: Campaign, library: Library) -> None:
        self._campaign = campaign
        self._library = library
        self._known: dict[tuple[str, str, str, str], Told] = {}
        self._rights = load_rights(campaign.workspace_id, on=now().date())
        gateway = gateway_of(campaign)
        found = KnownSender.objects.filter(gateway=gateway, value=campaign.sender)
        self._kinds = dict(found.values_list("country", "kind")) if gateway else {}
        self._terms = terms_on(campaign, now().date()).real

    def of(self, group: Group, layer: str) -> Told:
        """`layer` with what was chosen besides, as `compliance.choices` writes it."""
        key = (group.country, group.start, group.language, layer)
        if key not in self._known:
            self._known[key] = self._read(group, layer)
        return self._known[key]

    def _read(self, group: Group, layer: str) -> Told:
        text = message_texts([group.message_id]).get(group.message_id) or self._made(group)
        sender = self._sender(group.country)
        if not text:
            return Told(None, None, sender)
        terms = replace(self._terms, day=group.minute.date())
        terms = replace(terms, layer=layer) if terms.layer else terms
        asked = terms.group(Place(group.country, group.start), group.language)
        return Told(text, _shows(text, demands_under(asked, self._library)), sender)

    def _made(self, group: Group) -> str | None:
        """The text of one that waits, as it would be made now."""
        waiting = Message.objects.filter(id=group.message_id, handed_at=None)
        person = Contact.objects.filter(id__in=waiting.values("contact_id")).first()
        if person is None:
            return None
        with suppress(FieldError):
            return self._made_for(person)
        return None

    def _made_for(self, person: Contact) -> str:
        names = composer_of(self._campaign).link_names
        links = preview_links(names, link_prefix(self._campaign.workspace_id))
        return build_text(self._campaign, person, links=links)

    def _sender(self, country: str) -> Sender | None:
        kind = self._kinds.get(country, self._kinds.get("", ""))
        if not kind:
            return None
        value = self._campaign.sender
        is_registered = self._rights.covers(
            value, country, class_of(self._campaign.purpose), on=now().date()
        )
        return Sender(kind, value, is_registered=is_registered)


class SingleWords:
    """What single texts say; how their senders stand is asked once for each."""

    def __init__(self) -> None:
        self._terms: dict[tuple[int, int | None, str, str], Terms] = {}
        self._rights: dict[int, Rights] = {}

    def of(
        self, group: Group, message: Message, batch: Batch, library: Library, layer: str
    ) -> Told:
        purpose = str(batch.extra.get("purpose", "marketing"))
        terms = self._terms_of(message, purpose)
        sender = self._sender(terms.sender_kind, message, purpose)
        if not batch.body:
            return Told(None, None, sender)
        terms = replace(terms, day=group.minute.date(), layer=layer)
        asked = terms.group(Place(group.country, group.start), group.language)
        return Told(batch.body, _shows(batch.body, demands_under(asked, library)), sender)

    def _terms_of(self, message: Message, purpose: str) -> Terms:
        key = (message.workspace_id, message.gateway_id, message.sender, purpose)
        if key not in self._terms:
            self._terms[key] = read_terms(
                workspace_id=message.workspace_id,
                gateway_id=message.gateway_id or 0,
                sender=message.sender,
                purpose=purpose,
                day=now().date(),
            ).real
        return self._terms[key]

    def _sender(self, kind: str, message: Message, purpose: str) -> Sender | None:
        if not kind:
            return None
        home = message.workspace_id
        if home not in self._rights:
            self._rights[home] = load_rights(home, on=now().date())
        is_registered = self._rights[home].covers(
            message.sender, message.country, class_of(purpose), on=now().date()
        )
        return Sender(kind, message.sender, is_registered=is_registered)


def _shows(text: str, demands: Demands) -> frozenset[str]:
    """What the text tells, as far as these demands ask for it."""
    missing = lacks(text, demands)
    unsaid = (_IDENTITY if "identity" in missing else frozenset()) | ({"opt_out"} & {*missing})
    return SHOWN - unsaid

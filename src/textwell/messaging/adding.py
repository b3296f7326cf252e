"""Words that the packs add to marketing texts, for whoever writes, counts or sends one. One way for all.

`compliance.wording` says what a place demands and completes a text; here stands which workspace, sender and
person that is asked for. What reaches no phone gets no words, as it is held to no hours.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import structlog
from django.db import connection

from textwell.accounts.models import Workspace
from textwell.accounts.workspaces import spoken_name
from textwell.compliance.service_wording import service_demands, worded_countries
from textwell.compliance.types import MessageClass
from textwell.compliance.wording import NOTHING, Demands, Group, Speaker, demands_of
from textwell.gateways.selectors import is_simulated_kind
from textwell.messaging.law import NO_LAW, Place
from textwell.messaging.plan_law import law_layer
from textwell.messaging.purposes import ANSWER, is_marketing

log = structlog.get_logger()

_UNREADABLE: Final = Demands(reason="facts_missing")

_READ_SINGLE: Final = """
SELECT w.brand, w.name, w.legal_name, w.postal_address, w.public_contact,
    coalesce(nullif(%(layer)s, ''), w.law_layer) || w.law_choices,
    w.is_sandbox, g.provider, coalesce(c.language, ''),
    (SELECT s.kind FROM gateways_sender s WHERE s.gateway_id = g.id AND s.value = %(sender)s
     ORDER BY s.id LIMIT 1)
FROM accounts_workspace w
LEFT JOIN gateways_gateway g ON g.id = %(gateway_id)s AND g.workspace_id = w.id
LEFT JOIN contacts_contact c ON c.id = %(contact_id)s AND c.workspace_id = w.id
WHERE w.id = %(workspace_id)s
"""


def speaker_of(workspace: Workspace) -> Speaker:
    """Who speaks in the texts of a workspace."""
    return Speaker(
        spoken_name(workspace.brand, workspace.name),
        workspace.legal_name,
        workspace.postal_address,
        workspace.public_contact,
    )


def _class_of(purpose: str) -> MessageClass:
    return MessageClass.HELP_REPLY if purpose == ANSWER else MessageClass(purpose)


@dataclass(frozen=True, slots=True)
class Terms:
    """What the texts of one sender have in common, as far as their words go."""

    speaker: Speaker
    sender: str
    sender_kind: str
    layer: str  # NO_LAW: nothing is added, but for what `service` asks
    day: date
    service: str = ""  # the purpose of texts to phones that are no marketing

    def demands(self, place: Place, language: str) -> Demands:
        """What texts to somebody there must say. Never raises: what cannot be read can be met by no text."""
        if self.layer == NO_LAW:
            return self._service_demands(place, language)
        try:
            return demands_of(self.group(place, language))
        except (ValueError, OSError) as error:
            log.warning("rules not read", country=place.country, error=str(error))
            return _UNREADABLE

    def _service_demands(self, place: Place, language: str) -> Demands:
        """Of texts that are no marketing. Where rules cannot be read, nobody is kept from their code."""
        if not self.service or place.country not in worded_countries(self.day):
            return NOTHING
        group = replace(self.group(place, language), message_class=_class_of(self.service))
        try:
            return service_demands(group)
        except (ValueError, OSError) as error:
            log.warning("rules not read", country=place.country, error=str(error))
            return NOTHING

    def group(self, place: Place, language: str) -> Group:
        """All that the demands of texts to somebody there depend on."""
        return Group(
            place.country,
            place.number_start,
            language,
            self.sender,
            self.sender_kind,
            self.speaker,
            self.layer,
            self.day,
        )


@dataclass(frozen=True, slots=True)
class Single:
    """Of texts by one sender: their terms, and the language of the person who was asked for."""

    terms: Terms
    language: str
    real: Terms  # as if the gateway reached phones


def read_terms(
    *,
    workspace_id: int,
    gateway_id: int,
    sender: str,
    purpose: str,
    day: date,
    contact_id: int = 0,
    layer: str = "",
    is_draft: bool = False,
) -> Single:
    """The terms of texts by a sender of a workspace; `layer` "": as the workspace has chosen.

    `is_draft`: one without a gateway is judged as if it had one to real phones.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _READ_SINGLE,
            {
                "workspace_id": workspace_id,
                "gateway_id": gateway_id,
                "sender": sender,
                "contact_id": contact_id,
                "layer": layer,
            },
        )
        brand, name, *more, chosen, is_sandbox, provider, language, kind = cursor.fetchone()
    real = Terms(
        Speaker(spoken_name(brand, name), *more),
        sender,
        kind or "",
        law_layer(purpose=purpose, is_simulated=False, layer=chosen),
        day,
        "" if is_marketing(purpose) else purpose,
    )
    # A gateway that was taken away carries nothing: whoever writes the text finds that out.
    is_gone = provider is None and not is_draft
    reaches_none = is_sandbox or is_gone or (provider is not None and is_simulated_kind(provider))
    terms = replace(real, layer=NO_LAW, service="") if reaches_none else real
    return Single(terms, language, real)


def asks_words(purpose: str, country: str, day: date) -> bool:
    """Whether law may have a text to phones there say anything: marketing, and the rest in few countries."""
    return is_marketing(purpose) or country in worded_countries(day)

"""By which way a person wants to hear from the workspace: SMS alone, e-mail alone, either or both.

It is no consent and grants none: it is what the person chose among what they agreed to.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from textwell.accounts.actions import record_audit
from textwell.consent.foremost import tell_connectors
from textwell.consent.models import Preference, PreferenceChoice, PreferenceEvent
from textwell.contacts.selectors import access_contact
from textwell.core.clock import now
from textwell.core.db import cursor
from textwell.core.errors import FieldError

CHOICES: Final = tuple(PreferenceChoice.values)
LONGEST_SOURCE: Final = 200
LONGEST_WORDING: Final = 2_000

# The latest that the person said counts; of two at one moment the one recorded later.
_PUT: Final = """
INSERT INTO consent_preference AS p (contact_id, workspace_id, choice, event_id, since)
VALUES (%(contact_id)s, %(workspace_id)s, %(choice)s, %(event_id)s, %(since)s)
ON CONFLICT (contact_id) DO UPDATE SET choice = excluded.choice, event_id = excluded.event_id,
    since = excluded.since
WHERE (excluded.since, excluded.event_id) > (p.since, p.event_id)
"""


def choose_channels(
    *,
    workspace_id: int,
    contact_id: int,
    choice: str,
    source: str,
    given_at: datetime,
    actor: str,
    wording: str = "",
    evidence: Mapping[str, object] | None = None,
) -> Preference:
    """Write down what the person chose. E-mail alone: no marketing is texted to them, queued work included.

    Consent stays what it is. What an earlier event says that is recorded later does not count.

    Raises:
        NotFound: there is no such person here.
        FieldError: `choice`, `source`, `wording` or `given_at` cannot be.
    """
    access_contact(workspace_id, contact_id)
    _check(choice, source, wording, given_at)
    with transaction.atomic():
        before = find_preference(workspace_id, contact_id)
        event = PreferenceEvent.objects.create(
            workspace_id=workspace_id,
            contact_id=contact_id,
            choice=choice,
            given_at=given_at,
            source=source.strip(),
            wording=wording,
            evidence=dict(evidence or {}),
            actor=actor,
        )
        _put(event)
        record_audit(
            workspace_id=workspace_id,
            actor=actor,
            action="contacts.channels_chosen",
            subject=f"contact:{contact_id}",
            before={"choice": before.choice if before else ""},
            after={"choice": choice, "source": source},
        )
        if choice == PreferenceChoice.EMAIL:
            tell_connectors("paused", workspace_id, [contact_id])
        return Preference.objects.get(contact_id=contact_id)


def find_preference(workspace_id: int, contact_id: int) -> Preference | None:
    """What counts now; None: nobody said."""
    return Preference.objects.filter(workspace_id=workspace_id, contact_id=contact_id).first()


def list_preference_events(workspace_id: int, contact_id: int) -> list[PreferenceEvent]:
    """All that the person chose, the latest first."""
    found = PreferenceEvent.objects.filter(workspace_id=workspace_id, contact_id=contact_id)
    return list(found.order_by("-given_at", "-id"))


def _put(event: PreferenceEvent) -> None:
    params: dict[str, Any] = {
        "contact_id": event.contact_id,
        "workspace_id": event.workspace_id,
        "choice": event.choice,
        "event_id": event.id,
        "since": event.given_at,
    }
    with cursor() as raw:
        raw.execute(_PUT, params)


def _check(choice: str, source: str, wording: str, given_at: datetime) -> None:
    if choice not in CHOICES:
        mend = _("Use one of: %(known)s.") % {"known": ", ".join(CHOICES)}
        raise FieldError("choice", _("is unknown."), mend)
    if not source.strip():
        raise FieldError("source", _("is missing."), _("Say where the person chose it."))
    for field, text, most in (
        ("source", source, LONGEST_SOURCE),
        ("wording", wording, LONGEST_WORDING),
    ):
        if len(text) > most or "\x00" in text:
            mend = _("At most %(count)d characters.") % {"count": most}
            raise FieldError(field, _("The value is too long or holds a null character."), mend)
    if given_at > now():
        raise FieldError("given_at", _("lies in the future."), _("Give the time of the choice."))

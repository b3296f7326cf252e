"""What a workspace set or promised against one marketing text to a person: asked before it is taken."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from textwell.consent.selectors import consent_state
from textwell.contacts.models import Contact
from textwell.core.errors import FieldError
from textwell.messaging.caps import count_recent, load_caps
from textwell.messaging.gate import Reason
from textwell.messaging.promised import find_unpromised, list_unpromised
from textwell.messaging.reasons import GATE_REASONS


def find_bar(contact: Contact, sender: str, at: datetime) -> str:
    """The gate's reason against a text of the general scope by this sender at that moment; "" for none."""
    caps = load_caps(contact.workspace_id, purpose="marketing")
    unpromised = find_unpromised(list_unpromised(caps.named, sender, ""), contact.country)
    if unpromised or not caps.is_any:
        return unpromised
    state = consent_state(contact.workspace_id, contact.id)
    had = count_recent(contact.id, caps=caps, at=at)
    recent, most = caps.judge_workspace(had, state.since if state else None)
    return Reason.FREQUENCY_CAP.value if most and recent >= most else ""


def refuse_barred(contact: Contact, sender: str, at: datetime) -> None:
    """Raises FieldError on `number` where `find_bar` has a reason."""
    reason = find_bar(contact, sender, at)
    if reason == Reason.FREQUENCY_CAP:
        problem = _("has had as many marketing texts as the frequency cap allows.")
        raise FieldError("number", problem, _("Wait, or change the cap in the settings."))
    if reason:
        mend = _("Send by a promised sender, or publish the promise anew.")
        raise FieldError("number", str(GATE_REASONS[reason]), mend)

"""Reads of consent. The workspace comes first."""

from textwell.consent.models import ConsentEvent, ConsentState, Suppression


def consent_history(workspace_id: int, contact_id: int) -> list[ConsentEvent]:
    """Every event of a person, latest first."""
    found = ConsentEvent.objects.filter(workspace_id=workspace_id, contact_id=contact_id)
    return list(found.order_by("-given_at", "-id"))


def consent_state(
    workspace_id: int, contact_id: int, *, channel: str = "sms", purpose: str = "marketing"
) -> ConsentState | None:
    """The present answer; None: nobody ever recorded one."""
    return ConsentState.objects.filter(
        workspace_id=workspace_id, contact_id=contact_id, channel=channel, purpose=purpose
    ).first()


def list_consent_states(workspace_id: int, contact_id: int) -> list[ConsentState]:
    found = ConsentState.objects.filter(workspace_id=workspace_id, contact_id=contact_id)
    return list(found.order_by("channel", "purpose"))


def find_suppression(workspace_id: int, msisdn: str) -> Suppression | None:
    """Why this number is never texted; None: it is not suppressed."""
    return Suppression.objects.filter(workspace_id=workspace_id, msisdn=msisdn).first()


def is_textable(workspace_id: int, *, contact_id: int, msisdn: str) -> bool:
    """True if marketing by SMS is granted and the number is not suppressed."""
    state = consent_state(workspace_id, contact_id)
    is_granted = state is not None and state.is_granted
    return is_granted and find_suppression(workspace_id, msisdn) is None

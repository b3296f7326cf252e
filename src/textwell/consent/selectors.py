"""Reads of consent. The workspace comes first."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from textwell.consent.models import ConsentEvent, ConsentState, Suppression, SuppressionReason
from textwell.consent.types import EVERY, GENERAL, SHARED, SUPPRESSION_RANK, ConsentScope
from textwell.contacts.choosing import numbers_beginning
from textwell.contacts.models import Contact
from textwell.core.errors import FieldError, NotFound


def consent_history(workspace_id: int, contact_id: int) -> list[ConsentEvent]:
    """Every event of a person, latest first."""
    found = ConsentEvent.objects.filter(workspace_id=workspace_id, contact_id=contact_id)
    return list(found.order_by("-given_at", "-id"))


def consent_state(
    workspace_id: int,
    contact_id: int,
    *,
    channel: str = "sms",
    purpose: str = "marketing",
    scope: ConsentScope = GENERAL,
) -> ConsentState | None:
    """The present answer for just this scope; None: nobody ever recorded one."""
    return ConsentState.objects.filter(
        workspace_id=workspace_id,
        contact_id=contact_id,
        channel=channel,
        purpose=purpose,
        topic=scope.topic,
        brand=scope.brand,
        sender=scope.sender,
    ).first()


def list_consent_states(workspace_id: int, contact_id: int) -> list[ConsentState]:
    found = ConsentState.objects.filter(workspace_id=workspace_id, contact_id=contact_id)
    return list(found.order_by("channel", "purpose", "topic", "brand", "sender"))


def find_suppression(workspace_id: int, msisdn: str) -> Suppression | None:
    """The foremost reason why this number is never texted; None: it is not suppressed."""
    return Suppression.objects.filter(workspace_id=workspace_id, msisdn=msisdn).first()


def list_suppression_reasons(workspace_id: int, msisdn: str) -> list[SuppressionReason]:
    """All reasons why this number is never texted, the foremost first."""
    found = SuppressionReason.objects.filter(workspace_id=workspace_id, msisdn=msisdn)
    return sorted(found, key=lambda row: SUPPRESSION_RANK.index(row.reason))


def access_suppression(workspace_id: int, suppression_id: int) -> SuppressionReason:
    """One reason of one number; NotFound if it is not of this workspace, or not to be seen here."""
    found = _seen(workspace_id).filter(id=suppression_id).first()
    if found is None:
        raise NotFound("suppression", suppression_id)
    return found


def _seen(workspace_id: int) -> QuerySet[SuppressionReason]:
    """What another workspace shares is seen of one's own people alone: whom it texts is not ours to know."""
    own = Contact.objects.filter(workspace_id=workspace_id, msisdn=OuterRef("msisdn"))
    return SuppressionReason.objects.filter(
        ~Q(reason=SHARED) | Exists(own), workspace_id=workspace_id
    )


def list_suppressions(
    workspace_id: int,
    *,
    search: str = "",
    reason: str = "",
    before_id: int | None = None,
    limit: int = 50,
) -> list[SuppressionReason]:
    """Numbers with a reason each, latest first. `search` is the beginning of a number.

    Raises:
        FieldError: `search` is no number, or `reason` no reason.
    """
    found = _seen(workspace_id)
    if search.strip():
        numbers = numbers_beginning(search.strip())
        if numbers is None:
            raise FieldError("search", _("is no number."), _("Give the digits of a number."))
        found = found.filter(numbers)
    if reason:
        if reason not in SUPPRESSION_RANK:
            mend = _("Use one of: %(known)s.") % {"known": ", ".join(SUPPRESSION_RANK)}
            raise FieldError("reason", _("is unknown."), mend)
        found = found.filter(reason=reason)
    if before_id is not None:
        found = found.filter(id__lt=before_id)
    return list(found.order_by("-id")[:limit])


def is_textable(workspace_id: int, *, contact_id: int, msisdn: str) -> bool:
    """True if marketing by SMS is granted and the number is not suppressed."""
    state = consent_state(workspace_id, contact_id)
    is_granted = state is not None and state.is_granted
    return is_granted and find_suppression(workspace_id, msisdn) is None


def holds_within(
    workspace_id: int,
    contact_id: int,
    scope: ConsentScope,
    *,
    channel: str = "sms",
    purpose: str = "marketing",
) -> bool:
    """Whether a yes of the person holds for anything within a scope (`types.EVERY`: whatever there is)."""
    found = ConsentState.objects.filter(
        workspace_id=workspace_id,
        contact_id=contact_id,
        channel=channel,
        purpose=purpose,
        is_granted=True,
    )
    named = {"topic": scope.topic, "brand": scope.brand, "sender": scope.sender}
    return found.filter(**{field: key for field, key in named.items() if key != EVERY}).exists()

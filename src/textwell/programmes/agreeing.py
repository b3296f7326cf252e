"""What a sign-up makes of consent: who may agree by it, to what, and with which proof."""

from typing import Any

from textwell.consent.actions import record_opt_in
from textwell.consent.models import ConsentState, Suppression
from textwell.consent.types import ConsentScope
from textwell.contacts.models import Contact
from textwell.programmes.models import Disclosure, SignUp
from textwell.programmes.topics import said_topics
from textwell.programmes.types import WEAK

OWN_PHONE = "keyword"  # whoever texts from a phone proves that it is theirs


def is_barred(method: str, contact: Contact) -> bool:
    """Opted out or suppressed: a text from the phone itself lifts the one, nothing here the other.

    Who stopped and then agreed to one topic alone has no suppression, and stays opted out of the rest.
    """
    known = Suppression.objects.filter(workspace_id=contact.workspace_id, msisdn=contact.msisdn)
    reasons = set(known.values_list("reason", flat=True))
    if method == OWN_PHONE:
        return bool(reasons - {"opted_out"})
    return bool(reasons) or says_generally(contact, is_granted=False)


def says_generally(contact: Contact, *, is_granted: bool) -> bool:
    """Whether this is their word on marketing as such; what they said of a topic is none on that."""
    general = {"topic": "", "brand": "", "sender": ""}
    states = ConsentState.objects.filter(contact_id=contact.id, channel="sms", purpose="marketing")
    return states.filter(is_granted=is_granted, **general).exists()


def agree_to_topics(found: SignUp, contact: Contact, evidence: dict[str, Any], **said: Any) -> None:
    """Each topic by itself, but for those on which they have had their say: no form takes that back."""
    shown = found.disclosure
    assert shown is not None
    labels: dict[str, str] = found.evidence.get("topics", {})
    known = said_topics(contact.id, labels) if labels else set()
    for key, label in labels.items():
        if key not in known:
            wording, proof = f"{shown.text}\n{label}", {**evidence, "topic_label": label}
            agree(found, contact, ConsentScope(key), wording, proof, **said)


def agree(
    found: SignUp,
    contact: Contact,
    scope: ConsentScope,
    wording: str,
    evidence: dict[str, Any],
    **said: Any,  # Any: actor and given_at
) -> None:
    record_opt_in(
        workspace_id=found.workspace_id,
        contact_id=contact.id,
        source=f"{found.method}: {found.programme.name} / {found.placement.name}",
        wording=wording,
        evidence=evidence,
        scope=scope,
        basis=basis_of(found, is_confirmed=bool(evidence["confirmed"])),
        **said,
    )


def basis_of(found: SignUp, *, is_confirmed: bool) -> str:
    """How they agreed: in writing on a form or by a text of theirs, which a second yes is too."""
    return "express" if found.method in WEAK and not is_confirmed else "express_written"


def proof_of(found: SignUp, shown: Disclosure, *, is_confirmed: bool) -> dict[str, Any]:
    kept = {name: of for name, of in found.evidence.items() if name not in ("values", "topics")}
    return {
        **kept,
        "disclosure_hash": shown.hash,
        "disclosure_version": shown.version,
        "country": shown.country,
        "language": shown.language,
        "programme_id": found.programme_id,
        "placement_id": found.placement_id,
        "method": found.method,
        "confirmed": is_confirmed,
    }

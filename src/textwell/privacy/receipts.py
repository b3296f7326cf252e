"""Consent receipts: what the ledger says of one person, signed with the workspace's key."""

from datetime import UTC, datetime

from django.db import transaction

from textwell.accounts.actions import record_audit
from textwell.accounts.models import Workspace
from textwell.consent.models import ConsentEvent, ConsentState
from textwell.consent.pausing import find_pause
from textwell.consent.selectors import consent_history, find_suppression, list_consent_states
from textwell.consent.types import OPTED_OUT
from textwell.contacts.models import Contact
from textwell.core.clock import now
from textwell.core.masks import mask_msisdn
from textwell.core.signatures import encode
from textwell.core.signed_form import write_body
from textwell.core.signing import Signer
from textwell.privacy.receipt_form import (
    SUBJECT,
    VERSION,
    Receipt,
    SignedReceipt,
    Standing,
    Statement,
    write_receipt,
)


def issue_receipt(*, contact: Contact, actor: str) -> bytes:
    """The receipt of this person as of now, as a file. The log tells that there was one.

    Raises:
        Unsealable: the signing key was sealed with another secret key of the installation.
    """
    with transaction.atomic():
        signer = Signer(contact.workspace_id)
        receipt = build_receipt(contact, signer.key_id)
        signature = signer.sign(SUBJECT, write_body(receipt))
        record_audit(
            workspace_id=contact.workspace_id,
            actor=actor,
            action="contacts.receipt_issued",
            subject=f"contact:{contact.id}",
        )
    return write_receipt(SignedReceipt(receipt, encode(signature.value)))


def build_receipt(contact: Contact, key_id: str) -> Receipt:
    workspace = Workspace.objects.get(id=contact.workspace_id)
    pause = find_pause(contact.workspace_id, contact.id)
    stop = find_suppression(contact.workspace_id, contact.msisdn)
    return Receipt(
        v=VERSION,
        workspace=workspace.id,
        controller=workspace.legal_name or workspace.brand or workspace.name,
        address=workspace.postal_address,
        contact=workspace.public_contact,
        person=contact.id,
        number=mask_msisdn(contact.msisdn),
        issued_at=moment_text(now()),
        is_stopped=stop is not None and stop.reason == OPTED_OUT,
        paused_until=moment_text(pause.until) if pause else "",
        standings=[_standing(row) for row in list_consent_states(workspace.id, contact.id)],
        statements=[_statement(row) for row in consent_history(workspace.id, contact.id)],
        key=key_id,
    )


def moment_text(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _standing(row: ConsentState) -> Standing:
    return Standing(
        row.channel, row.purpose, row.topic, row.brand, row.sender, row.is_granted,
        moment_text(row.since),
    )  # fmt: skip


def _statement(row: ConsentEvent) -> Statement:
    return Statement(
        kind=row.kind,
        given_at=moment_text(row.given_at),
        source=row.source,
        wording=row.wording,
        wording_sha256=row.wording_sha256,
        language=row.language,
        channel=row.channel,
        purpose=row.purpose,
        topic=row.topic,
        brand=row.brand,
        sender=row.sender,
        basis=row.basis,
    )

"""The link to a person's own page: signed, it ends by itself, and nobody has to sign in.

No table holds it: person, the hour at which it ends, and a keyed hash over both, the workspace and the
number. Whoever gets the number of somebody else has no use for that person's link, nor has a copy of the
database.
"""

import base64
import hashlib
import hmac
import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from django.core.signing import BadSignature, TimestampSigner
from django.db import transaction
from django.utils.translation import gettext as _

from textwell.accounts.actions import record_audit
from textwell.contacts.models import Contact
from textwell.contacts.selectors import access_contact
from textwell.core.clock import now
from textwell.core.errors import FieldError
from textwell.core.settings import load_settings

PLACE: Final = "me/"  # of the pages, below the public address
USUAL_DAYS: Final = 30
MOST_DAYS: Final = 90
OPEN_FOR: Final = timedelta(hours=12)  # a page that stood open longer is shown anew
_MAC_OCTETS: Final = 16
_HEAD: Final = struct.Struct(">qI")  # person, hour
_HOUR_S: Final = 3600


@dataclass(frozen=True, slots=True)
class PageLink:
    url: str
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whose link it is, and until when it opens their page."""

    contact: Contact
    ends_at: datetime

    @property
    def is_late(self) -> bool:
        return self.ends_at <= now()


def make_page_link(
    *, workspace_id: int, contact_id: int, actor: str, days: int = USUAL_DAYS
) -> PageLink:
    """A link with which this person sees and changes what is held of them, erases it too.

    Whoever has it may do all of that: it is for this person alone.

    Raises:
        NotFound: there is no such person here.
        FieldError: `days` is too few or too many.
    """
    if not 1 <= days <= MOST_DAYS:
        mend = _("Give 1 to %(most)d days.") % {"most": MOST_DAYS}
        raise FieldError("days", _("cannot be used."), mend)
    hour = int((now() + timedelta(days=days)).timestamp()) // _HOUR_S + 1
    ends_at = _end_of(hour)
    with transaction.atomic():
        contact = access_contact(workspace_id, contact_id)
        record_audit(
            workspace_id=workspace_id,
            actor=actor,
            action="contacts.page_link_made",
            subject=f"contact:{contact_id}",
            after={"ends_at": ends_at},
        )
    address = load_settings().public_url.rstrip("/")
    return PageLink(f"{address}/{PLACE}{write_token(contact, hour)}", ends_at)


def write_token(contact: Contact, hour: int) -> str:
    head = _HEAD.pack(contact.id, hour)
    return base64.urlsafe_b64encode(head + _mac(contact, head)).rstrip(b"=").decode()


def find_visitor(token: str) -> Visitor | None:
    """Whose link this is, though it may have ended; None: it is nobody's (any more)."""
    try:
        octets = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return None
    if len(octets) != _HEAD.size + _MAC_OCTETS:
        return None
    head = octets[: _HEAD.size]
    contact_id, hour = _HEAD.unpack(head)
    contact = Contact.objects.filter(id=contact_id).first()
    # Compared as written: another spelling of the same octets is no link.
    if contact is None or not hmac.compare_digest(write_token(contact, hour), token):
        return None
    return Visitor(contact, _end_of(hour))


def write_form_token(token: str, act: str) -> str:
    """What a form of the page carries: that it was shown, for this, not long ago."""
    return _signer(token, act).sign(act)


def is_form_token(token: str, act: str, given: str) -> bool:
    try:
        return _signer(token, act).unsign(given, max_age=OPEN_FOR) == act
    except BadSignature:
        return False


def _signer(token: str, act: str) -> TimestampSigner:
    return TimestampSigner(salt=f"textwell personal page {act} {token}")


def _mac(contact: Contact, head: bytes) -> bytes:
    secret = load_settings().secret_key_value().encode()
    whom = b"textwell personal page 1 %d %b " % (contact.workspace_id, contact.msisdn.encode())
    return hmac.digest(secret, whom + head, hashlib.sha256)[:_MAC_OCTETS]


def _end_of(hour: int) -> datetime:
    return datetime.fromtimestamp(hour * _HOUR_S, UTC)

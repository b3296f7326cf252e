"""The first run: nobody is here yet, and whoever runs the machine becomes the owner."""

import base64
import hashlib
import hmac

from django.db import connection, transaction
from django.utils.translation import gettext as _

from textwell.accounts.actions import create_owner, create_workspace
from textwell.accounts.models import User
from textwell.core.errors import Conflict
from textwell.core.settings import load_settings

_LOCK = 0x7477_5E70  # an advisory lock of PostgreSQL: two set-ups at once come one by one
_CODE_LETTERS = 12


def is_setup_needed() -> bool:
    """True until the first person exists."""
    return not User.objects.exists()


def setup_code() -> str:
    """What `textwell run` prints and a distant browser must show; follows from the signing key.

    All processes and machines of an installation know it without storing it. It opens one door,
    which is gone as soon as somebody has walked through.
    """
    key = load_settings().secret_key_value().encode()
    digest = hmac.digest(key, b"textwell setup 1", hashlib.sha256)
    letters = base64.b32encode(digest).decode()[:_CODE_LETTERS]
    return "-".join(letters[start : start + 4] for start in range(0, _CODE_LETTERS, 4))


def is_setup_code(given: str) -> bool:
    """True for the code in any case, with or without its dashes."""
    plain = "".join(letter for letter in given.upper() if letter.isalnum())
    return hmac.compare_digest(plain.encode(), setup_code().replace("-", "").encode())


def set_up(
    *,
    email: str,
    password: str,
    name: str,
    brand: str,
    country: str,
    currency: str,
    zone: str,
    language: str,
) -> User:
    """Make the first workspace and its owner.

    Raises:
        Conflict: somebody is here already.
        FieldError: a value cannot be used.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        if not is_setup_needed():
            raise Conflict(_("Textwell has an owner already. Sign in instead."))
        workspace = create_workspace(
            name=brand, country=country, currency=currency, zone=zone, language=language
        )
        user = create_owner(workspace=workspace, email=email, password=password, name=name)
        User.objects.filter(id=user.id).update(language=language, zone=zone)
    user.refresh_from_db()
    return user

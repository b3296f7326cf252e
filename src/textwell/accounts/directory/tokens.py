"""The secrets that directories show: made, found, revoked."""

import hmac
import secrets
import string

from django.db import transaction
from django.utils.translation import gettext as _

from textwell.accounts.actions import audit_row
from textwell.accounts.models import DirectoryToken, Workspace
from textwell.accounts.selectors import USE_NOTED_EVERY, hash_secret, person_behind
from textwell.core.clock import now
from textwell.core.errors import FieldError, NotFound

TOKEN_MARK = "twd"  # noqa: S105 - how tokens begin
_PREFIX_LETTERS = string.ascii_lowercase + string.digits
_PREFIX_LENGTH = 10
_SECRET_OCTETS = 32


def create_directory_token(
    *, workspace: Workspace, name: str, actor: str
) -> tuple[DirectoryToken, str]:
    """A token for a directory; the second value, `twd_<prefix>_<secret>`, is never shown again.

    Raises:
        FieldError: it has no name.
    """
    if not name.strip():
        raise FieldError("name", _("is empty"), _("Say which directory will use the token."))
    prefix = "".join(secrets.choice(_PREFIX_LETTERS) for _each in range(_PREFIX_LENGTH))
    secret = secrets.token_urlsafe(_SECRET_OCTETS)
    with transaction.atomic():
        token = DirectoryToken.objects.create(
            workspace=workspace,
            name=name.strip(),
            prefix=prefix,
            secret_hash=hash_secret(secret),
            created_by_id=person_behind(actor),
        )
        _audit(token, actor, "directory.token_created")
    return token, f"{TOKEN_MARK}_{prefix}_{secret}"


def revoke_directory_token(*, workspace: Workspace, token_id: int, actor: str) -> None:
    """Refuse it from the next request on; who is here stays. Twice is once.

    Raises:
        NotFound: there is none of that number here.
    """
    token = DirectoryToken.objects.filter(workspace=workspace, id=token_id).first()
    if token is None:
        raise NotFound("token", token_id)
    with transaction.atomic():
        open_one = DirectoryToken.objects.filter(id=token_id, revoked_at=None)
        if open_one.update(revoked_at=now()):
            _audit(token, actor, "directory.token_revoked")


def list_directory_tokens(workspace: Workspace) -> list[DirectoryToken]:
    """Tokens of a workspace, newest first, revoked ones too."""
    return list(DirectoryToken.objects.filter(workspace=workspace).order_by("-id"))


def find_directory_token(shown: str) -> DirectoryToken | None:
    """The token behind a secret as shown, with its workspace; None if wrong, unknown or revoked.

    The row is found by the prefix, which is no secret; the hash is compared in constant time.
    """
    mark, _first, rest = shown.strip().partition("_")
    prefix, _second, secret = rest.partition("_")
    if mark != TOKEN_MARK or not prefix or not secret or "\x00" in prefix:
        return None
    found = DirectoryToken.objects.select_related("workspace")
    token = found.filter(prefix=prefix, revoked_at=None).first()
    expected = token.secret_hash if token else "0" * 64  # a miss takes the time of a hit
    is_right = hmac.compare_digest(expected, hash_secret(secret))
    return token if token is not None and is_right else None


def note_token_use(token: DirectoryToken) -> None:
    """Remember when the token was last used, to the minute: one write a minute at most."""
    moment = now()
    if token.last_used_at is None or moment - token.last_used_at >= USE_NOTED_EVERY:
        DirectoryToken.objects.filter(id=token.id).update(last_used_at=moment)


def _audit(token: DirectoryToken, actor: str, action: str) -> None:
    audit_row(token, "directory_token", actor, action, after={"name": token.name})

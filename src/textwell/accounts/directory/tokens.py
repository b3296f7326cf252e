"""The secrets that directories show: made, found, revoked."""

from django.db import transaction
from django.utils.translation import gettext as _

from textwell.accounts.actions import audit_row
from textwell.accounts.models import DirectoryToken, Workspace
from textwell.accounts.secrets import find_by_secret, make_secret
from textwell.accounts.selectors import person_behind
from textwell.core.clock import now
from textwell.core.errors import FieldError, NotFound

TOKEN_MARK = "twd"  # noqa: S105 - how tokens begin


def create_directory_token(
    *, workspace: Workspace, name: str, actor: str
) -> tuple[DirectoryToken, str]:
    """A token for a directory; the second value, `twd_<prefix>_<secret>`, is never shown again.

    Raises:
        FieldError: it has no name.
    """
    if not name.strip():
        raise FieldError("name", _("is empty"), _("Say which directory will use the token."))
    secret = make_secret(TOKEN_MARK)
    with transaction.atomic():
        token = DirectoryToken.objects.create(
            workspace=workspace,
            name=name.strip(),
            prefix=secret.prefix,
            secret_hash=secret.secret_hash,
            created_by_id=person_behind(actor),
        )
        _audit(token, actor, "directory.token_created")
    return token, secret.shown


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
    """The token behind a secret as shown, with its workspace; None if wrong, unknown or revoked."""
    return find_by_secret(DirectoryToken.objects.select_related("workspace"), shown, TOKEN_MARK)


def _audit(token: DirectoryToken, actor: str, action: str) -> None:
    audit_row(token, "directory_token", actor, action, after={"name": token.name})

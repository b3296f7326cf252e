"""Every write of API keys: made, used otherwise, revoked."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from textwell.accounts.actions import audit_row
from textwell.accounts.models import ApiKey, User, Workspace
from textwell.accounts.secrets import make_secret
from textwell.accounts.selectors import KEY_MARK, person_behind
from textwell.accounts.types import DoorPurpose, Scope
from textwell.core.clock import now
from textwell.core.errors import FieldError

MAX_RATE_PER_S = 100_000


def create_api_key(
    *,
    workspace: Workspace,
    name: str,
    scopes: Iterable[str],
    actor: str,
    door_purpose: str = DoorPurpose.MARKETING.value,
    rate_per_s: int | None = None,
) -> tuple[ApiKey, str]:
    """A key for a program; the second value, `tw_<prefix>_<secret>`, is never shown again.

    `door_purpose`: of texts that come by another vendor's API. `rate_per_s`: requests a second; None:
    the operator's, 0: no limit.

    Raises:
        FieldError: no name, no scope, or a scope, purpose or rate that cannot be.
    """
    wanted = sorted(set(scopes))
    _check_key(name, wanted)
    _check_use(door_purpose, rate_per_s)
    secret = make_secret(KEY_MARK)
    with transaction.atomic():
        key = ApiKey.objects.create(
            workspace=workspace,
            name=name.strip(),
            prefix=secret.prefix,
            secret_hash=secret.secret_hash,
            scopes=wanted,
            door_purpose=door_purpose,
            rate_per_s=rate_per_s,
            created_by_id=person_behind(actor),
        )
        _audit_key(key, actor, "api_keys.created")
    return key, secret.shown


def _check_key(name: str, scopes: list[str]) -> None:
    if not name.strip():
        raise FieldError("name", _("is empty"), _("Say which program will use the key."))
    known = [scope.value for scope in Scope]
    unknown = [scope for scope in scopes if scope not in known]
    mend = _("Choose from: %(known)s") % {"known": ", ".join(known)}
    if unknown:
        problem = _("does not know %(scope)s") % {"scope": unknown[0]}
        raise FieldError("scopes", problem, mend)
    if not scopes:
        raise FieldError("scopes", _("is empty"), mend)


def _check_use(door_purpose: str, rate_per_s: int | None) -> None:
    known = [purpose.value for purpose in DoorPurpose]
    if door_purpose not in known:
        mend = _("Choose from: %(known)s") % {"known": ", ".join(known)}
        raise FieldError("door_purpose", _("is unknown."), mend)
    if rate_per_s is not None and not 0 <= rate_per_s <= MAX_RATE_PER_S:
        mend = _("Write a number from 0 to %(most)d.") % {"most": MAX_RATE_PER_S}
        raise FieldError("rate_per_s", _("is outside of its limits"), mend)


def change_api_key(*, key: ApiKey, actor: str, door_purpose: str, rate_per_s: int | None) -> ApiKey:
    """How a key is used, see `create_api_key`; from the next request on.

    Raises:
        FieldError: the purpose or the rate cannot be.
    """
    _check_use(door_purpose, rate_per_s)
    values = {"door_purpose": door_purpose, "rate_per_s": rate_per_s}
    with transaction.atomic():
        locked = ApiKey.objects.select_for_update().get(id=key.id)
        before = {name: getattr(locked, name) for name in values}
        if before == values:
            return locked
        for name, value in values.items():
            setattr(locked, name, value)
        locked.save(update_fields=list(values))
        audit_row(locked, "key", actor, "api_keys.changed", before=before, after=values)
    return locked


def revoke_api_key(*, key: ApiKey, actor: str) -> None:
    """Refuse the key from the next request on, in all processes. Twice is once."""
    with transaction.atomic():
        if ApiKey.objects.filter(id=key.id, revoked_at=None).update(revoked_at=now()):
            _audit_key(key, actor, "api_keys.revoked")
    key.refresh_from_db()


def revoke_keys_of(*, workspace: Workspace, user: User, actor: str) -> None:
    """Refuse every key that the person made here, also those made by these keys."""
    for key in ApiKey.objects.filter(workspace=workspace, created_by=user, revoked_at=None):
        revoke_api_key(key=key, actor=actor)


def _audit_key(key: ApiKey, actor: str, action: str) -> None:
    names = ("name", "scopes", "door_purpose", "rate_per_s")
    audit_row(key, "key", actor, action, after={name: getattr(key, name) for name in names})

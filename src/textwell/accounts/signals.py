"""Audit entries for what allauth changes of an account.

Rows of second factors and connections are watched themselves, not allauth's signals: those come
after the commit, and an entry commits with the change or not at all.
"""

import time
from typing import Any

from allauth.account import signals as account
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models.signals import post_delete, post_save

from textwell.accounts.actions import audit_person
from textwell.accounts.models import User

SESSION_SEEN = "seen_at"  # in the session: when its use was last noted, seconds since the epoch


def on_signed_in(*, request: Any, **_rest: Any) -> None:
    request.session[SESSION_SEEN] = time.time()


def on_password(*, user: User, **_rest: Any) -> None:
    audit_person(user=user, action="account.password_changed")


def on_reset(*, user: User, **_rest: Any) -> None:
    audit_person(user=user, action="account.password_reset")


def on_factor_saved(*, instance: Any, created: bool, **_rest: Any) -> None:
    if created:
        _check_mailbox(instance)
        after = {"kind": instance.type}
        audit_person(user=instance.user, action="account.factor_added", after=after)


def on_factor_gone(*, instance: Any, **_rest: Any) -> None:
    before = {"kind": instance.type}
    audit_person(user=instance.user, action="account.factor_removed", before=before)


def on_connected(*, instance: Any, created: bool, **_rest: Any) -> None:
    if created:
        _check_mailbox(instance)
        after = {"provider": instance.provider}
        audit_person(user=instance.user, action="account.sign_in_connected", after=after)


def _check_mailbox(instance: Any) -> None:
    """A directory may be giving the account to another mailbox while a request adds to it.

    The lock waits for that change; in a transaction it is kept, and the change finds the row.

    Raises:
        PermissionDenied: it has; the row is gone.
    """
    user = instance.user
    with transaction.atomic():
        same = User.objects.select_for_update(no_key=True).filter(id=user.id, email=user.email)
        is_same = same.first() is not None
    if not is_same:
        type(instance).objects.filter(id=instance.id).delete()
        raise PermissionDenied


def listen() -> None:
    """Connect them all; twice is once."""
    account.user_logged_in.connect(on_signed_in)
    account.password_changed.connect(on_password)
    account.password_set.connect(on_password)
    account.password_reset.connect(on_reset)
    post_save.connect(on_factor_saved, sender=Authenticator)
    post_delete.connect(on_factor_gone, sender=Authenticator)
    post_save.connect(on_connected, sender=SocialAccount)

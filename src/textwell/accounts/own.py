"""What people change of their own account, but for the ways in, which `signals` hears of."""

from django.db import transaction

from textwell.accounts.actions import audit_person
from textwell.accounts.models import User


def update_person(*, user: User, name: str, language: str, zone: str) -> None:
    """Keep how a person is called, and their language and zone. The same again is no change."""
    given = {"name": name, "language": language, "zone": zone}
    with transaction.atomic():
        locked = User.objects.select_for_update(no_key=True).get(id=user.id)
        before = {field: getattr(locked, field) for field in given}
        changed = {field: value for field, value in given.items() if value != before[field]}
        if changed:
            User.objects.filter(id=user.id).update(**changed)
            old = {field: before[field] for field in changed}
            audit_person(user=locked, action="account.changed", before=old, after=changed)

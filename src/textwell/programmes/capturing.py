"""Sign-ups that a device may have kept without a connection: each counts once, as of when it was taken."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from textwell.core.clock import now
from textwell.core.errors import FieldError
from textwell.programmes.models import Captured, Placement, SignUp
from textwell.programmes.signing import sign_up
from textwell.programmes.types import NewSignUp

OLDEST: Final = timedelta(days=60)
FORGET_AFTER: Final = OLDEST + timedelta(days=30)
_AT_ONCE: Final = timedelta(minutes=1)  # so long an entry may take and was still not kept


@dataclass(frozen=True, slots=True)
class Entry:
    """What a device says of an entry: the key that it drew for it, and how long ago that was.

    An age needs no clock that is right, only one that runs.
    """

    key: UUID
    age: timedelta


def take_once(*, placement: Placement, new: NewSignUp, entry: Entry, actor: str) -> SignUp:
    """Sign up as `sign_up` does; the same entry again is the sign-up that it was, and changes nothing.

    Raises as `sign_up`; also FieldError where the entry is too old to prove anything.
    """
    if entry.age > OLDEST:
        mend = _("Ask the person again.")
        raise FieldError("age_s", _("This entry was kept for more than sixty days."), mend)
    kept = {"kept_s": int(entry.age.total_seconds())} if entry.age > _AT_ONCE else {}
    dated = replace(new, signed_at=now() - entry.age, evidence={**new.evidence, **kept})
    about = {"workspace_id": placement.workspace_id, "key": entry.key}
    with transaction.atomic():
        # Whoever sends it at the same time waits here for the first.
        Captured.objects.bulk_create([Captured(**about)], ignore_conflicts=True)
        row = Captured.objects.select_for_update().get(**about)
        if row.sign_up_id is not None:
            return SignUp.objects.select_related("placement").get(id=row.sign_up_id)
        found = sign_up(placement=placement, new=dated, actor=actor)
        row.sign_up_id = found.id
        row.save(update_fields=["sign_up_id"])
    return found


def forget_captured() -> int:
    """Drop keys that no device sends any more; answers how many. Calling it twice is safe."""
    return Captured.objects.filter(taken_at__lt=now() - FORGET_AFTER).delete()[0]

"""Incentive codes: a pool is brought once, each person gets one, the same one for ever."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from textwell.accounts.actions import audit_row
from textwell.core.clock import now
from textwell.core.db import copy_rows, cursor
from textwell.core.errors import FieldError
from textwell.programmes import sql
from textwell.programmes.models import IncentiveCode, Programme

LONGEST_CODE = 60
MOST_CODES = 1_000_000  # at once


def import_codes(*, programme: Programme, codes: Iterable[str], actor: str) -> tuple[int, int]:
    """Add codes to the pool; answers how many are new, and how many were there before. Twice is once.

    Raises:
        FieldError: on `codes`: there is none, too many, or one that is too long.
    """
    cleaned = list(dict.fromkeys(filter(None, (code.strip() for code in codes))))
    if not cleaned:
        raise FieldError("codes", _("are missing"), _("Give one code a line."))
    if len(cleaned) > MOST_CODES:
        mend = _("Give %(most)d at most.") % {"most": MOST_CODES}
        raise FieldError("codes", _("are too many"), mend)
    if any(len(code) > LONGEST_CODE or "\x00" in code for code in cleaned):
        mend = _("Shorten it to %(most)d characters.") % {"most": LONGEST_CODE}
        raise FieldError("codes", _("hold one that is too long"), mend)
    with transaction.atomic(), cursor() as raw:
        raw.execute(sql.STAGE_CODES)
        copy_rows(raw, "programmes_staged_code", ("code",), ((code,) for code in cleaned))
        ids = {"workspace_id": programme.workspace_id, "programme_id": programme.id}
        raw.execute(sql.ADD_CODES, ids)
        added = raw.rowcount
        raw.execute("DROP TABLE programmes_staged_code")
        audit_row(programme, "programme", actor, "programmes.codes_added", after={"count": added})
    return added, len(cleaned) - added


def give_code(*, programme_id: int, contact_id: int) -> str | None:
    """The person's code: the one they have, else the next of the pool; None: none is free now.

    What others hold at the moment is not waited for, since they may wait for us: whoever gets none is
    welcomed by `welcoming.welcome_waiting` as soon as there is one.
    In the caller's transaction, which holds the person's sign-up: so nobody gets two. Twice is once.
    """
    with cursor() as raw:
        ids: dict[str, Any] = {
            "programme_id": programme_id,
            "contact_id": contact_id,
            "now": now(),
        }
        raw.execute(sql.OWN_CODE, ids)
        own = raw.fetchone()
        if own is None:
            raw.execute(sql.TAKE_CODE, ids)
            own = raw.fetchone()
    return str(own[0]) if own else None


def has_free_code(programme_id: int) -> bool:
    """Whether the pool has one left."""
    return IncentiveCode.objects.filter(programme_id=programme_id, contact_id=None).exists()

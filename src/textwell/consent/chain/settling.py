"""Up to where the ledger is settled: no transaction that is under way can still add an event below.

Numbers are given before the commit, so that ids alone cannot tell a late commit from what was slipped in.
A mark is set: the last number given, and the transaction that comes next. Once all before that one have
ended, every number up to the mark is either seen or never used.
"""

from typing import Final

from textwell.consent.chain import sql
from textwell.core.db import cursor
from textwell.core.models import Cursor

_SETTLED: Final = "consent.settled"
_MARK: Final = "consent.settled.mark"
_MARK_XID: Final = "consent.settled.xid"


def settle() -> int:
    """Up to which id nothing new can come; what is seen below may still have to be sealed."""
    settled = settled_id()
    marks = dict(Cursor.objects.filter(name__in=[_MARK, _MARK_XID]).values_list("name", "position"))
    with cursor() as raw:
        raw.execute(sql.SNAPSHOT)
        oldest, coming, newest_id = raw.fetchone()
    xid = marks.get(_MARK_XID)
    is_over = xid is not None and xid <= oldest
    if is_over:
        settled = max(settled, marks.get(_MARK, 0))
    # Of a store that was brought in anew: its transactions are counted anew.
    if xid is None or is_over or xid > coming:
        _put(_MARK, newest_id)
        _put(_MARK_XID, coming)
    return settled


def settled_id() -> int:
    """As `move_settled` was told last; before it ever was: the newest that is sealed."""
    found = Cursor.objects.filter(name=_SETTLED).values_list("position", flat=True).first()
    if found is not None:
        return found
    with cursor() as raw:
        raw.execute(sql.NEWEST_SEALED)
        newest = int(raw.fetchone()[0])
    _put(_SETTLED, newest)
    return newest


def move_settled(event_id: int) -> None:
    """All that is seen up to there is sealed. Never back."""
    Cursor.objects.filter(name=_SETTLED, position__lt=event_id).update(position=event_id)


def _put(name: str, position: int) -> None:
    Cursor.objects.update_or_create(name=name, defaults={"position": position})

"""Whether somebody who acts on a thread has read all of it, and what they are told if not."""

from django.utils.translation import gettext as _

from textwell.accounts.selectors import name_actors
from textwell.core.errors import FieldError
from textwell.inbox.errors import ThreadMoved
from textwell.inbox.models import EntryKind, Thread
from textwell.inbox.places import shorten


def check_seen(held: Thread, seen: int, outcome: str) -> None:
    """Let nobody act over what they have not seen; `outcome` says what was left undone.

    Raises:
        ThreadMoved: something happened after the entry `seen`.
        FieldError: on `seen`: there is no such entry yet.
    """
    if seen > held.last_entry:
        problem = _("is beyond the last entry, %(number)d") % {"number": held.last_entry}
        raise FieldError("seen", problem, _("Give `last_entry` of the thread as you read it."))
    if seen < held.last_entry:
        raise ThreadMoved(f"{_tell_moved(held, seen)} {outcome}")


def _tell_moved(held: Thread, seen: int) -> str:
    """Who did what since: the last answer if there is one, else the last that was done or written."""
    since = held.entries.filter(number__gt=seen)
    entry = since.filter(kind=EntryKind.ANSWER).order_by("-number").first()
    entry = entry or since.order_by("-number").first()
    who = name_actors({entry.actor}).get(entry.actor, entry.actor) if entry else ""
    if entry and entry.kind == EntryKind.ANSWER:
        words = _("%(who)s has answered meanwhile: “%(text)s”.")
    elif not held.is_last_ours and held.last_entry > (entry.number if entry else seen):
        return _("The person wrote meanwhile: “%(text)s”.") % {"text": held.last_text}
    elif entry and entry.kind == EntryKind.NOTE:
        words = _("%(who)s has noted meanwhile: “%(text)s”.")
    else:
        words = _("%(who)s has changed the thread meanwhile.")
    return words % {"who": who, "text": shorten(entry.text) if entry else ""}

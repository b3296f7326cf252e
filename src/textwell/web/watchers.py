"""Who watches a campaign, remembered by this process, so that a look each second asks nobody.

A person is let in by the complete way: session, user, membership, permission. From then on the same
session at the same campaign is known for a few minutes. All who are known are asked for again together,
in one query every `CHECK_S`, with the present state of their rights: whoever signed out, was taken out
of the workspace, switched off, or has another password is forgotten, and meets the complete way again.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any

from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.sessions.models import Session

from textwell.accounts.models import Membership
from textwell.core.clock import now

CHECK_S = 15.0  # a quarter of the minute within which somebody who was taken out sees no more
KNOWN_S = 240.0  # then by the complete way, which notes that the session is used


@dataclass(frozen=True, slots=True)
class _Watcher:
    membership: Membership  # with user and workspace
    session_hash: str  # changes with the password
    until: float


_Key = tuple[str, int]  # session, campaign


class Watchers:
    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._known: dict[_Key, _Watcher] = {}
        self._checked_at = clock()

    def find(self, session_key: str, campaign_id: int) -> Membership | None:
        """The person's part in the campaign's workspace as of the last check; None: not known."""
        with self._lock:  # while one checks the others wait for it
            if (session_key, campaign_id) not in self._known:
                return None
            if self._clock() >= self._checked_at + CHECK_S:
                self._check()
            found = self._known.get((session_key, campaign_id))
            return found.membership if found else None

    def admit(self, session_key: str, campaign_id: int, watcher: Membership, hash_: str) -> None:
        """Remember somebody whom the complete way has let in just now."""
        with self._lock:
            if not self._known:  # whoever is known was let in after this
                self._checked_at = self._clock()
            until = self._clock() + KNOWN_S
            self._known[session_key, campaign_id] = _Watcher(watcher, hash_, until)

    def _check(self) -> None:
        at = self._clock()
        known = {key: each for key, each in self._known.items() if each.until > at}
        present = _read_present(known)
        self._known = {
            key: replace(each, membership=present[key])
            for key, each in known.items()
            if key in present and present[key].user.get_session_auth_hash() == each.session_hash
        }
        self._checked_at = at


def _read_present(known: Mapping[_Key, _Watcher]) -> dict[_Key, Membership]:
    """Whose session, user and membership still hold, as they are now; one query."""
    sessions = Session.objects.filter(
        session_key__in={session_key for session_key, _campaign in known}, expire_date__gt=now()
    )
    found = (
        Membership.objects.filter(id__in={each.membership.id for each in known.values()})
        .filter(user__is_active=True)
        .select_related("user", "workspace")
        .annotate(session_keys=ArraySubquery(sessions.values("session_key")))
    )
    by_id = {each.id: each for each in found}
    return {
        key: membership
        for key, each in known.items()
        if (membership := by_id.get(each.membership.id)) is not None
        and key[0] in membership.session_keys
    }


watchers = Watchers()


def admit_watcher(request: Any, campaign_id: int) -> None:  # Any: see `access.MemberRequest`
    """Call it when the request may see the campaign; who is known already stays as they are."""
    if hasattr(request, "known_membership"):
        return
    session_key, session_hash = request.session.session_key, request.session.get(HASH_SESSION_KEY)
    if session_key and session_hash:
        membership = request.membership
        membership.user = getattr(request.user, "_wrapped", request.user)  # not the whole request
        watchers.admit(session_key, campaign_id, membership, session_hash)

"""The chain over the audit log: an entry that is changed, deleted or slipped in is found.

Each link is an HMAC, keyed from the signing key, over the link before it and the whole entry: whoever
can write to the database alone cannot forge one. Entries are sealed a moment after their commit, in
the order in which they are seen, so that writers never wait for each other. What a chain cannot show
by itself is a cut at its very end: compare `head` with one noted earlier, elsewhere.
"""

import hashlib
import hmac
import json
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from textwell.accounts.models import AuditEntry, AuditErasure, AuditSeal
from textwell.core.settings import load_settings

_LOCK_CLASS = 0x7477  # advisory locks (class, workspace): one sealer of a workspace at a time
BATCH = 1_000
LOOK_BACK = 10_000  # ids: an entry that committed later than this many others is found by verify


@dataclass(frozen=True, slots=True)
class Verdict:
    """`broken_entry_id` is the first entry that is not as it was sealed; None: all are."""

    entry_count: int
    head: str
    broken_entry_id: int | None = None
    problem: str = ""  # changed | deleted | chain

    @property
    def is_whole(self) -> bool:
        return self.broken_entry_id is None


def _key() -> bytes:
    secret = load_settings().secret_key_value().encode()
    return hmac.digest(secret, b"textwell audit 1", hashlib.sha256)


def _digest(key: bytes, before: str, number: int, entry: AuditEntry) -> str:
    return _hash(key, {"before": before, "number": number, **_content(entry)})


def digest_erased(link: str, entry: AuditEntry) -> str:
    """Of an entry from which a person was taken out, and its link, which is as it was before."""
    return _hash(_key(), {"erased": link, **_content(entry)})


def _content(entry: AuditEntry) -> dict[str, object]:
    return {
        "id": entry.id,
        "workspace": entry.workspace_id,
        "actor": entry.actor,
        "action": entry.action,
        "subject": entry.subject,
        "data": entry.data,
        "reason": entry.reason,
        "at": entry.at.isoformat(),
    }


def _hash(key: bytes, content: dict[str, object]) -> str:
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def seal_workspace(workspace_id: int, *, from_id: int = 0) -> int:
    """Seal what is not sealed yet; answers how many. Calling it twice is safe."""
    count = 0
    while sealed := _seal_batch(workspace_id, from_id):
        count += sealed
    return count


def _seal_batch(workspace_id: int, from_id: int) -> int:
    key = _key()
    with transaction.atomic():
        with connection.cursor() as cursor:
            lock = [_LOCK_CLASS, workspace_id % 2**31]
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", lock)
        last = AuditSeal.objects.filter(workspace_id=workspace_id).order_by("-number").first()
        number, digest = (last.number, last.digest) if last else (0, "")
        sealed = AuditSeal.objects.filter(entry_id=OuterRef("id"))
        found = AuditEntry.objects.filter(workspace_id=workspace_id, id__gte=from_id)
        links = []
        for entry in found.filter(~Exists(sealed)).order_by("id")[:BATCH]:
            number += 1
            digest = _digest(key, digest, number, entry)
            links.append(
                AuditSeal(
                    workspace_id=workspace_id, number=number, entry_id=entry.id, digest=digest
                )
            )
        AuditSeal.objects.bulk_create(links)
    return len(links)


def seal_all() -> int:
    """Seal the new entries of every workspace; answers how many. The scheduler calls it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(entry_id), 0) FROM accounts_auditseal")
        from_id = max(0, cursor.fetchone()[0] - LOOK_BACK)
        cursor.execute(
            "SELECT DISTINCT e.workspace_id FROM accounts_auditentry e WHERE e.id >= %s AND NOT"
            " EXISTS (SELECT 1 FROM accounts_auditseal s WHERE s.entry_id = e.id)",
            [from_id],
        )
        waiting = [int(row[0]) for row in cursor.fetchall()]
    return sum(seal_workspace(workspace_id, from_id=from_id) for workspace_id in waiting)


def verify_workspace(workspace_id: int) -> Verdict:
    """Walk the whole chain. Entries that nobody has sealed yet are sealed first."""
    seal_workspace(workspace_id)
    key, before, expected = _key(), "", 0
    links = AuditSeal.objects.filter(workspace_id=workspace_id).order_by("number")
    batch: list[AuditSeal] = []
    while batch := list(links.filter(number__gt=batch[-1].number if batch else 0)[:BATCH]):
        ids = [link.entry_id for link in batch]
        entries = AuditEntry.objects.in_bulk(ids)
        erased = dict(
            AuditErasure.objects.filter(entry_id__in=ids).values_list("entry_id", "digest")
        )
        for link in batch:
            expected += 1
            entry = entries.get(link.entry_id)
            problem = _problem(key, before, expected, link, entry)
            if problem == "changed" and _is_vouched(link, entry, erased.get(link.entry_id, "")):
                problem = ""
            if problem:
                return Verdict(expected - 1, before, link.entry_id, problem)
            before = link.digest
    return Verdict(expected, before)


def _is_vouched(link: AuditSeal, entry: AuditEntry | None, erased: str) -> bool:
    """Whether it is changed because somebody was erased, and as it was left then."""
    return entry is not None and hmac.compare_digest(digest_erased(link.digest, entry), erased)


def _problem(
    key: bytes, before: str, expected: int, link: AuditSeal, entry: AuditEntry | None
) -> str:
    if link.number != expected:
        return "chain"
    if entry is None:
        return "deleted"
    right = _digest(key, before, link.number, entry)
    return "" if hmac.compare_digest(right, link.digest) else "changed"

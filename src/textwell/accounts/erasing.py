"""Entries of the audit log about a person who is erased: that something was changed stays, not what.

The log is append-only, and its chain would break: so each such entry is vouched for anew, by the same
key, before the database lets its content go. Any other change is found as before.
"""

from collections.abc import Sequence
from typing import Any, Final, LiteralString

from textwell.accounts.chain import digest_erased, seal_workspace
from textwell.accounts.models import AuditEntry, AuditErasure, AuditSeal
from textwell.core.db import cursor

ERASED: Final[dict[str, Any]] = {"erased": True}
_FIND: Final[LiteralString] = """
SELECT id FROM accounts_auditentry e
WHERE workspace_id = %(workspace_id)s AND data <> '{"erased": true}' AND (
    (subject = ANY(%(subjects)s) AND action <> 'contacts.erased')
    OR EXISTS (SELECT FROM unnest(%(texts)s::text[]) AS t(text)
               WHERE strpos(lower(e.data::text || e.reason), t.text) > 0))
ORDER BY id
"""


def blank_entries(workspace_id: int, *, subjects: Sequence[str], texts: Sequence[str]) -> int:
    """Blank what entries about these people say, in the caller's transaction; answers how many.

    `subjects`: as entries name what is theirs; `texts`: what tells them apart in others. Whoever did
    what to whom, and when, stays.
    """
    seal_workspace(workspace_id)
    params: dict[str, Any] = {
        "workspace_id": workspace_id,
        "subjects": list(subjects),
        "texts": [text.lower() for text in texts],
    }
    with cursor() as raw:
        raw.execute(_FIND, params)
        ids = [row[0] for row in raw.fetchall()]
    _vouch(workspace_id, ids)
    AuditEntry.objects.filter(id__in=ids).update(data=ERASED, reason="")
    return len(ids)


def _vouch(workspace_id: int, ids: Sequence[int]) -> None:
    links = dict(AuditSeal.objects.filter(entry_id__in=ids).values_list("entry_id", "digest"))
    known = set(AuditErasure.objects.filter(entry_id__in=ids).values_list("entry_id", flat=True))
    rows = []
    for entry in AuditEntry.objects.filter(id__in=ids).exclude(id__in=known):
        entry.data, entry.reason = ERASED, ""
        digest = digest_erased(links[entry.id], entry)
        rows.append(AuditErasure(workspace_id=workspace_id, entry_id=entry.id, digest=digest))
    AuditErasure.objects.bulk_create(rows)

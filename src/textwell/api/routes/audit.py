"""The audit log, to be read: its entries are made by what is done, and never changed."""

from ninja import Router

from textwell.accounts.models import AuditEntry
from textwell.accounts.selectors import list_audit
from textwell.accounts.types import Scope
from textwell.api.auth import ApiKey, KeyRequest
from textwell.api.paging import make_page
from textwell.api.schemas.audit import AuditOut, AuditQuery
from textwell.api.schemas.base import Page
from textwell.core.masks import mask_text, mask_value

router = Router(tags=["Workspace"])


@router.get("", auth=ApiKey(Scope.AUDIT_READ), response=Page[AuditOut])
def list_all(request: KeyRequest, paging: AuditQuery) -> dict[str, object]:
    """Who changed what and why, newest first. Numbers are masked, also for contacts:numbers.

    Whether the log is as it was written is told by its page, and by `textwell audit verify`.
    """
    rows = list_audit(
        request.auth.workspace_id,
        which=paging.which(),
        before_id=paging.after_id(),
        limit=paging.limit + 1,
    )
    return make_page(rows, limit=paging.limit, shown=_shown, cursor=lambda entry: entry.id)


def _shown(entry: AuditEntry) -> dict[str, object]:
    data = {name: mask_value("", entry.data.get(name) or {}) for name in ("before", "after")}
    names = ("id", "at", "actor", "action", "subject")
    return {
        **{name: getattr(entry, name) for name in names},
        "reason": mask_text(entry.reason),
        **data,
    }

"""Full numbers leave the mask only for a reason, and the reason stays."""

from django.utils.translation import gettext as _

from textwell.accounts.actions import record_audit
from textwell.accounts.models import AuditEntry
from textwell.core.clock import now
from textwell.core.errors import FieldError
from textwell.core.reasons import read_reason

READ = "contacts.numbers_read"


def note_disclosure(
    *, workspace_id: int, actor: str, action: str, subject: str, reason: str, what: str = ""
) -> None:
    """Write who saw which full numbers, and why, before they are shown.

    Raises:
        FieldError: no reason is given, or a longer one than the log keeps.
    """
    told = read_reason(reason)
    if not told:
        mend = _("Say what the numbers are needed for; the audit log keeps it.")
        raise FieldError("reason", _("is missing"), mend)
    record_audit(
        workspace_id=workspace_id,
        actor=actor,
        action=action,
        subject=subject,
        after={"figure": what} if what else None,
        reason=told,
    )


def note_reading(*, workspace_id: int, actor: str, operation: str, reason: str = "") -> None:
    """Write that a program reads full numbers: one entry for each operation and reason a day (UTC).

    Programs read by the thousand: an entry each would hide every other one of the log.
    """
    told = read_reason(reason)
    subject = f"operation:{operation}"
    midnight = now().replace(hour=0, minute=0, second=0, microsecond=0)
    same = AuditEntry.objects.filter(
        workspace_id=workspace_id, subject=subject, actor=actor, action=READ, reason=told
    )
    # Two at the same moment may write one each: harmless, and no reader waits for another.
    if not same.filter(at__gte=midnight).exists():
        record_audit(
            workspace_id=workspace_id, actor=actor, action=READ, subject=subject, reason=told
        )

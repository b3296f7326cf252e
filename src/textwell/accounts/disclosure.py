"""Full numbers leave the mask only for a reason, and the reason stays."""

from django.utils.translation import gettext as _

from textwell.accounts.actions import record_audit
from textwell.core.errors import FieldError

LONGEST_REASON = 500


def note_disclosure(
    *, workspace_id: int, actor: str, action: str, subject: str, reason: str, what: str = ""
) -> None:
    """Write who saw which full numbers, and why, before they are shown.

    Raises:
        FieldError: no reason is given.
    """
    told = reason.strip()[:LONGEST_REASON]
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

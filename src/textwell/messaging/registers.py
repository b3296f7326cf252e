"""Lists of do-not-contact registers brought in, by the names that rule packs know them by."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from textwell.consent.registers import Imported, replace_register
from textwell.core.clock import now
from textwell.core.errors import FieldError
from textwell.messaging.register_law import find_known, list_known


def import_register(
    *,
    workspace_id: int,
    name: str,
    lines: Iterable[str],
    filename: str,
    checked_at: datetime,
    actor: str,
) -> Imported:
    """Take a register's list from a file, in the place of the one before; see `replace_register`.

    Raises:
        FieldError: also on `name`: no rule pack names such a register.
    """
    known = find_known(name, on=now().date())
    if known is None:
        names = "; ".join(one.name for one in list_known(now().date()))
        mend = _("Use one of: %(known)s.") % {"known": names}
        raise FieldError("name", _("is a register that no rule pack names"), mend)
    return replace_register(
        workspace_id=workspace_id,
        key=known.key,
        name=known.name,
        country=known.country,
        lines=lines,
        filename=filename,
        checked_at=checked_at,
        actor=actor,
    )

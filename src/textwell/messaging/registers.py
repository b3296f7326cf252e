"""Lists of do-not-contact registers brought in, by the names that rule packs know them by."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils.translation import gettext as _

from textwell.consent.models import Register
from textwell.consent.registers import Imported, list_registers, replace_register
from textwell.core.clock import now
from textwell.core.errors import FieldError
from textwell.messaging.register_law import KnownRegister, Term, find_known, list_known, list_terms


class RegisterState(StrEnum):
    """How our copy of a register stands."""

    NOT_NEEDED = "not_needed"  # an express consent beats an entry, and marketing needs one
    MISSING = "missing"  # no list is on file
    FRESH = "fresh"
    STALE = "stale"  # older than law allows: nobody there gets marketing


@dataclass(frozen=True, slots=True)
class Standing:
    """A register that a rule pack names. `is_of_consent`: whoever does not stand in it gets none."""

    name: str
    country: str
    state: RegisterState
    register: Register | None
    is_of_consent: bool
    max_age_days: int | None
    stale_at: datetime | None


def list_standings(workspace_id: int, *, at: datetime) -> list[Standing]:
    """Every register that packs name, by country: those that must be asked, and the others."""
    on_file = {one.key: one for one in list_registers(workspace_id)}
    terms = {term.key: term for term in list_terms(at.date())}
    found = {
        known.key: _standing(known, terms.get(known.key), on_file.get(known.key), at)
        for known in list_known(at.date())
    }
    return sorted(found.values(), key=lambda one: (one.country, one.name))


def _standing(
    known: KnownRegister, term: Term | None, register: Register | None, at: datetime
) -> Standing:
    days = term.max_age_days if term else None
    stale_at = register.checked_at + timedelta(days=days) if register and days is not None else None
    state = RegisterState.FRESH
    if term is None:
        state = RegisterState.NOT_NEEDED
    elif register is None:
        state = RegisterState.MISSING
    elif term.is_stale(register.checked_at, at):
        state = RegisterState.STALE
    is_of_consent = term is not None and bool(term.unlisted)
    return Standing(known.name, known.country, state, register, is_of_consent, days, stale_at)


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

"""The checks of `textwell doctor`, in the order in which they are printed."""

from collections.abc import Iterator, Sequence

from textwell.core.errors import FieldError
from textwell.core.settings import Settings
from textwell.runtime.doctor.bus import check_streams
from textwell.runtime.doctor.database import check_database
from textwell.runtime.doctor.geo import check_geo
from textwell.runtime.doctor.machine import check_disk, check_ports, check_roles, check_settings
from textwell.runtime.doctor.types import Finding, bad

__all__ = ["Finding", "examine"]

CHECKS = (
    check_settings,
    check_geo,
    check_disk,
    check_database,
    check_streams,
    check_roles,
    check_ports,
)


def examine(settings: Settings, problems: Sequence[FieldError] = ()) -> Iterator[Finding]:
    """Every finding; a check that fails is a finding too.

    `problems`: settings that cannot be used; the rest is judged as if they were not set.
    """
    for problem in problems:
        yield bad("settings", f"{problem.field} {problem.problem}".rstrip("."), problem.mend)
    for check in CHECKS:
        try:
            yield from check(settings)
        except Exception as error:  # noqa: BLE001 - the doctor must get to the end
            text = f"cannot be checked: {type(error).__name__}: {error}"
            yield bad(check.__name__.removeprefix("check_"), text, "Mend what stands above first.")

"""Do-not-contact registers: lists of countries that name who gets no marketing."""

import io

from ninja import File, Form, Router, Status
from ninja.files import UploadedFile

from textwell.accounts.types import Scope
from textwell.api.auth import ApiKey, KeyRequest
from textwell.api.schemas.base import Moment
from textwell.api.schemas.registers import ImportedOut, RegisterOut, StandingOut
from textwell.consent.models import Register
from textwell.consent.registers import access_register, delete_register, list_registers
from textwell.core.clock import now
from textwell.messaging.registers import Standing, import_register, list_standings

router = Router(tags=["Suppressions"])
READ, WRITE = ApiKey(Scope.CONTACTS_READ), ApiKey(Scope.CONTACTS_WRITE)


@router.get("", auth=READ, response=list[RegisterOut])
def list_all(request: KeyRequest) -> list[Register]:
    """The registers on file, by name: there are few."""
    return list_registers(request.auth.workspace_id)


@router.get("/standings", auth=READ, response=list[StandingOut])
def list_needed(request: KeyRequest) -> list[Standing]:
    """Every register that the rules of some country name, and how our copy of it stands.

    Whether marketing there needs its list, and whether the one on file is fresh, too old or missing.
    """
    return list_standings(request.auth.workspace_id, at=now())


@router.post("", auth=WRITE, response={201: ImportedOut})
def bring_in(
    request: KeyRequest,
    file: File[UploadedFile],
    name: Form[str],
    checked_at: Form[Moment],
) -> Status[dict[str, object]]:
    """Put the numbers of a file in the place of those that the register had.

    The file has a number on each line, or is CSV in UTF-8 with a column of them; numbers without a
    country code are read as of the register's country. `name` as the rule pack of the country has it,
    `checked_at`: when the list was taken. From then on marketing to listed numbers is refused as
    `register_listed`.
    """
    holder = request.auth
    done = import_register(
        workspace_id=holder.workspace_id,
        name=name,
        lines=io.TextIOWrapper(file, encoding="utf-8-sig", errors="replace", newline=""),
        filename=file.name or "",
        checked_at=checked_at,
        actor=holder.actor,
    )
    answer: dict[str, object] = {
        "register_id": done.register.id,
        "number_count": done.register.number_count,
        "rejected_count": done.rejected_count,
    }
    return Status(201, answer)


@router.get("/{int:register_id}", auth=READ, response=RegisterOut)
def get(request: KeyRequest, register_id: int) -> Register:
    """One register, without its numbers."""
    return access_register(request.auth.workspace_id, register_id)


@router.delete("/{int:register_id}", auth=WRITE, response={204: None})
def remove(request: KeyRequest, register_id: int) -> Status[None]:
    """Forget it with its numbers: nobody is left out by it any more."""
    holder = request.auth
    delete_register(workspace_id=holder.workspace_id, register_id=register_id, actor=holder.actor)
    return Status(204, None)

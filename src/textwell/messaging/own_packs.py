"""Rule packs of an operator's own: loaded beside those that ship, and put in force as one audited act."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from textwell.compliance.library import FOLDER, Library, use_own_packs
from textwell.compliance.reading import PackError, read_pack
from textwell.compliance.schema import Pack
from textwell.compliance.vectors import check_pack
from textwell.core.errors import Conflict
from textwell.core.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

log = structlog.get_logger()


def own_folder() -> Path:
    """Where they lie, as `<ID>/<effective_from>.toml`; it need not be there."""
    conf = load_settings()
    return Path(conf.packs) if conf.packs else conf.data / "packs"


def load_own_packs() -> None:
    """Use those that hold what they say, from now on in this process; the others are told in the log."""
    folder = own_folder()
    if folder.is_dir():
        use_own_packs([pack for pack in map(_usable, sorted(folder.glob("*/*.toml"))) if pack])


def _usable(path: Path) -> Pack | None:
    problem = ""
    try:
        pack = read_pack(path)
        problem = next(find_problems(pack), "")
    except (PackError, OSError, UnicodeDecodeError) as error:
        problem = str(error)
    if problem:
        log.error("a rule pack of your own does not load", file=str(path), error=problem)
        return None
    return pack


def find_problems(pack: Pack) -> Iterator[str]:
    """Why a pack that reads well may not be used: which rule, and what of it."""
    if (FOLDER / pack.id / f"{pack.effective_from.isoformat()}.toml").exists():
        yield f"{pack.version} ships with Textwell: give yours another effective_from"
    for failure in check_pack(pack, Library()):
        yield f"{pack.version}, rule {failure.rule}: {failure.problem} ({failure.why})"


def activate_pack(*, path: Path, actor: str, moved_count: int, stopped_count: int) -> Path:
    """Put a pack among those of one's own; each role holds to it once it starts anew.

    The counts are those of the waiting texts that it moves and stops, as whoever asks was shown them; the
    audit log of every workspace keeps them.

    Raises:
        PackError: it cannot be used.
        Conflict: a rule does not do what its vectors say, or its version is taken.
    """
    from django.db import transaction

    from textwell.accounts.actions import record_audit
    from textwell.accounts.models import Workspace

    pack = read_pack(path)
    for problem in find_problems(pack):
        raise Conflict(problem)
    place = own_folder() / pack.id / f"{pack.effective_from.isoformat()}.toml"
    with transaction.atomic():
        for workspace_id in Workspace.objects.values_list("id", flat=True):
            record_audit(
                workspace_id=workspace_id,
                actor=actor,
                action="packs.activated",
                subject=f"pack:{pack.version}",
                after={"moved": moved_count, "stopped": stopped_count},
            )
        _write(place, path.read_bytes())
    return place


def _write(place: Path, content: bytes) -> None:
    """Whole or not at all: a role may start this moment."""
    place.parent.mkdir(parents=True, exist_ok=True)
    part = place.with_suffix(".part")
    part.write_bytes(content)
    part.replace(place)

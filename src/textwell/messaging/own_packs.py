"""Rule packs of an operator's own: loaded beside those that ship, and put in force as one audited act.

What was put in force lies in the database, so that every process of every machine has it: each looks
every few seconds whether there is another one. What lies in a folder of one machine is read by the
processes of that machine when they start.
"""

from __future__ import annotations

import re
from datetime import UTC
from functools import partial
from pathlib import Path
from threading import Thread
from time import sleep
from typing import TYPE_CHECKING, Final

import psycopg
import structlog
from django.utils.translation import gettext as _

from textwell.compliance.library import FOLDER, Library, forget_judged, use_own_packs
from textwell.compliance.reading import PackError, read_pack, read_pack_text
from textwell.compliance.schema import Pack
from textwell.compliance.vectors import check_pack
from textwell.core.clock import now
from textwell.core.db import connect_sync
from textwell.core.errors import Conflict, Forbidden, NotFound
from textwell.core.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from textwell.messaging.models import OwnPack

log = structlog.get_logger()

LOOK_S: Final = 3.0
MAX_LENGTH: Final = 200_000  # characters of a pack
_STAMP: Final = """
SELECT count(*), coalesce(max(id), 0), count(withdrawn_at) FROM messaging_ownpack
"""
_ACTIVATED: Final = """
SELECT version, content, (withdrawn_at AT TIME ZONE 'UTC')::date FROM messaging_ownpack ORDER BY id
"""
_VERSION: Final = re.compile(r"[\w-]{2,20}@[\d-]{10}", re.ASCII)
Stamp = tuple[int, int, int]


def own_folder() -> Path:
    """Where some may lie, as `<ID>/<effective_from>.toml`; it need not be there."""
    conf = load_settings()
    return Path(conf.packs) if conf.packs else conf.data / "packs"


def load_own_packs() -> None:
    """Use those of the folder that hold what they say; the others are told in the log."""
    packs = _of_folder()
    if packs:
        use_own_packs(packs)


def _of_folder() -> list[Pack]:
    folder = own_folder()
    if not folder.is_dir():
        return []
    read = (
        _usable(str(path), partial(read_pack, path)) for path in sorted(folder.glob("*/*.toml"))
    )
    return [pack for pack in read if pack]


def _usable(name: str, read: Callable[[], Pack]) -> Pack | None:
    problem = ""
    try:
        pack = read()
        problem = next(find_problems(pack), "")
    except (PackError, OSError, UnicodeDecodeError) as error:
        problem = str(error)
    if problem:
        log.error("a rule pack of your own does not load", file=name, error=problem)
        return None
    return pack


def find_problems(pack: Pack) -> Iterator[str]:
    """Why a pack that reads well may not be used: which rule, and what of it."""
    if (FOLDER / pack.id / f"{pack.effective_from.isoformat()}.toml").exists():
        yield f"{pack.version} ships with Textwell: give yours another effective_from"
    for failure in check_pack(pack, Library()):
        yield f"{pack.version}, rule {failure.rule}: {failure.problem} ({failure.why})"


class PackWatch:
    """Uses what was put in force anywhere as soon as it sees it; one a process."""

    def __init__(self) -> None:
        self._stamp: Stamp = (0, 0, 0)
        self._is_settling = False

    def look(self) -> bool:
        """True if other packs hold since now.

        Raises:
            psycopg.Error: PostgreSQL does not answer, or is not migrated yet.
        """
        with connect_sync(application="textwell-packs") as opened:
            row = opened.execute(_STAMP).fetchone()
            if row is None or row == self._stamp:
                self._settle()
                return False
            found = opened.execute(_ACTIVATED).fetchall()
        read = (_usable(name, partial(read_pack_text, text)) for name, text, _day in found)
        withdrawn = {name: day for name, _text, day in found if day is not None}
        use_own_packs([*_of_folder(), *(pack for pack in read if pack)], withdrawn)
        self._stamp, self._is_settling = row, True
        log.info("rule packs of your own", count=len(found))
        return True

    def _settle(self) -> None:
        """Threads that judged while the packs changed are done by the next look."""
        if self._is_settling:
            forget_judged()
        self._is_settling = False

    def follow(self) -> None:
        """Look for ever. A database that is away changes nothing: what holds goes on holding."""
        while True:
            sleep(LOOK_S)
            try:
                self.look()
            except (psycopg.Error, OSError) as error:
                log.debug("packs not looked for", error=str(error))


def follow_packs() -> None:
    """Use what is in force now, and what will be, in this process. Once, when a role starts."""
    watch = PackWatch()
    try:
        watch.look()
    except (psycopg.Error, OSError) as error:
        log.warning("rule packs of your own are read once PostgreSQL answers", error=str(error))
    Thread(target=watch.follow, name="packs", daemon=True).start()


def use_activated_packs() -> None:
    """Use what is in force now, in a process that ends soon. A database that is away is no hindrance."""
    try:
        PackWatch().look()
    except (psycopg.Error, OSError) as error:
        log.debug("packs not looked for", error=str(error))


def list_activated() -> list[OwnPack]:
    """Those put in force on this installation, by version."""
    from textwell.messaging.models import OwnPack

    return list(OwnPack.objects.order_by("version"))


def access_activated(version: str) -> OwnPack:
    """One by its version, as FR@2031-01-01. Raises NotFound."""
    from textwell.messaging.models import OwnPack

    is_one = _VERSION.fullmatch(version) is not None
    found = OwnPack.objects.filter(version=version).first() if is_one else None
    if found is None:
        raise NotFound("pack", version)
    return found


def require_whole(actor: str) -> None:
    """Return if the actor may put rules in force for all: at the machine's own command line, or an owner.

    Raises:
        Forbidden: a person, or their key, who does not own every workspace of this installation.
    """
    from textwell.accounts.selectors import manages_every_workspace

    if actor != "system" and not manages_every_workspace(actor):
        raise Forbidden(
            _("A rule pack holds for every workspace. Only who owns all of them puts one in force.")
        )


def _require_ahead(pack: Pack) -> None:
    if pack.effective_from < now().astimezone(UTC).date():  # what was sent was judged by another
        raise Conflict(f"{pack.version} would hold for days that are over: begin it today or later")


def activate_pack(*, text: str, actor: str, moved_count: int, stopped_count: int) -> Pack:
    """Put a pack in force, for the whole installation: every process holds to it some seconds later.

    The counts are those of the waiting texts that it moves and stops, as whoever asks was shown them; the
    audit log of every workspace keeps them. The same text again changes nothing.

    Raises:
        Forbidden: the actor, a person or their key, does not own every workspace.
        PackError: it cannot be used.
        Conflict: a rule does not do what its vectors say, its version is taken, or its day is over.
    """
    from django.db import transaction

    from textwell.messaging.models import OwnPack

    require_whole(actor)
    pack = read_pack_text(text)
    for problem in find_problems(pack):
        raise Conflict(problem)
    with transaction.atomic():
        made, is_new = OwnPack.objects.get_or_create(
            version=pack.version, defaults={"content": text, "actor": actor}
        )
        if made.withdrawn_at is not None:
            raise Conflict(f"{pack.version} was taken back: give yours another effective_from")
        if not is_new and made.content != text:
            raise Conflict(f"{pack.version} is in force: give yours another effective_from")
        if is_new:
            _require_ahead(pack)
            _tell_all("packs.activated", pack.version, actor, moved_count, stopped_count)
    return pack


def withdraw_pack(*, version: str, actor: str, moved_count: int, stopped_count: int) -> None:
    """Take a pack of the operator's own back, for the whole installation: what held before holds again.

    From today on, in every process some seconds later. What was judged by it stays so. Twice is once.

    The counts are those of the waiting texts that it moves and stops, as of `activate_pack`.

    Raises:
        Forbidden: the actor, a person or their key, does not own every workspace.
        NotFound: no such version was put in force here.
    """
    from django.db import transaction

    from textwell.messaging.models import OwnPack

    require_whole(actor)
    access_activated(version)
    with transaction.atomic():
        found = OwnPack.objects.select_for_update().get(version=version)
        if found.withdrawn_at is not None:
            return
        found.withdrawn_at, found.withdrawn_by = now(), actor
        found.save(update_fields=["withdrawn_at", "withdrawn_by"])
        _tell_all("packs.withdrawn", version, actor, moved_count, stopped_count)


def _tell_all(action: str, version: str, actor: str, moved_count: int, stopped_count: int) -> None:
    """The audit log of every workspace, as the pack is every workspace's."""
    from textwell.accounts.actions import record_audit
    from textwell.accounts.models import Workspace

    for workspace_id in Workspace.objects.values_list("id", flat=True):
        record_audit(
            workspace_id=workspace_id,
            actor=actor,
            action=action,
            subject=f"pack:{version}",
            after={"moved": moved_count, "stopped": stopped_count},
        )

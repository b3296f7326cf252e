"""All packs: which version holds on a day, and which packs hold for a place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Final, ParamSpec, TypeVar, cast

import structlog

from textwell.compliance.reading import read_pack
from textwell.compliance.schema import Pack

log = structlog.get_logger()

P = ParamSpec("P")
T = TypeVar("T")
_MOST_DAYS: Final = 400  # remembered
FOLDER: Final = Path(__file__).parent / "data" / "packs"


class Library:
    """Packs in a folder, one folder a jurisdiction, one file a version. Read when first needed.

    `own`: more of them, beside those of the folder; of one version that of `own` holds. `withdrawn`: the
    day by version from which one of these holds no more, as if it had never been; days before are its own.
    """

    def __init__(
        self,
        folder: Path = FOLDER,
        own: Iterable[Pack] = (),
        withdrawn: Mapping[str, date] | None = None,
    ) -> None:
        self.folder: Final = folder
        self.own: Final = tuple(own)
        self.withdrawn: Final = dict(withdrawn or {})
        self._versions: dict[str, tuple[Pack, ...]] = {}
        self._number_starts: dict[tuple[str, date], dict[str, str]] = {}
        names = {path.name for path in folder.iterdir() if path.is_dir()}
        self.ids: Final = frozenset(names | {pack.id for pack in self.own})

    def find(self, pack_id: str, day: date) -> Pack | None:
        """The version of a pack that holds on a day; None: there is no such jurisdiction here.

        Of days before the first version nothing is on file: the first one that ships stands for them, and
        never one of `own`, which holds from its day on. A version that ended without a next one holds no
        more: then there is none.

        Raises:
            PackError: a file of it cannot be used.
        """
        if pack_id not in self.ids:
            return None
        versions = self._standing(pack_id, day)
        past = [pack for pack in versions if pack.effective_from <= day]
        found = past[-1] if past else self._first(versions)
        if found is None:
            return None
        is_over = found.effective_to is not None and day > found.effective_to
        return None if is_over else found

    def _standing(self, pack_id: str, day: date) -> tuple[Pack, ...]:
        """Its versions but for those that were taken back by that day."""
        gone = {version for version, since in self.withdrawn.items() if day >= since}
        versions = self._read(pack_id)
        return tuple(pack for pack in versions if pack.version not in gone) if gone else versions

    def _first(self, versions: tuple[Pack, ...]) -> Pack | None:
        own = {pack.version for pack in self.own}
        return next((pack for pack in versions if pack.version not in own), None)

    def packs_on(self, day: date) -> Iterator[Pack]:
        """Every pack that holds on a day. Never raises: one that cannot be read is told in the log."""
        for pack_id in self.ids:
            try:
                pack = self.find(pack_id, day)
            except (ValueError, OSError) as error:
                log.warning("rules not read", country=pack_id, error=str(error))
                continue
            if pack is not None:
                yield pack

    def find_version(self, version: str) -> Pack | None:
        """A pack by its version, as FR@2026-11-01; None: there is none.

        Raises:
            PackError: a file of that jurisdiction cannot be used.
        """
        pack_id = version.partition("@")[0]
        found = self._read(pack_id) if pack_id in self.ids else ()
        return next((pack for pack in found if pack.version == version), None)

    def list_versions(self) -> list[str]:
        """Of every pack, by the names of their files alone: FR@2026-11-01."""
        shipped = {f"{path.parent.name}@{path.stem}" for path in self.iter_files()}
        return sorted(shipped | {pack.version for pack in self.own})

    @property
    def versions(self) -> dict[str, tuple[Pack, ...]]:
        """Those that were read so far."""
        return self._versions

    def _read(self, pack_id: str) -> tuple[Pack, ...]:
        if pack_id not in self._versions:
            files = sorted((self.folder / pack_id).glob("*.toml"))
            found = {pack.effective_from: pack for pack in map(read_pack, files)}
            found |= {pack.effective_from: pack for pack in self.own if pack.id == pack_id}
            self._versions[pack_id] = tuple(found[day] for day in sorted(found))
        return self._versions[pack_id]

    def iter_files(self) -> Iterator[Path]:
        """Every file of every pack, in order."""
        for pack_id in sorted(self.ids):
            yield from sorted((self.folder / pack_id).glob("*.toml"))

    def parts_of(self, country: str) -> list[str]:
        """The packs for parts of a country: US-FL, US-TX and so on."""
        return sorted(name for name in self.ids if name.startswith(f"{country}-"))

    def part_of_number(self, e164: str, country: str, day: date) -> str:
        """The part of a country in which such numbers are handed out, "" where nothing tells."""
        starts = self._starts(country, day)
        lengths = {len(start) for start in starts}
        return next((starts[e164[:n]] for n in lengths if e164[:n] in starts), "")

    def _starts(self, country: str, day: date) -> dict[str, str]:
        key = (country, day)
        if key not in self._number_starts:
            if len(self._number_starts) > _MOST_DAYS:
                self._number_starts.clear()
            packs = (self.find(name, day) for name in self.parts_of(country))
            self._number_starts[key] = {
                start: pack.id for pack in packs if pack for start in pack.number_starts
            }
        return self._number_starts[key]


class WithVersion(Library):
    """A library in which one version of a pack holds on every day: to try its vectors."""

    def __init__(self, library: Library, pack: Pack) -> None:
        super().__init__(library.folder, library.own, library.withdrawn)
        self._versions = dict(library.versions)
        self._pack = pack

    def find(self, pack_id: str, day: date) -> Pack | None:
        return self._pack if pack_id == self._pack.id else super().find(pack_id, day)


class Amended(Library):
    """A library with one more version of a pack, from its day on: to see what it would change."""

    def __init__(self, library: Library, pack: Pack) -> None:
        super().__init__(library.folder, library.own, library.withdrawn)
        self._versions = dict(library.versions)
        self._pack = pack

    def _read(self, pack_id: str) -> tuple[Pack, ...]:
        if pack_id != self._pack.id:
            return super()._read(pack_id)
        day = self._pack.effective_from
        others = super()._read(pack_id) if pack_id in self.ids else ()
        kept = [pack for pack in others if pack.effective_from != day]
        return tuple(sorted([*kept, self._pack], key=lambda pack: pack.effective_from))

    def find(self, pack_id: str, day: date) -> Pack | None:
        """As that of the library; before its day the version stands for nothing."""
        if pack_id == self._pack.id and pack_id not in self.ids:
            return self._pack if day >= self._pack.effective_from else None
        return super().find(pack_id, day)


class Pinned(Library):
    """The packs that ship, but for these versions, which hold on every day: as a proof names them."""

    def __init__(self, library: Library, packs: Iterable[Pack]) -> None:
        super().__init__(library.folder, packs)
        self._pins = {pack.id: pack for pack in self.own}

    def find(self, pack_id: str, day: date) -> Pack | None:
        return self._pins.get(pack_id) or super().find(pack_id, day)


class Without(Library):
    """A library without one version of its own, from a day on: to see what taking it back would change."""

    def __init__(self, library: Library, pack: Pack, day: date) -> None:
        super().__init__(library.folder, library.own, {**library.withdrawn, pack.version: day})
        self._versions = dict(library.versions)


_own: list[Pack] = []
_withdrawn: dict[str, date] = {}
_instead: list[Library] = []
_forgetters: list[Callable[[], None]] = []


def shipped_library() -> Library:
    """The packs that come with Textwell, and those that this process was told to use beside them."""
    return _instead[-1] if _instead else _known_library()


@lru_cache(maxsize=1)
def _known_library() -> Library:
    return Library(own=_own, withdrawn=_withdrawn)


@contextmanager
def library_instead(library: Library) -> Iterator[None]:
    """Have all be judged by these packs meanwhile. For a process with one thread that asks."""
    _instead.append(library)
    forget_judged()
    try:
        yield
    finally:
        _instead.pop()
        forget_judged()


def kept_with_packs(*, maxsize: int) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """`lru_cache` for what rests on `shipped_library`: forgotten as soon as other packs are used."""

    def keep(function: Callable[P, T]) -> Callable[P, T]:
        kept = lru_cache(maxsize=maxsize)(function)
        _forgetters.append(kept.cache_clear)
        return cast("Callable[P, T]", kept)

    return keep


def use_own_packs(packs: Iterable[Pack], withdrawn: Mapping[str, date] | None = None) -> None:
    """Have `shipped_library` hold these too, from now on; what was judged by others is forgotten."""
    _own[:] = packs
    _withdrawn.clear()
    _withdrawn.update(withdrawn or {})
    forget_judged()


def forget_judged() -> None:
    """Read the packs anew and judge everything once more.

    What another thread was just judging is remembered after this, by packs of before: whoever changes
    them while others judge calls it again when that is over.
    """
    _known_library.cache_clear()
    for forget in _forgetters:
        forget()

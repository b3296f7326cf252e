"""All packs: which version holds on a day, and which packs hold for a place."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Final

from textwell.compliance.reading import read_pack
from textwell.compliance.schema import Pack

FOLDER: Final = Path(__file__).parent / "data" / "packs"


class Library:
    """Packs in a folder, one folder a jurisdiction, one file a version. Read when first needed."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder
        self._versions: dict[str, tuple[Pack, ...]] = {}
        self.ids: Final = frozenset(path.name for path in folder.iterdir() if path.is_dir())

    def find(self, pack_id: str, day: date) -> Pack | None:
        """The version of a pack that holds on a day; None: there is no such jurisdiction here.

        Of days before the first version nothing is on file: the first one stands for them.

        Raises:
            PackError: a file of it cannot be used.
        """
        if pack_id not in self.ids:
            return None
        versions = self._read(pack_id)
        past = [pack for pack in versions if pack.effective_from <= day]
        return past[-1] if past else versions[0]

    def _read(self, pack_id: str) -> tuple[Pack, ...]:
        if pack_id not in self._versions:
            files = sorted((self._folder / pack_id).glob("*.toml"))
            self._versions[pack_id] = tuple(read_pack(path) for path in files)
        return self._versions[pack_id]

    def iter_files(self) -> Iterator[Path]:
        """Every file of every pack, in order."""
        for pack_id in sorted(self.ids):
            yield from sorted((self._folder / pack_id).glob("*.toml"))

    def parts_of(self, country: str) -> list[str]:
        """The packs for parts of a country: US-FL, US-TX and so on."""
        return sorted(name for name in self.ids if name.startswith(f"{country}-"))


@lru_cache(maxsize=1)
def shipped_library() -> Library:
    """The packs that come with Textwell."""
    return Library()

"""The coarse place of an address, country and region, from a file of the operator's in MMDB form.

Asked where clicks are judged, never in a request. Nothing finer is read from the file, nothing is
sent anywhere, and without a file nothing is guessed.
"""

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NamedTuple

import maxminddb
import structlog
from maxminddb import InvalidDatabaseError

log = structlog.get_logger()

_LOOK_S: Final = 60.0  # how often a file is looked at for a newer one
_LONGEST_REGION: Final = 80
_COUNTRY_LENGTH: Final = 2


class Place(NamedTuple):
    """ISO 3166-1 and the region's English name; empty: not known."""

    country: str = ""
    region: str = ""


NOWHERE: Final = Place()


def open_geo_file(path: Path) -> maxminddb.Reader:
    """The file, opened. Raises OSError: it cannot be read; InvalidDatabaseError: it is no MMDB."""
    return maxminddb.open_database(path)


def read_place(record: object) -> Place:
    """The country and region of a record, as the makers of such files write them.

    MaxMind and DB-IP nest them (`country.iso_code`, `subdivisions`), IPinfo has them flat
    (`country_code` or `country`, `region`).
    """
    if not isinstance(record, dict):
        return NOWHERE
    nested = record.get("country")
    code = nested.get("iso_code") if isinstance(nested, dict) else None
    code = code or record.get("country_code") or nested
    if not isinstance(code, str) or len(code) != _COUNTRY_LENGTH or not code.isalpha():
        return NOWHERE
    return Place(code.upper(), _region_of(record)[:_LONGEST_REGION])


def _region_of(record: dict[str, Any]) -> str:  # Any: whatever the file's maker put there
    subdivisions = record.get("subdivisions")
    if isinstance(subdivisions, list) and subdivisions and isinstance(subdivisions[0], dict):
        first = subdivisions[0]
        names = first.get("names")
        name = names.get("en") if isinstance(names, dict) else None
        return str(name or first.get("iso_code") or "")
    region = record.get("region")
    return region if isinstance(region, str) else ""


class GeoFile:
    """One file, opened when it is first asked, and again when another has taken its place.

    A file that is missing or broken answers nothing, says so once in the log, and is tried again
    within a minute. Safe for several threads.
    """

    def __init__(self, path: Path, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._path = path
        self._clock = clock
        self._lock = threading.Lock()
        self._reader: maxminddb.Reader | None = None
        self._version: tuple[int, int] | None = None  # inode and time of the file that is open
        self._looked_at: float | None = None

    def find(self, ip: str) -> Place:
        """Where an address (as `ipaddress` writes it) is; NOWHERE if the file does not say."""
        with self._lock:
            self._look()
            if self._reader is None:
                return NOWHERE
            try:
                return read_place(self._reader.get(ip))
            except ValueError:  # an IPv6 address in a file of IPv4 alone
                return NOWHERE
            except InvalidDatabaseError as error:
                self._give_up(error)
                return NOWHERE

    def _look(self) -> None:
        at = self._clock()
        if self._looked_at is not None and at - self._looked_at < _LOOK_S:
            return
        self._looked_at = at
        try:
            found = self._path.stat()
            version = (found.st_ino, found.st_mtime_ns)
            if version != self._version:
                self._reader = open_geo_file(self._path)
                self._version = version
        except (OSError, InvalidDatabaseError) as error:
            self._give_up(error)

    def _give_up(self, error: Exception) -> None:
        if self._reader is not None or self._version is None:
            log.warning("clicks get no place", file=str(self._path), error=str(error))
        self._reader, self._version = None, (0, 0)


_files: dict[str, GeoFile] = {}


def find_place(geo_file: str, ip: str | None) -> Place:
    """Where an address is by the file at this path; NOWHERE without a file or an address."""
    if not geo_file or not ip:
        return NOWHERE
    return _files.setdefault(geo_file, GeoFile(Path(geo_file))).find(ip)

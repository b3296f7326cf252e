"""Compiled catalogs (`.mo`) beside the readable ones (`.po`): made when missing or of another text.

Each compiled one ends with the digest of its source, behind what gettext reads: times of files say
nothing in a wheel, whose installer writes them in any order.

A wheel brings them compiled; a checkout compiles them when Textwell is first run.
"""

import hashlib
import io
from pathlib import Path

import structlog

from textwell.core.settings import PACKAGE_DIR

log = structlog.get_logger()

LOCALE_DIR = PACKAGE_DIR / "locale"


def stale_catalogs(folder: Path = LOCALE_DIR) -> list[Path]:
    """Readable catalogs whose compiled form is missing or was made of another text."""
    return [
        source
        for source in sorted(folder.glob("*/LC_MESSAGES/*.po"))
        if not (target := source.with_suffix(".mo")).exists()
        or not target.read_bytes().endswith(_stamp(source))
    ]


def _stamp(source: Path) -> bytes:
    return b"\n# source: sha256 " + hashlib.sha256(source.read_bytes()).hexdigest().encode()


def compile_catalog(source: Path) -> None:
    """Write the `.mo` beside a `.po`, in one step, so that a reader never sees half of it."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with source.open("rb") as file:
        catalog = read_po(file, locale=source.parent.parent.name)
    compiled = io.BytesIO()
    write_mo(compiled, catalog)
    compiled.write(_stamp(source))
    fresh = source.with_suffix(".mo.new")
    fresh.write_bytes(compiled.getvalue())
    fresh.replace(source.with_suffix(".mo"))


def compile_catalogs(folder: Path = LOCALE_DIR) -> int:
    """Compile what is stale; answers how many. Where the folder is read-only: a log line."""
    count = 0
    for source in stale_catalogs(folder):
        try:
            compile_catalog(source)
        except PermissionError:
            log.warning("catalog not compiled: folder is read-only", catalog=str(source))
            continue
        count += 1
    return count

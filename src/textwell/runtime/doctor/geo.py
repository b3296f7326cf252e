"""The file that says where clicks come from."""

import time
from collections.abc import Iterator
from pathlib import Path

from maxminddb import InvalidDatabaseError

from textwell.core.settings import Settings
from textwell.links.geo import open_geo_file
from textwell.runtime.doctor.types import Finding, bad, ok, warn

DAY_S = 86_400
OLD_DAYS = 90
GET_ONE = "Put a country or city file in MMDB form there, or unset TEXTWELL_GEO_FILE."


def check_geo(settings: Settings) -> Iterator[Finding]:
    """Missing, unreadable, broken or old; nothing where none is set."""
    if not settings.geo_file:
        return
    path = Path(settings.geo_file)
    try:
        with open_geo_file(path) as reader:
            metadata = reader.metadata()
    except FileNotFoundError:
        yield bad("geo", f"{path} does not exist: clicks get no place", GET_ONE)
        return
    except OSError as error:
        mend = "Let the user that runs Textwell read it."
        yield bad("geo", f"{path} cannot be read: {error.strerror or error}", mend)
        return
    except InvalidDatabaseError:
        yield bad("geo", f"{path} is no MMDB file: clicks get no place", GET_ONE)
        return
    days = int((time.time() - metadata.build_epoch) // DAY_S)
    text = f"{metadata.database_type}, {days} days old, in {path}"
    if days > OLD_DAYS:
        yield warn("geo", text, "Addresses move: get a newer file from where it came from.")
    else:
        yield ok("geo", text)

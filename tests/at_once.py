"""Two writers that meet in the database: one holds what the other waits for."""

import time

import pytest
from django.db import connection

PATIENCE_S = 20


def until_somebody_waits() -> None:
    """Return when a lock is waited for."""
    ends_at = time.monotonic() + PATIENCE_S
    while time.monotonic() < ends_at:
        with connection.cursor() as raw:
            raw.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if raw.fetchone()[0]:
                return
        time.sleep(0.02)
    pytest.fail("the second writer never met the first")

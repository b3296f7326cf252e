"""Why a PostgreSQL of ours went down is read from its log: those who connect are not told."""

from pathlib import Path

import pytest

from textwell.core.settings import Settings
from textwell.runtime.readiness import postgres_mend, stop_reason

READY = "2026-11-26 12:01:53.758 UTC [21678] LOG:  database system is ready to accept connections"
PANIC = (
    "2026-11-26 12:02:04.213 UTC [21835] PANIC:"
    '  could not write to file "pg_wal/xlogtemp.21835": No space left on device'
)
RECOVERS = "2026-11-26 12:02:04.253 UTC [21848] FATAL:  the database system is in recovery mode"
REASON = 'could not write to file "pg_wal/xlogtemp.21835": No space left on device'


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ([READY, PANIC, RECOVERS], REASON),
        ([READY, PANIC, RECOVERS, READY], ""),
        ([READY, RECOVERS], ""),
        ([READY, PANIC.replace("PANIC", "FATAL"), RECOVERS], REASON),
        (["x" * 200_000, PANIC], REASON),
    ],
)
def test_the_last_word_of_a_server_that_is_not_back(
    tmp_path: Path, lines: list[str], reason: str
) -> None:
    log = tmp_path / "postgres.log"
    log.write_text("\n".join(lines) + "\n")

    assert stop_reason(log) == reason


def test_where_there_is_no_log_nothing_is_known(tmp_path: Path) -> None:
    assert stop_reason(tmp_path / "postgres.log") == ""


def test_a_server_that_stopped_for_want_of_room_is_mended_by_room(tmp_path: Path) -> None:
    assert postgres_mend(Settings(data=tmp_path), REASON).startswith(f"Free space under {tmp_path}")

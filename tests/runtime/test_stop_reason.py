"""Why a PostgreSQL of ours went down is read from its log: those who connect are not told."""

from pathlib import Path

import pytest

from textwell.core.settings import Settings
from textwell.runtime.readiness import PostgresProblem, down_problem, postgres_mend
from textwell.runtime.stop_reasons import stop_reason

READY = "2026-11-26 12:01:53.758 UTC [21678] LOG:  database system is ready to accept connections"
PANIC = (
    "2026-11-26 12:02:04.213 UTC [21835] PANIC:"
    '  could not write to file "pg_wal/xlogtemp.21835": No space left on device'
)
RECOVERS = "2026-11-26 12:02:04.253 UTC [21848] FATAL:  the database system is in recovery mode"
KILLED_REASON = "server process (PID 12) was terminated by signal 9: Killed"
KILLED = f"2026-11-26 12:02:04 UTC [9] LOG:  {KILLED_REASON}"
STARTS = "2026-11-26 12:02:05 UTC [9] LOG:  starting PostgreSQL 18.6 on x86_64"
DAMAGED = "2026-11-26 12:02:05 UTC [9] PANIC:  could not locate a valid checkpoint record at 0/1"
ABORTED = (
    "2026-11-26 12:02:05 UTC [9] LOG:  startup process (PID 9) was terminated by signal 6: Aborted"
)
BAD_SETTING = (
    '2026-11-26 12:02:05 GMT [9] FATAL:  configuration file "postgresql.conf" contains errors'
)
OLD_FILES = "2026-11-26 12:02:05 UTC [9] FATAL:  could not access the server's files"
SHUT_DOWN = "2026-11-26 12:02:05 UTC [9] LOG:  database system is shut down"
WRONG_ROLE = '2026-11-26 12:02:05 UTC [9] FATAL:  role "x" does not exist'
ADMIN = "2026-11-26 12:02:05 UTC [9] FATAL:  terminating connection due to administrator command"
REASON = 'could not write to file "pg_wal/xlogtemp.21835": No space left on device'


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ([READY, PANIC, RECOVERS], REASON),
        ([READY, PANIC, RECOVERS, READY], ""),
        ([READY, RECOVERS], ""),
        ([READY, PANIC.replace("PANIC", "FATAL"), RECOVERS], REASON),
        (["x" * 200_000, PANIC], REASON),
        ([READY, KILLED, RECOVERS], KILLED_REASON),
        ([READY, KILLED, RECOVERS, READY], ""),
        ([READY, STARTS, DAMAGED, ABORTED], "could not locate a valid checkpoint record at 0/1"),
        ([READY, BAD_SETTING], 'configuration file "postgresql.conf" contains errors'),
        ([READY, STARTS, OLD_FILES, SHUT_DOWN], "could not access the server's files"),
        ([READY, WRONG_ROLE], ""),
        ([READY, ADMIN, SHUT_DOWN], ""),
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
    assert postgres_mend(Settings(data=tmp_path), PostgresProblem("", REASON)).startswith(
        f"Free space under {tmp_path}"
    )


def test_a_dead_server_tells_its_cause_and_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    log = tmp_path / "logs" / "postgres.log"
    log.write_text(f"{READY}\n{BAD_SETTING}\n")

    told = down_problem(Settings(data=tmp_path), "postgres")

    assert told.startswith(
        'is down; it stopped: configuration file "postgresql.conf" contains errors. '
    )
    assert str(log) in told


def test_a_dead_server_without_a_cause_names_its_log(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    log = tmp_path / "logs" / "nats.log"
    log.touch()

    assert str(log) in down_problem(Settings(data=tmp_path), "nats")


@pytest.mark.parametrize(
    ("stopped", "told"), [("out of luck; truly", "; it stopped: out of luck; truly"), ("", "")]
)
def test_why_it_stopped_is_told_beside_the_cause(stopped: str, told: str) -> None:
    problem = PostgresProblem("no such file", stopped)

    assert (problem.told_stop, str(problem)) == (told, f"no such file{told}")

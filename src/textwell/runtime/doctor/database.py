"""PostgreSQL, its migrations and clock, and what its rows say about gateways and jobs."""

import os
from collections.abc import Iterator
from datetime import timedelta

import psycopg

from textwell.core.clock import now
from textwell.core.settings import Settings
from textwell.core.stores import SOCKET_NAME, socket_dir
from textwell.runtime.doctor.gateways import check_gateways
from textwell.runtime.doctor.hosts import check_link_hosts
from textwell.runtime.doctor.types import Finding, bad, ok, warn
from textwell.runtime.readiness import postgres_mend, postgres_problem

OLDEST_POSTGRES = 15
FOLLOW = "Let every machine follow a time server (chrony, timesyncd)."
CLOCK_S = 2.0  # quiet hours and receipts are judged by the second
OLD_JOB_S = 300


def check_database(settings: Settings) -> Iterator[Finding]:
    problem = postgres_problem(settings)
    if problem:
        is_off = not settings.database_url and not _has_socket(settings)
        text = f"does not run{problem.told_stop}" if is_off else f"does not answer: {problem}"
        yield bad("postgres", text, postgres_mend(settings, problem))
        return
    with psycopg.connect(settings.dsn(), autocommit=True, connect_timeout=3) as connection:
        yield from _check_server(connection)
        yield from _check_clock(connection)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "textwell.config.settings")
    import django

    django.setup()
    yield from _check_rows()


def _has_socket(settings: Settings) -> bool:
    """Whether PostgreSQL in the data folder runs, or died without a word."""
    return (socket_dir(settings.data_dir) / SOCKET_NAME.removeprefix("/")).exists()


def _check_server(connection: "psycopg.Connection[tuple[object, ...]]") -> Iterator[Finding]:
    major, minor = divmod(connection.info.server_version, 10_000)
    if major < OLDEST_POSTGRES:
        mend = f"Use PostgreSQL {OLDEST_POSTGRES} or newer."
        yield bad("postgres", f"version {major} is too old", mend)
    else:
        yield ok("postgres", f"answers, version {major}.{minor}")
    for name in ("fsync", "synchronous_commit", "full_page_writes"):
        row = connection.execute("SELECT current_setting(%s)", [name]).fetchone()
        if row is not None and row[0] == "off":
            mend = f"Set {name} = on in postgresql.conf and restart it."
            yield bad("postgres", f"{name} is off: a power cut loses messages", mend)


def _check_clock(connection: "psycopg.Connection[tuple[object, ...]]") -> Iterator[Finding]:
    row = connection.execute("SELECT extract(epoch FROM clock_timestamp())::float8").fetchone()
    assert row is not None
    difference_s = abs(now().timestamp() - float(str(row[0])))
    if difference_s > CLOCK_S:
        text = f"this machine and PostgreSQL differ by {difference_s:.1f} s"
        yield bad("clock", text, FOLLOW)
    else:
        yield ok("clock", f"agrees with PostgreSQL within {difference_s * 1000:.0f} ms")


def check_past() -> Iterator[Finding]:
    """A clock that agrees with PostgreSQL of the same machine may be wrong all the same."""
    from textwell.accounts.models import AuditEntry

    newest = AuditEntry.objects.order_by("-id").values_list("at", flat=True).first()
    if newest is not None and newest > now() + timedelta(seconds=CLOCK_S):
        text = f"the newest change in the audit log is of {newest:%Y-%m-%d %H:%M} UTC, which is to come"
        yield warn("clock", f"{text}: the clock is behind, or was ahead then", FOLLOW)


def _check_rows() -> Iterator[Finding]:
    from textwell.runtime.migrate import pending_migrations

    pending = pending_migrations()
    if pending:
        text = f"{len(pending)} not applied, the first is {pending[0]}"
        yield bad("migrations", text, "textwell run applies them.")
        return
    yield ok("migrations", "all applied")
    yield from check_past()
    yield from _check_owner()
    yield from check_gateways()
    yield from check_link_hosts()
    yield from _check_jobs()
    yield from _check_quarantine()


def _check_owner() -> Iterator[Finding]:
    from textwell.accounts.models import Membership, Role

    if Membership.objects.filter(role=Role.OWNER).exists():
        yield ok("owner", "somebody owns a workspace")
    else:
        mend = "Open the pages and follow /welcome, or: textwell owner create --email YOU@EXAMPLE"
        yield warn("owner", "nobody owns a workspace yet", mend)


def _check_jobs() -> Iterator[Finding]:
    from textwell.core.models import Job, JobState

    waiting = Job.objects.filter(
        state=JobState.WAITING, created_at__lt=now() - timedelta(seconds=OLD_JOB_S)
    ).count()
    failed = Job.objects.filter(
        state=JobState.FAILED, finished_at__gt=now() - timedelta(days=1)
    ).count()
    if waiting:
        mend = "Start more workers: textwell run --role worker"
        yield warn("jobs", f"{waiting} wait for more than five minutes", mend)
    if failed:
        yield warn(
            "jobs",
            f"{failed} failed since yesterday",
            "Their pages say why; an import can be resumed there.",
        )
    if not waiting and not failed:
        yield ok("jobs", "none waits long, none failed since yesterday")


def _check_quarantine() -> Iterator[Finding]:
    from textwell.core.quarantine import describe_counts
    from textwell.runtime.quarantine import MEND, count_quarantined

    told = describe_counts(count_quarantined())
    yield warn("quarantine", told, MEND) if told else ok("quarantine", "nothing is set aside")

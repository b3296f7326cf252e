"""Migrations under a lock: however many processes start at once, one migrates, the others wait."""

import psycopg
import structlog

from textwell.core.db import advisory_key
from textwell.core.errors import StoreUnavailable
from textwell.core.room import free_and_start
from textwell.core.settings import Settings
from textwell.runtime.readiness import PostgresProblem, cause_of, postgres_mend

log = structlog.get_logger()

LOCK = advisory_key("textwell.migrate")


def pending_migrations() -> list[str]:
    """Names of migrations not yet applied, in order. Django must be set up.

    Raises:
        django.db.utils.OperationalError: PostgreSQL cannot be reached.
    """
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    targets = executor.loader.graph.leaf_nodes()
    return [f"{step.app_label}.{step.name}" for step, _back in executor.migration_plan(targets)]


def migrate(settings: Settings) -> list[str]:
    """Apply what is pending; answers the names. Safe to call from many processes at once.

    Raises:
        StoreUnavailable: PostgreSQL cannot be reached, or has no room for them.
    """
    from django.core.management import call_command
    from django.db import DatabaseError

    try:
        guard = psycopg.connect(settings.dsn(), autocommit=True)
    except psycopg.OperationalError as error:
        problem = PostgresProblem(cause_of(error))
        text = f"PostgreSQL cannot be used: {problem}. {postgres_mend(settings, problem)}"
        raise StoreUnavailable(text) from None
    with guard:
        guard.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        names = pending_migrations()
        if names:
            log.info("migrating", count=len(names), first=names[0])
            try:
                call_command("migrate", verbosity=0, interactive=False)
            except DatabaseError as error:
                if not isinstance(error.__cause__, psycopg.errors.DiskFull):
                    raise
                raise StoreUnavailable(_told_full(settings, error.__cause__)) from None
    return names


def _told_full(settings: Settings, error: psycopg.Error) -> str:
    return (
        f"The migrations stopped, as the disk of PostgreSQL is full: {cause_of(error)}. "
        f"{free_and_start(settings)} It goes on where it stopped."
    )

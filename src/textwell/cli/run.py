"""`textwell run`: the stores and every role in one process tree, or one role alone."""

from typing import TYPE_CHECKING

import click

from textwell.runtime.rolelist import ROLE_NAMES

if TYPE_CHECKING:
    from textwell.core.settings import Settings


@click.command()
@click.option(
    "--role",
    type=click.Choice(ROLE_NAMES),
    help="Only this role; DATABASE_URL and NATS_URL, or the stores of the data folder, must run.",
)
def command(role: str | None) -> None:
    """Start Textwell; Ctrl-C drains and stops it.

    Without --role: PostgreSQL and NATS (unless DATABASE_URL and NATS_URL name yours), then
    migrations, then every role as a process of its own.
    """
    if role is None:
        run_everything()
    else:
        run_alone(role)


def run_everything() -> None:
    from textwell.core.catalogs import compile_catalogs
    from textwell.core.logs import configure_logs
    from textwell.core.settings import load_settings
    from textwell.runtime.boot import leave_in_order, start_django
    from textwell.runtime.forkserver import warm_up
    from textwell.runtime.migrate import migrate
    from textwell.runtime.ports import claim_ports, ports_of
    from textwell.runtime.readiness import require_stores
    from textwell.runtime.stores import open_stores
    from textwell.runtime.supervisor import Supervisor

    settings = load_settings()
    configure_logs("supervisor")
    leave_in_order()
    warn_of_unknown()
    claim_ports(settings.bind_host, ports_of(settings))
    warm_up()  # while the stores start
    stores = open_stores(settings)
    try:
        require_stores(settings)
        compile_catalogs()
        start_django("supervisor")
        migrate(settings)
        click.echo(f"Textwell runs at {settings.public_url} (Ctrl-C stops it)", err=True)
        tell_setup_code(settings.public_url)
    except BaseException:
        stores.close()
        raise
    Supervisor(settings=settings, stores=stores, companions=companions_of(settings)).run()


def companions_of(settings: "Settings") -> dict[str, list[str]]:
    """What runs beside the roles, by name."""
    from textwell.runtime.ports import SIMULATOR

    return {SIMULATOR: simulator_command(settings)} if settings.simulator else {}


def simulator_command(settings: "Settings") -> list[str]:
    """The carrier in a box, for the first gateway; quiet people, every text is delivered."""
    port = str(settings.simulator_port)
    return ["simulate", "carrier", "--quiet", "--script", "calm", "--port", port]


def tell_setup_code(public_url: str) -> None:
    """Where nobody is yet: how the first person gets in."""
    from django.db import connections

    from textwell.accounts.setup import is_setup_needed, setup_code

    try:
        if is_setup_needed():
            click.echo(
                f"Nobody is here yet: open {public_url}/welcome and become the owner.\n"
                f"From another machine it asks for the set-up code {setup_code()}\n"
                "Without a browser: textwell owner create --email …, then textwell key create",
                err=True,
            )
    finally:
        connections.close_all()  # the supervisor itself keeps no connection


def warn_of_unknown() -> None:
    """A misspelt setting must not be silent."""
    from textwell.core.settings import unknown_variables

    for name, meant in unknown_variables():
        hint = f" Did you mean {meant}?" if meant else ""
        click.echo(f"textwell: {name} is no setting: nobody reads it.{hint}", err=True)


def run_alone(role: str) -> None:
    """One role; without a supervisor it migrates first, under the lock that all share."""
    import os

    from textwell.core.settings import load_settings
    from textwell.runtime.boot import PARENT_VARIABLE, start_django
    from textwell.runtime.launch import HTTP_ROLES, run_role
    from textwell.runtime.migrate import migrate
    from textwell.runtime.ports import claim_ports, ports_of
    from textwell.runtime.readiness import require_stores

    if PARENT_VARIABLE not in os.environ:
        settings = load_settings()
        if role in HTTP_ROLES:
            doors = [port for port in ports_of(settings, roles=[role]) if port.is_door]
            claim_ports(settings.bind_host, doors)
        if role != "edge":  # it needs no database, and keeps clicks while NATS is away
            require_stores(settings)
            start_django(role)
            migrate(settings)
    run_role(role)

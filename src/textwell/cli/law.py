"""`textwell law`: named days without the hours that we recommend, and how disputed rules are read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import click

from textwell.cli._ledger import BY, WORKSPACE, access_actor, access_workspace, open_ledger

_ID = click.argument("exception_id", type=click.IntRange(1, 2**63 - 1))


@click.group()
def command() -> None:
    """What a workspace chooses of the rules. What law asks is chosen by nobody."""


@contextmanager
def _refusals() -> Iterator[None]:
    """What an action refuses is one line."""
    from textwell.core.errors import TextwellError

    try:
        yield
    except TextwellError as error:
        raise click.UsageError(str(error)) from error


@command.command("days")
@WORKSPACE
def list_days(workspace: str | None) -> None:
    """Named days without the hours that we recommend, the latest first."""
    with open_ledger():
        from textwell.messaging.law_choices import list_exception_days

        for one in list_exception_days(access_workspace(workspace).id):
            click.echo(f"{one.id:>6}  {one.country}  {one.day}  {one.state:<9}  {one.name}")


@command.command("ask-day")
@click.argument("country")
@click.argument("day", type=click.DateTime(["%Y-%m-%d"]))
@click.option("--name", required=True, help="What the day is called, as Double 11.")
@click.option("--reason", required=True, help="Why; the audit log keeps it.")
@BY
@WORKSPACE
def ask_day(
    *, country: str, day: datetime, name: str, reason: str, email: str, workspace: str | None
) -> None:
    """Ask for a DAY on which the recommended hours of COUNTRY do not hold."""
    with open_ledger(), _refusals():
        from textwell.accounts.types import Permission
        from textwell.messaging.law_choices import ask_exception_day

        home = access_workspace(workspace)
        made = ask_exception_day(
            workspace_id=home.id,
            actor=access_actor(home, email, Permission.EDIT_CAMPAIGNS),
            country=country,
            day=day.date(),
            name=name,
            reason=reason,
        )
    click.echo(f"{made.id} waits for the word of somebody else: textwell law approve-day {made.id}")


@command.command("approve-day")
@_ID
@click.option("--give-back", is_flag=True, help="Give it back instead; --note says why.")
@click.option("--note", default="", help="Kept in the audit log.")
@BY
@WORKSPACE
def approve_day(
    *, exception_id: int, give_back: bool, note: str, email: str, workspace: str | None
) -> None:
    """Approve a day that somebody else asked for."""
    with open_ledger(), _refusals():
        from textwell.accounts.types import Permission
        from textwell.messaging.law_choices import decide_exception_day

        home = access_workspace(workspace)
        done = decide_exception_day(
            workspace_id=home.id,
            exception_id=exception_id,
            actor=access_actor(home, email, Permission.APPROVE_CAMPAIGN),
            is_approved=not give_back,
            note=note,
        )
    click.echo(f"{done.country} {done.day}: {done.state}")


@command.command("withdraw-day")
@_ID
@BY
@WORKSPACE
def withdraw_day(*, exception_id: int, email: str, workspace: str | None) -> None:
    """Have the recommended hours hold on that day again."""
    with open_ledger(), _refusals():
        from textwell.accounts.types import Permission
        from textwell.messaging.law_choices import withdraw_exception_day

        home = access_workspace(workspace)
        done = withdraw_exception_day(
            workspace_id=home.id,
            exception_id=exception_id,
            actor=access_actor(home, email, Permission.EDIT_CAMPAIGNS),
        )
    click.echo(f"{done.country} {done.day}: {done.state}")


@command.command("disputed")
@WORKSPACE
def disputed(workspace: str | None) -> None:
    """Rules that are read in more than one way; * is the reading that holds here."""
    with open_ledger():
        from textwell.core.clock import now
        from textwell.messaging.disputed import list_disputes
        from textwell.messaging.law_choices import list_chosen

        chosen = list_chosen(access_workspace(workspace).id)
        for one in list_disputes(now().date()):
            signed = chosen.get(one.rule)
            holds = signed is not None and one.is_read_leniently([signed.chosen_name])
            void = "" if holds else ", void: the rule says something else since"
            click.echo(one.rule + (f"  (signed by {signed.signed_by}{void})" if signed else ""))
            held = one.lenient if holds else one.strict
            for reading in one.readings:
                mark = "*" if reading == held else " "
                may = "  [may be chosen]" if reading == one.lenient and not holds else ""
                click.echo(f"  {mark} {reading.says}: {reading.by}{may}")


@command.command("choose")
@click.argument("rule")
@click.option("--signed-by", required=True, help="The full name of who answers for it.")
@click.option("--reason", required=True, help="Why; the audit log keeps it.")
@BY
@WORKSPACE
def choose(*, rule: str, signed_by: str, reason: str, email: str, workspace: str | None) -> None:
    """Read the disputed RULE (as CN:hours) the looser way."""
    with open_ledger(), _refusals():
        from textwell.accounts.types import Permission
        from textwell.messaging.law_choices import choose_reading

        home = access_workspace(workspace)
        done = choose_reading(
            workspace_id=home.id,
            actor=access_actor(home, email, Permission.MANAGE_WORKSPACE),
            rule=rule,
            signed_by=signed_by,
            reason=reason,
        )
    click.echo(f"{done.rule} is read as: {done.says}. Signed by {done.signed_by}.")


@command.command("strict")
@click.argument("rule")
@BY
@WORKSPACE
def strict(*, rule: str, email: str, workspace: str | None) -> None:
    """Read the disputed RULE the strict way again."""
    with open_ledger(), _refusals():
        from textwell.accounts.types import Permission
        from textwell.messaging.law_choices import end_reading

        home = access_workspace(workspace)
        actor = access_actor(home, email, Permission.MANAGE_WORKSPACE)
        end_reading(workspace_id=home.id, actor=actor, rule=rule)
    click.echo(f"{rule} is read the strict way.")

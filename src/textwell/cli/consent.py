"""`textwell consent`: is the ledger as it was written, its daily root, and what somebody wanted on a day."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import BinaryIO

import click

from textwell.cli._keys import KEYS, read_key_values
from textwell.cli._ledger import WORKSPACE, access_workspace, open_ledger

_DAY = click.DateTime(["%Y-%m-%d"])
_MOMENT = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"])


@click.group()
def command() -> None:
    """The consent ledger and its witnesses."""


@command.command()
@click.option("--workspace", type=int, help="Only this one, by its number.")
@click.option(
    "--against",
    type=click.File("rb"),
    help="Roots that were printed before, a line each: is the ledger still theirs?",
)
def verify(workspace: int | None, against: BinaryIO | None) -> None:
    """Walk every event and name the first that was changed, removed, moved or slipped in.

    The exit code is 1 if there is one. A ledger that was written anew as a whole shows only against
    roots that were kept elsewhere.
    """
    has_fault = False
    with open_ledger():
        from textwell.accounts.models import Workspace
        from textwell.consent.chain.verifying import verify_ledger

        found = Workspace.objects.order_by("id")
        for each in found if workspace is None else found.filter(id=workspace):
            verdict = verify_ledger(each.id)
            has_fault = has_fault or not verdict.is_whole
            told = (
                f"ok    {each.id} {each.name}: {verdict.fact_count} facts, chain {verdict.chain}"
                if verdict.is_whole
                else f"BAD   {each.id} {each.name}: {verdict.problem};"
                f" {verdict.fact_count} before it are whole"
            )
            click.echo(told)
        if against is not None:
            has_fault = _differs(against) or has_fault
    sys.exit(1 if has_fault else 0)


def _differs(lines: BinaryIO) -> bool:
    """Whether a root of these is not, or no more, one of the ledger."""
    from textwell.consent.chain.form import check_root
    from textwell.consent.chain.roots import has_root
    from textwell.core.signing import list_public_keys

    is_other = False
    for number, line in enumerate(filter(None, map(bytes.strip, lines)), 1):
        root, problem = check_root(line, {})
        if root is not None:
            keys = {key.key_id: key.value for key in list_public_keys(root.head.workspace)}
            root, problem = check_root(line, keys)
        if root is not None and not problem and not has_root(root.head):
            problem = f"the ledger of {root.head.day} is another one now"
        if problem:
            click.echo(f"BAD   root {number}: {problem}")
            is_other = True
    return is_other


@command.command()
@WORKSPACE
@click.option("--day", type=_DAY, help="YYYY-MM-DD in UTC; today as far as it goes if not given.")
def root(workspace: str | None, day: datetime | None) -> None:
    """Print the signed root of a day, one line: print it, mail it, keep it where nobody here can write."""
    with open_ledger():
        from textwell.consent.chain.form import write_line
        from textwell.consent.chain.roots import daily_root
        from textwell.consent.chain.sealing import seal_all_consents

        owner = access_workspace(workspace)
        seal_all_consents()
        wanted = day.date() if day else datetime.now(UTC).date()
        made = daily_root(owner.id, wanted)
    if made is None:
        raise click.ClickException(f"Nothing was sealed on {wanted}.")
    click.echo(write_line(made))


@command.command()
@WORKSPACE
@click.option(
    "--contact",
    "contact_id",
    type=click.IntRange(1, 2**63 - 1),
    required=True,
    help="The person's id; that of an erased one is still good.",
)
@click.option("--at", type=_MOMENT, required=True, help="Day (its end) or moment, in UTC.")
@click.option("--channel", default="sms", show_default=True, help="sms or email.")
@click.option("--purpose", default="marketing", show_default=True, help="What it was for.")
@click.option("--topic", default="", help="Of this topic; the general answer if not given.")
@click.option("--brand", default="", help="Of texts in this name.")
@click.option("--sender", default="", help="Of texts from this sender.")
def prove(
    *, workspace: str | None, contact_id: int, at: datetime, channel: str, purpose: str,
    topic: str, brand: str, sender: str,
) -> None:  # fmt: skip
    """Write the event that counted for a person at a moment, with its proof, to standard output.

    Give the line, and what `textwell signing-key public` prints, to whoever is to check it.
    """
    with open_ledger():
        from textwell.consent.chain.form import write_line
        from textwell.consent.chain.roots import prove_state
        from textwell.consent.types import ConsentScope

        made = prove_state(
            access_workspace(workspace).id, contact_id, _moment(at),
            channel=channel, purpose=purpose, scope=ConsentScope(topic, brand, sender),
        )  # fmt: skip
    if made is None:
        raise click.ClickException("Nothing was on record of this person then.")
    click.echo(write_line(made))


def _moment(given: datetime) -> datetime:
    is_day = given.time() == time()
    return (datetime.combine(given, time.max) if is_day else given).replace(tzinfo=UTC)


@command.command()
@click.argument("file", type=click.File("rb"))
@KEYS
def check(file: BinaryIO, key_files: tuple[Path, ...]) -> None:
    """Check the proofs in FILE (`-`: standard input) without any database, and tell what they say.

    The exit code is 1 if one is not genuine.
    """
    from textwell.consent.chain.form import check_proof

    keys = read_key_values(key_files)
    has_fault = False
    for number, line in enumerate(file, 1):
        checked = check_proof(line.removesuffix(b"\n"), keys)
        has_fault = has_fault or bool(checked.problem)
        if checked.problem:
            click.echo(f"BAD   line {number}: {checked.problem}")
            continue
        said = checked.fields
        scope = " ".join(str(said[name]) for name in ("topic", "brand", "sender") if said[name])
        click.echo(
            f"ok    line {number}: {said['kind']} of contact {said['contact']} for {said['purpose']}"
            f" by {said['channel']}{' ' + scope if scope else ''}, given {_time(said['given_at'])},"
            f" recorded {_time(said['recorded_at'])}, source {said['source']!r},"
            f" event {said['event']}, root of {date.fromisoformat(checked.day)}"
        )
    sys.exit(1 if has_fault else 0)


def _time(micros: object) -> str:
    return f"{datetime.fromtimestamp(int(str(micros)) // 1_000_000, UTC):%Y-%m-%dT%H:%M:%SZ}"

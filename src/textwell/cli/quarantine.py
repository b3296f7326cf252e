"""`textwell quarantine`: items that could not be stored, why, and what becomes of them."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import click

from textwell.cli._ledger import open_ledger

if TYPE_CHECKING:
    from textwell.core.models import QuarantinedItem

NUMBERS = click.argument("numbers", type=click.IntRange(1, 2**63 - 1), nargs=-1)
ALL = click.option("--all", "is_all", is_flag=True, help="All that are set aside.")
STREAM = click.option("--stream", help="Only of this one: DLR, MO, CLICK, EVENT, OUTCOME.")


@click.group()
def command() -> None:
    """Items set aside because they themselves cannot be stored."""


@command.command("list")
@STREAM
def list_items(stream: str | None) -> None:
    """One line for each, the oldest first: number, stream, since when, why."""
    with open_ledger():
        from textwell.core.models import QuarantinedItem

        found = QuarantinedItem.objects.order_by("id").defer("payload")
        if stream:
            found = found.filter(stream=stream.upper())
        for item in found.iterator():
            why = item.error.partition("\n")[0]
            click.echo(f"{item.id}  {item.stream}  {item.stored_at:%Y-%m-%d %H:%M:%S}Z  {why}")
        if not found.exists():
            click.echo("Nothing is set aside.", err=True)


@command.command()
@click.argument("number", type=click.IntRange(1, 2**63 - 1))
def show(number: int) -> None:
    """All about one: where it stood, the whole error, and what it is, octet by octet."""
    with open_ledger():
        [item] = _access((number,))
        click.echo(f"stream     {item.stream}, subject {item.subject or '-'}")
        click.echo(f"stood at   {item.sequence}, place {item.place}")
        click.echo(f"came       {item.stored_at:%Y-%m-%d %H:%M:%S}Z")
        click.echo(f"set aside  {item.set_aside_at:%Y-%m-%d %H:%M:%S}Z")
        click.echo(f"why        {item.error}")
        click.echo(bytes(item.payload).decode("utf-8", "backslashreplace"))


@command.command()
@NUMBERS
@ALL
@STREAM
def retry(numbers: tuple[int, ...], *, is_all: bool, stream: str | None) -> None:
    """Let them in again, by number or with --all, once the reason is mended.

    What still cannot be stored comes back under another number.
    """
    with open_ledger():
        from textwell.runtime.quarantine import retry_item

        count = _each(retry_item, numbers, is_all=is_all, stream=stream)
    click.echo(f"{count} let in again. `textwell quarantine list` shows what comes back.")


@command.command()
@NUMBERS
@ALL
@STREAM
@click.confirmation_option(prompt="Are they to be deleted for good?")
def drop(numbers: tuple[int, ...], *, is_all: bool, stream: str | None) -> None:
    """Delete them for good, by number or with --all."""
    with open_ledger():
        from textwell.runtime.quarantine import drop_item

        count = _each(drop_item, numbers, is_all=is_all, stream=stream)
    click.echo(f"{count} deleted.")


def _each(
    act: "Callable[[QuarantinedItem], None]",
    numbers: tuple[int, ...],
    *,
    is_all: bool,
    stream: str | None,
) -> int:
    """Do it with each of those chosen; answers how many they were."""
    count = 0
    for item in _chosen(numbers, is_all=is_all, stream=stream):
        act(item)
        count += 1
    return count


def _chosen(
    numbers: tuple[int, ...], *, is_all: bool, stream: str | None
) -> "Iterator[QuarantinedItem]":
    """Those named, or all there are at this moment."""
    from textwell.core.models import QuarantinedItem

    if is_all == bool(numbers):
        raise click.UsageError("Give numbers (textwell quarantine list), or --all.")
    if numbers:
        yield from _access(numbers)
        return
    found = QuarantinedItem.objects.order_by("id")
    if stream:
        found = found.filter(stream=stream.upper())
    for number in list(found.values_list("id", flat=True)):
        yield from QuarantinedItem.objects.filter(id=number)


def _access(numbers: tuple[int, ...]) -> "list[QuarantinedItem]":
    from textwell.core.models import QuarantinedItem

    by_id = QuarantinedItem.objects.in_bulk(numbers)
    missing = [str(number) for number in numbers if number not in by_id]
    if missing:
        raise click.UsageError(f"Nothing is set aside under {', '.join(missing)}.")
    return [by_id[number] for number in dict.fromkeys(numbers)]

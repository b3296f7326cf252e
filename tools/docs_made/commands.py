"""The command line: every command, argument and option."""

from collections.abc import Iterator

import click

from docs_made.writing import Undescribed, code, described, table

Found = tuple[click.Context, click.Command]


def all_commands() -> Iterator[Found]:
    """Every command that does something, with its group's name before its own."""
    from textwell.cli.main import command

    yield from _below(click.Context(command, info_name="textwell"))


def _below(context: click.Context) -> Iterator[Found]:
    group = context.command
    if not isinstance(group, click.Group):
        yield context, group
        return
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        if found is None:
            raise Undescribed(f"textwell {name} is no command.")
        yield from _below(click.Context(found, info_name=name, parent=context))


def option_rows(context: click.Context, command: click.Command) -> Iterator[tuple[str, str]]:
    for parameter in command.params:
        where = f"{context.command_path} {'/'.join(parameter.opts)}"
        if isinstance(parameter, click.Option):
            record = parameter.get_help_record(context)
            names, text = record if record is not None else ("", "")
            yield code(names), described(where, parameter.help and text)


def commands() -> str:
    return "\n".join(_one(context, command) for context, command in all_commands())


def _one(context: click.Context, command: click.Command) -> str:
    path = context.command_path
    usage = " ".join([path, *command.collect_usage_pieces(context)])
    paragraphs = [part for part in (command.help or "").split("\n\n") if part.strip()]
    first, *rest = paragraphs or [""]
    text = "\n\n".join([described(path, first), *(described(path, each) for each in rest)])
    rows = list(option_rows(context, command))
    options = table(["option", "what"], rows) if rows else ""
    return f"## `{path}`\n\n```text\n{usage}\n```\n\n{text}\n\n{options}\n"

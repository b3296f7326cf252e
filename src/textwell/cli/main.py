"""`textwell`: commands are found by folder.

`cli/<name>.py` or `cli/<name>/__init__.py` with `command: click.Command` is `textwell <name>`.
Nothing heavy is imported before it is known which command is wanted: `textwell inspect` starts in
a tenth of a second.
"""

import importlib
import pkgutil
import sys
from pathlib import Path

import click

from textwell.core.errors import TextwellError

FOLDER = Path(__file__).parent
NO_COMMANDS = frozenset({"main", "apps"})


def command_names() -> list[str]:
    """Names of all commands, as typed: `_` in a file name is `-`."""
    found = (module.name for module in pkgutil.iter_modules([str(FOLDER)]))
    return sorted(
        name.replace("_", "-")
        for name in found
        if name not in NO_COMMANDS and not name.startswith("_")
    )


class CommandFolder(click.Group):
    """A group whose commands are the files beside this one."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return command_names()

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in command_names():
            return None
        module = importlib.import_module(f"textwell.cli.{cmd_name.replace('-', '_')}")
        command = getattr(module, "command", None)
        return command if isinstance(command, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """As click does, but a file without a command yet is left out."""
        rows = []
        for name in self.list_commands(ctx):
            command = self.get_command(ctx, name)
            if command is not None:
                rows.append((name, command.get_short_help_str(70)))
        with formatter.section("Commands"):
            formatter.write_dl(rows)


@click.command(cls=CommandFolder, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="textwell")
def command() -> None:
    """Textwell: text the people who asked to hear from you, and nobody else."""


def main() -> None:
    """The program `textwell`. Errors that a person can mend are one line, not a traceback."""
    try:
        command(prog_name="textwell")
    except TextwellError as error:
        click.echo(f"textwell: {error}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()

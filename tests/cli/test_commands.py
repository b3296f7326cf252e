import click
import pytest
from click.testing import CliRunner

from textwell.cli.main import CommandFolder, command, command_names


def test_every_file_of_the_folder_is_a_command() -> None:
    group = CommandFolder("textwell")
    context = click.Context(group)

    missing = [name for name in command_names() if group.get_command(context, name) is None]
    assert missing == []


def test_help_lists_the_commands_with_a_sentence_each() -> None:
    shown = CliRunner().invoke(command, ["--help"])

    assert shown.exit_code == 0
    assert "doctor" in shown.output
    assert "Check stores, streams, settings" in shown.output


def test_an_unknown_command_is_refused() -> None:
    assert CliRunner().invoke(command, ["bake"]).exit_code == 2


@pytest.mark.parametrize("role", ["baker", ""])
def test_an_unknown_role_names_the_known_ones(role: str) -> None:
    shown = CliRunner().invoke(command, ["run", "--role", role])

    assert (shown.exit_code, "scheduler" in shown.output) == (2, True)

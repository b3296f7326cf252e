"""The public promise through the API, and the command that checks its file."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from api.conftest import Program
from textwell.cli.promise import command
from textwell.core.signatures import encode
from textwell.core.signing import list_public_keys

pytestmark = pytest.mark.django_db


def test_a_program_promises_and_anybody_checks_it(program: Program, tmp_path: Path) -> None:
    assert program.get("/workspace/promise").status_code == 404

    made = program.send("put", "/workspace/promise", {"most": 3}).json()

    assert (made["version"], made["most"], made["days"], made["is_outdated"]) == (1, 3, 31, False)
    assert program.get("/workspace/promise").json() == made
    signed, keys = tmp_path / "promise.json", tmp_path / "keys.txt"
    signed.write_text(made["document"])
    (key,) = list_public_keys(program.workspace.id)
    keys.write_text(f"{key.key_id} {encode(key.value)}\n")
    checked = CliRunner().invoke(command, ["verify", str(signed), "--key", str(keys)])
    assert (checked.exit_code, "at most 3 marketing texts" in checked.output) == (0, True)
    signed.write_text(made["document"].replace('"most":3', '"most":30'))
    assert CliRunner().invoke(command, ["verify", str(signed), "--key", str(keys)]).exit_code == 1

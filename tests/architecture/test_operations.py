"""What an operator relies on: every setting documented, every role with a page and a file."""

import subprocess
import sys
from pathlib import Path

import pytest

from textwell.cli.main import command_names
from textwell.core.settings import Settings, variable_name
from textwell.core.streams import STREAMS
from textwell.runtime.rolelist import ROLES

ROOT = Path(__file__).parent.parent.parent
RUNNING = ROOT / "docs" / "operator" / "running.md"


@pytest.mark.parametrize("field", sorted(Settings.model_fields))
def test_a_setting_is_described_and_on_its_page(field: str) -> None:
    page = (ROOT / "docs" / "operator" / "settings.md").read_text()

    assert Settings.model_fields[field].description
    assert f"| `{variable_name(field)}` |" in page


def test_the_page_of_settings_is_as_the_code_says() -> None:
    tool = ROOT / "tools" / "settings_page.py"
    done = subprocess.run([sys.executable, str(tool), "check"], capture_output=True, check=False)

    assert done.returncode == 0, done.stderr.decode()


@pytest.mark.parametrize("role", [role.name for role in ROLES])
def test_a_role_has_a_file_and_a_line_for_operators(role: str) -> None:
    assert (ROOT / "src" / "textwell" / "runtime" / "roles" / f"{role}.py").is_file()
    assert f"\n| {role} |" in RUNNING.read_text()


def test_every_role_file_is_a_role_of_the_list() -> None:
    files = {path.stem for path in (ROOT / "src/textwell/runtime/roles").glob("*.py")}

    assert files - {"__init__"} == {role.name for role in ROLES}


def test_roles_have_health_pages_of_their_own() -> None:
    offsets = [role.metrics_offset for role in ROLES]

    assert sorted(offsets) == list(range(1, len(ROLES) + 1))


@pytest.mark.parametrize("stream", [spec.name for spec in STREAMS])
def test_a_stream_has_a_line_in_the_contracts(stream: str) -> None:
    assert f"| {stream} |" in (ROOT / "docs" / "contracts.md").read_text()


@pytest.mark.parametrize("command", command_names())
def test_a_command_is_named_in_some_document(command: str) -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]

    assert any(f"textwell {command}" in page.read_text() for page in pages)


def test_the_subjects_of_streams_do_not_overlap() -> None:
    heads = [spec.subject.partition(".")[0] for spec in STREAMS]

    assert len(set(heads)) == len(heads)

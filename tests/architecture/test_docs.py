"""What the documents promise, held against the tree."""

import json
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from textwell.cli.inspect import answer_lines, find_form, form_names

ROOT = Path(__file__).parent.parent.parent
# In pieces, so that this file does not name what it looks for.
REGISTRY_HOSTS = tuple(
    ".".join(pieces)
    for pieces in (
        ("pypi", "org"),
        ("files", "pythonhosted"),
        ("registry", "npmjs"),
        ("npmjs", "com"),
        ("registry", "yarnpkg"),
        ("deb", "debian", "org"),
        ("proxy", "golang", "org"),
        ("crates", "io"),
    )
)


def _tracked() -> list[Path]:
    if not (ROOT / ".git").exists():
        pytest.skip("not a checkout: there is nothing tracked")
    names = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    paths = [ROOT / name for name in names.split("\0") if name]
    return [path for path in paths if path.is_file()]


def _documents() -> list[Path]:
    return [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]


def _package_name(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found, requirement
    return found[0].lower()


def _declared() -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = [*project["project"]["dependencies"]]
    for group in project["dependency-groups"].values():
        wanted += group
    return sorted(_package_name(requirement) for requirement in wanted)


def _table_rows(text: str) -> list[list[str]]:
    """Cells of all table rows but heads and rules."""
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    return [row for row in cells if row[0] != "package"]


def test_every_dependency_has_one_full_line_and_every_line_a_dependency() -> None:
    rows = _table_rows((ROOT / "docs/dependencies.md").read_text())

    assert sorted(row[0] for row in rows) == _declared()
    assert [row for row in rows if len(row) != 4 or not all(row)] == []


def _names_registry(content: bytes) -> bool:
    return any(host.encode() in content.lower() for host in REGISTRY_HOSTS)


def test_no_tracked_file_names_a_registry_host() -> None:
    paths = _tracked()
    named = [str(path.relative_to(ROOT)) for path in paths if _names_registry(path.read_bytes())]

    assert named == []
    assert ROOT / "requirements.lock" in paths


def test_the_scan_finds_a_registry_host_in_any_case() -> None:
    address = "https://" + "PyPI" + ".org/simple"

    assert _names_registry(address.encode())
    assert not _names_registry(b"https://textwell.example/simple")


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_lock_file_holds_hashes_and_no_address(name: str) -> None:
    lines = (ROOT / name).read_text().splitlines()
    pins = [line for line in lines if re.match(r"[A-Za-z0-9]", line)]

    assert [line for line in lines if "://" in line] == []
    assert [line for line in pins if not re.match(r"\S+==\S+( ;.*)? \\$", line)] == []
    assert sum("--hash=sha256:" in line for line in lines) >= len(pins) > 40


def test_lock_files_pin_every_dependency() -> None:
    lines = (ROOT / "requirements-dev.lock").read_text().splitlines()
    pinned = {line.split("==")[0].split("[")[0].lower() for line in lines if "==" in line}

    assert set(_declared()) - pinned == set()


def _anchors(document: Path) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", document.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def _problem(document: Path, target: str) -> str:
    """What is wrong with one link, '' if nothing."""
    path, _, anchor = unquote(target).partition("#")
    found = (document.parent / path).resolve() if path else document
    if not found.exists():
        return f"{document.name}: {target} leads nowhere"
    if anchor and found.suffix == ".md" and anchor not in _anchors(found):
        return f"{document.name}: {target} has no such heading"
    return ""


def test_links_between_documents_lead_somewhere() -> None:
    problems = []
    for document in _documents():
        prose = re.sub(r"```.*?```|`[^`\n]*`", "", document.read_text(), flags=re.DOTALL)
        targets = re.findall(r"\]\(([^)\s]+)\)", prose)
        inner = [target for target in targets if not re.match(r"[a-z]+:", target)]
        problems += [_problem(document, target) for target in inner]

    assert [problem for problem in problems if problem] == []


def test_documents_named_in_code_exist() -> None:
    missing = set()
    for path in (ROOT / "src/textwell").rglob("*.py"):
        for name in re.findall(r"\bdocs/[\w/.-]+\.md\b", path.read_text()):
            if not (ROOT / name).exists():
                missing.add(f"{path.relative_to(ROOT)}: {name}")

    assert missing == set()


def _examples() -> list[tuple[str, str]]:
    text = (ROOT / "docs/developer/inspect.md").read_text()
    return re.findall(r"^\$ (echo .*)\n(\{.*\})$", text, re.MULTILINE)


def _run_example(command: str) -> dict[str, Any]:
    """What `textwell inspect` answers to the one line of the example."""
    _echo, line, _pipe, _textwell, _inspect, form, *options = shlex.split(command)
    key = options[1] if options else None
    (answer,) = answer_lines(find_form(form, key=key), [line.encode()])
    found: dict[str, Any] = json.loads(answer)
    return found


@pytest.mark.parametrize(("command", "answer"), _examples())
def test_example_of_inspect_gives_the_printed_answer(command: str, answer: str) -> None:
    assert _run_example(command) == json.loads(answer)


def test_every_form_of_inspect_is_documented_with_an_example() -> None:
    shown = {shlex.split(command)[5] for command, _answer in _examples()}

    assert shown == set(form_names())


def test_the_example_of_smpp_prints_what_it_says() -> None:
    text = (ROOT / "docs/developer/smpp.md").read_text()
    (program,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    (printed,) = re.findall(r"It prints:\n\n```text\n(.*?)```", text, re.DOTALL)

    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )

    assert (run.stdout, run.stderr) == (printed, "")


def test_smpp_needs_the_standard_library_alone() -> None:
    program = (
        "import sys; before = set(sys.modules); import textwell.smpp\n"
        "print(*{name.partition('.')[0] for name in set(sys.modules) - before}"
        " - sys.stdlib_module_names)"
    )

    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )

    assert run.stdout.split() == ["textwell"]


def test_every_reason_of_a_click_is_documented() -> None:
    source = (ROOT / "src/textwell/links/agents.py").read_text()
    given = set(re.findall(r'AgentKind\.(?:MACHINE|UNSURE), "(\w+)"', source))
    rows = _table_rows((ROOT / "docs/developer/clicks.md").read_text())

    assert given == {row[0].strip("`") for row in rows} - {"(empty)", "reason"}
    assert len(given) > 10


def test_licence_is_the_whole_agpl() -> None:
    text = " ".join((ROOT / "LICENSE").read_text().split())

    assert text.startswith("GNU AFFERO GENERAL PUBLIC LICENSE Version 3, 19 November 2007")
    assert all(f" {number}. " in text for number in range(18))
    assert "How to Apply These Terms to Your New Programs" in text

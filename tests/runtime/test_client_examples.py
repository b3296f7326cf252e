"""The examples of the handbook, run as they stand there against a real web role."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from builders import make_gateway, make_workspace
from node import run_module
from textwell.accounts.keys import create_api_key
from textwell.messaging.models import Message

PAGE = Path(__file__).parent.parent.parent / "docs" / "developer" / "clients.md"
PRINTED = "taken: planned 1\nrefused: to\nlisted: true\n"


def example(language: str) -> str:
    [found] = re.findall(rf"```{language}\n(.*?)```", PAGE.read_text(), re.DOTALL)
    return str(found)


@pytest.fixture
def access(transactional_db: None, web: int) -> dict[str, str]:
    """What the examples read from their environment."""
    workspace = make_workspace()
    make_gateway(workspace=workspace)
    scopes = ["messages:send", "messages:read"]
    _key, secret = create_api_key(workspace=workspace, name="t", scopes=scopes, actor="system")
    return {"TEXTWELL_URL": f"http://127.0.0.1:{web}", "TEXTWELL_KEY": secret}


def test_the_example_in_python_runs(access: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", example("python")],
        env=os.environ | access, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (done.stdout.lower(), done.stderr) == (PRINTED, "")
    assert Message.objects.count() == 1


def test_the_example_in_javascript_runs(access: dict[str, str]) -> None:
    assert run_module(example("js"), **access) == PRINTED
    assert Message.objects.count() == 1

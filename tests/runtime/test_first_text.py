"""A new installation, as `textwell run` starts it: an owner, a person, a text that is delivered.

Here without a browser; `e2e/test_first_run.py` walks the pages.
"""

import json
import os
import re
import subprocess
import sys
import urllib.request
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import urlencode

import pytest

from builders import PASSWORD
from runtime.conftest import Tree
from textwell.runtime.stores.process import wait_until

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

START_S = 90
EMAIL = "ada@example.org"
SIMULATED = "Simulated: no phone gets these texts."


class Visitor:
    """A browser without a screen, and a program with a key."""

    def __init__(self, tree: Tree) -> None:
        self._address = f"http://127.0.0.1:{tree.settings.web_port}"
        self._open = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(CookieJar())
        ).open

    def is_answered(self) -> bool:
        try:
            self.see("/sign-in")
        except OSError:
            return False
        return True

    def see(self, path: str) -> str:
        with self._open(self._address + path, timeout=20) as answer:
            return str(answer.read().decode())

    def fill(self, path: str, values: dict[str, str]) -> str:
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.see(path))
        assert found is not None
        form = urlencode(values | {"csrfmiddlewaretoken": found[1]}).encode()
        request = urllib.request.Request(self._address + path, form)
        request.add_header("Referer", self._address + path)
        with self._open(request, timeout=20) as answer:
            return str(answer.read().decode())

    def call(self, key: str, path: str, body: dict[str, Any] | None = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._address + path, data)
        request.add_header("Authorization", f"Bearer {key}")
        request.add_header("Content-Type", "application/json")
        with self._open(request, timeout=20) as answer:
            return json.load(answer)


def textwell(tree: Tree, *arguments: str) -> str:
    own = tree.settings
    variables = {
        "TEXTWELL_DATA": str(own.data_dir),
        "TEXTWELL_METRICS_PORT": str(own.metrics_port),
        "TEXTWELL_OWNER_PASSWORD": PASSWORD,
    }
    done = subprocess.run(
        [sys.executable, "-m", "textwell.cli.main", *arguments],
        env=os.environ | variables, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    return done.stdout


def become_owner(tree: Tree, visitor: Visitor) -> None:
    told = textwell(tree, "owner", "create", "--email", EMAIL, "--workspace", "Green Bakery")
    assert "Its gateway Simulated carrier only simulates: no phone gets its texts." in told
    visitor.fill("/sign-in", {"email": EMAIL, "password": PASSWORD})


def test_the_first_text_of_a_new_installation_is_delivered(tree: Tree) -> None:
    visitor = Visitor(tree)
    assert wait_until(visitor.is_answered, timeout_s=START_S, every_s=0.2), tree.log.read_text()
    become_owner(tree, visitor)
    key = textwell(tree, "key", "create", "--name", "test", "--scope", "all").strip()
    consent = {"source": "counter", "wording": "Yes, text me.", "given_at": "2026-01-01T00:00:00Z"}
    visitor.call(key, "/api/v1/contacts", {"msisdn": "+84901234567", "first_name": "Linh"})

    sent = visitor.call(
        key, "/api/v1/messages", {"to": "+84901234567", "body": "Xin chao", "consent": consent}
    )
    path = f"/api/v1/messages/{sent['id']}"
    wait_until(
        lambda: visitor.call(key, path)["state"] == "delivered", timeout_s=START_S, every_s=0.5
    )

    assert visitor.call(key, path)["state"] == "delivered", tree.log.read_text()[-3000:]
    assert sent["sender"] == "GreenBakery"
    shown = visitor.see(f"/messages/{sent['id']}")
    assert "Delivered" in shown
    assert SIMULATED in shown
    assert "Simulated: reaches no phone" in visitor.see("/gateways/")
    assert "simulated: its texts reach no phone" in doctor(tree)


def doctor(tree: Tree) -> str:
    own = tree.settings
    variables = {
        "TEXTWELL_DATA": str(own.data_dir),
        "TEXTWELL_WEB_PORT": str(own.web_port),
        "TEXTWELL_EDGE_PORT": str(own.edge_port),
        "TEXTWELL_METRICS_PORT": str(own.metrics_port),
    }
    done = subprocess.run(
        [sys.executable, "-m", "textwell.cli.main", "doctor"],
        env=os.environ | variables, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    return done.stdout

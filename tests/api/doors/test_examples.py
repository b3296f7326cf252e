"""The examples of the documents, run as they stand but for address, key and numbers."""

import contextlib
import io
import json
import re
import subprocess
from pathlib import Path

import pytest

from api.conftest import Program
from api.doors.twilio_client import close_sessions
from builders import make_contact
from textwell.api.doors.twilio.sids import make_sid
from textwell.contacts.models import Contact
from textwell.core.bus import Bus
from textwell.gateways.models import Gateway

DOCS = Path(__file__).parents[3] / "docs"

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("bus")]


def example(page: str, language: str, changes: dict[str, str]) -> str:
    """The first block of a language on a page, with other values in it."""
    text = (DOCS / page).read_text(encoding="utf-8")
    found = re.search(rf"```{language}\n(.*?)```", text, re.DOTALL)
    assert found is not None
    code = found[1]
    for old, new in changes.items():
        assert old in code
        code = code.replace(old, new)
    return code


def run_example(page: str, changes: dict[str, str]) -> str:
    """What the first Python block of a page prints."""
    code = example(page, "python", changes)
    printed = io.StringIO()
    names: dict[str, object] = {}
    with contextlib.redirect_stdout(printed):
        exec(compile(code, page, "exec"), names)
    close_sessions(names)
    return printed.getvalue().strip()


def test_the_example_of_twilio(program: Program, gateway: Gateway, server: str) -> None:
    contact = make_contact(workspace=program.workspace)
    changes = {
        "https://sms.example.org": server,
        "ACCOUNT_SID": make_sid("AC", program.workspace.id),
        "API_KEY": program.secret,
        "+33612345678": contact.msisdn,
    }

    assert run_example("developer/twilio.md", changes) == "queued 1"


def test_the_example_of_kannel(program: Program, gateway: Gateway, server: str) -> None:
    contact = make_contact(workspace=program.workspace)
    changes = {
        "https://sms.example.org": server,
        "KEY_PREFIX": program.key.prefix,
        "API_KEY": program.secret,
        "+33612345678": contact.msisdn,
    }

    assert run_example("developer/kannel.md", changes) == "202 0: Accepted for delivery"


async def test_the_example_of_segment(program: Program, server: str, bus: Bus) -> None:
    changes = {
        "https://sms.example.org": server,
        "API_KEY": program.secret,
        "+33612345678": "+33698765432",
    }

    assert run_example("developer/segment.md", changes) == ""
    assert Contact.objects.get().msisdn == "+33698765432"
    assert (await bus.js.stream_info("EVENT")).state.messages == 2


def test_the_text_of_the_developers_guide_by_curl(
    program: Program, gateway: Gateway, server: str
) -> None:
    changes = {"https://sms.example.org": server, "API_KEY": program.secret}
    command = example("guides/developer.md", "bash", changes)

    done = subprocess.run(["bash", "-c", command], check=True, capture_output=True, text=True)

    assert json.loads(done.stdout)["state"] == "planned"


def test_the_example_of_the_developers_guide(
    program: Program, gateway: Gateway, server: str
) -> None:
    changes = {"https://sms.example.org": server, "API_KEY": program.secret}

    assert run_example("guides/developer.md", changes) == "planned 1"
    assert Contact.objects.get().first_name == "Ada"

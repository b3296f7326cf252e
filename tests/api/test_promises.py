"""The public promise through the API, and the command that checks its file."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from api.conftest import Program
from builders import make_contact, make_gateway
from textwell.cli.promise import command
from textwell.core.clock import now
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


def test_a_text_beyond_the_promise_is_refused_before_it_is_taken(program: Program) -> None:
    make_gateway(workspace=program.workspace)
    contact = make_contact(workspace=program.workspace)
    program.send("put", "/workspace/promise", {"most": 2})
    new = {"to": contact.msisdn, "body": "Sale!"}

    codes = [program.post("/messages", new).status_code for _ in range(3)]

    refused = program.post("/messages", new).json()
    care = program.post("/messages", new | {"purpose": "care"})
    assert codes == [202, 202, 422]
    assert (refused["reason"], care.status_code) == ("frequency_cap", 202)


def test_what_it_does_not_name_is_refused_before_it_is_taken(program: Program) -> None:
    program.send("put", "/workspace/promise", {"most": 2})
    make_gateway(workspace=program.workspace)
    new = {"to": make_contact(workspace=program.workspace).msisdn, "body": "Sale!"}

    refused = program.post("/messages", new)

    told = refused.json()
    assert (refused.status_code, told["reason"]) == (422, "sender_not_promised")
    assert told["mend"] == "Send by a promised sender, or publish the promise anew."
    assert program.post("/messages", new | {"purpose": "care"}).status_code == 202
    program.send("put", "/workspace/promise", {"most": 2})
    program.send("put", "/workspace/promise", {"most": 3})
    assert program.post("/messages", new).status_code == 202


def test_a_promise_that_was_raised_lets_those_who_agreed_since_have_more(program: Program) -> None:
    make_gateway(workspace=program.workspace)
    old = make_contact(workspace=program.workspace)
    for most in (1, 3):
        program.send("put", "/workspace/promise", {"most": most})
    fresh = make_contact(workspace=program.workspace, has_consent=False)
    yes = {"source": "form", "wording": "Yes.", "given_at": now().isoformat()}

    first = {"to": fresh.msisdn, "body": "Sale!", "consent": yes}
    codes = [program.post("/messages", {"to": old.msisdn, "body": "Sale!"}) for _ in range(2)]
    codes += [program.post("/messages", first) for _ in range(2)]

    assert [each.status_code for each in codes] == [202, 422, 202, 202]

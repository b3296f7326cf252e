"""Whether it was a sandbox is told by both ways alike, whichever kind of key came first."""

import pytest

from api.conftest import Program
from api.quick.conftest import Ways
from builders import make_gateway, make_workspace
from textwell.accounts.types import Scope
from textwell.api.quick import QuickMessages

pytestmark = pytest.mark.django_db

OTP = {"to": "+33699887766", "body": "4711", "purpose": "otp"}


def make_program(*, is_sandbox: bool) -> Program:
    workspace = make_workspace(is_sandbox=is_sandbox)
    make_gateway(workspace=workspace)
    return Program(workspace, [Scope.MESSAGES_SEND.value])


def test_the_header_is_of_the_key_and_not_of_the_one_that_was_learnt_from(ways: Ways) -> None:
    test, live = make_program(is_sandbox=True), make_program(is_sandbox=False)
    quick = QuickMessages(ways.complete)  # its first call is the sandbox's

    seen = [
        (answer.status, answer.headers.get("Textwell-Sandbox"))
        for answer in (ways.post(quick, each, OTP) for each in (test, live, test, live))
    ]

    assert seen == [(202, "true"), (202, None)] * 2

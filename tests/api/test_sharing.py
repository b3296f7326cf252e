"""Suppressions shared between workspaces, through the API."""

from typing import Any

import pytest

from api.conftest import Program
from builders import make_contact
from textwell.consent.models import SharingCode, SuppressionReason

pytestmark = pytest.mark.django_db
PATH = "/workspace/suppression-group"
GIVEN = {"reasons": ["opted_out", "complaint"]}


def make_code(program: Program) -> str:
    answer = program.post(f"{PATH}/codes", GIVEN)
    assert answer.status_code == 201
    code: str = answer.json()["code"]
    return code


def join(program: Program, code: str) -> Any:
    return program.post(f"{PATH}/join", {"code": code, "reasons": ["complaint"]})


def test_one_makes_a_code_and_the_other_joins_by_it(program: Program, stranger: Program) -> None:
    assert program.get(PATH).status_code == 404

    joined = join(stranger, make_code(program))

    assert joined.status_code == 200
    assert joined.json()["reasons"] == ["complaint"]
    mine, theirs = program.get(PATH).json(), stranger.get(PATH).json()
    assert (mine["reasons"], mine["brands"]) == (GIVEN["reasons"], ["Theirs"])
    assert theirs["brands"] == [program.workspace.name]


def test_what_one_puts_down_the_other_sees_of_its_own_people_alone(
    program: Program, stranger: Program
) -> None:
    join(stranger, make_code(program))
    make_contact(workspace=stranger.workspace, msisdn="+33612345678")
    numbers = ["+33612345678", "+33612345679"]

    program.post("/suppressions/bulk", {"msisdns": numbers, "reason": "complaint", "note": "Rude"})

    [shown] = stranger.get("/suppressions").json()["items"]
    assert (shown["msisdn"], shown["reason"]) == ("+33612345678", "shared")
    assert (shown["note"], shown["source"], shown["actor"]) == ("", "group", "system")
    assert stranger.get("/suppressions", search="+33612345679").json()["items"] == []
    hidden = SuppressionReason.objects.get(
        workspace_id=stranger.workspace.id, msisdn="+33612345679"
    )
    assert stranger.get(f"/suppressions/{hidden.id}").status_code == 404
    assert stranger.post(f"/suppressions/{hidden.id}/lift", {"reason": "x"}).status_code == 404


def test_a_text_to_a_number_that_another_brand_shares_is_refused(
    program: Program, stranger: Program
) -> None:
    join(stranger, make_code(program))
    program.post("/suppressions", {"msisdn": "+33612345678", "reason": "complaint"})
    make_contact(workspace=stranger.workspace, msisdn="+33612345678")

    answer = stranger.post("/messages", {"to": "+33612345678", "body": "Hi."})

    assert answer.status_code == 422


def test_a_wrong_code_and_a_second_group_are_refused(program: Program, stranger: Program) -> None:
    code = make_code(program)

    wrong = join(stranger, "guess")
    own = join(program, code)
    join(stranger, code)
    second = join(stranger, code)

    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "code")
    assert (own.status_code, second.status_code) == (409, 409)
    assert SharingCode.objects.get().used_at is not None


def test_leaving_twice_is_once(program: Program, stranger: Program) -> None:
    join(stranger, make_code(program))

    assert stranger.send("delete", PATH, None).status_code == 204
    assert stranger.send("delete", PATH, None).status_code == 204

    assert stranger.get(PATH).status_code == 404
    assert program.get(PATH).json()["brands"] == []

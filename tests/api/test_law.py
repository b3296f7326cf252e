"""Choices of law through the API, and what they do to a message."""

from hashlib import sha256

import pytest
import time_machine

from api.conftest import Program
from builders import make_contact, make_gateway, make_member, make_workspace
from textwell.accounts.models import Workspace
from textwell.compliance.library import FOLDER
from textwell.messaging.models import OwnPack

pytestmark = pytest.mark.django_db

DAY = {"country": "TW", "day": "2027-11-11", "name": "Double 11", "reason": "Open late"}


def test_a_day_needs_another_persons_key_and_then_a_message_goes_later(
    program: Program,
) -> None:
    other = Program(program.workspace, ["campaigns:approve"])
    make_gateway(workspace=program.workspace, provider="smpp")
    make_contact(workspace=program.workspace, msisdn="+886912345678", country="TW")
    message = {"to": "+886912345678", "body": "Sale"}
    with time_machine.travel("2027-11-11T12:45:00Z", tick=False):  # 20:45 in Taipei
        early = program.send("post", "/messages", message).json()["due_at"]
        made = program.send("post", "/law/exception-days", DAY).json()
        path = f"/law/exception-days/{made['id']}/decide"
        own = program.send("post", path, {"is_approved": True})
        done = other.send("post", path, {"is_approved": True}).json()
        late = program.send("post", "/messages", message).json()["due_at"]
    with time_machine.travel("2027-11-11T13:00:00Z", tick=False):  # 21:00: law never yields
        over = program.send("post", "/messages", message).json()["due_at"]

    assert (own.status_code, done["state"]) == (403, "approved")
    morning = "2027-11-12T01:00:00+00:00"
    assert (early, late, over) == (morning, None, morning)
    assert program.get(f"/law/exception-days/{made['id']}").json()["name"] == "Double 11"


def test_a_disputed_rule_shows_both_readings_and_the_choice(program: Program) -> None:
    signed = {"rule": "CN:hours", "signed_by": "Lê Thị Hoa", "reason": "Our platform's rule"}
    chosen = program.send("post", "/law/disputed-rules/lenient", signed)
    shown = {one["rule"]: one for one in program.get("/law/disputed-rules").json()}

    assert (chosen.status_code, len(shown)) == (204, 23)
    assert [reading["by"] for reading in shown["CN:hours"]["readings"]] == [
        "Platform rules",
        "Other platform rules",
    ]
    assert (shown["CN:hours"]["signed_by"], shown["US:hours"]["is_lenient"]) == (
        "Lê Thị Hoa",
        False,
    )
    program.send("post", "/law/disputed-rules/strict", {"rule": "CN:hours"})
    assert Workspace.objects.get(id=program.workspace.id).law == "recommended"


def test_a_pack_is_put_in_force_by_the_fingerprint_of_its_impact(
    program: Program,
) -> None:
    program.key.created_by = make_member(workspace=program.workspace, role="owner")
    program.key.save()
    text = (FOLDER / "FR" / "2026-11-01.toml").read_text().replace("= 2026-11-01", "= 2031-01-01")
    broken = text.replace('kind = "hours"', 'kind = "our"', 1)

    shown = program.send("post", "/law/packs/impact", {"content": text}).json()
    stale = program.send("post", "/law/packs", {"content": text, "fingerprint": "0" * 64})
    done = program.send(
        "post", "/law/packs", {"content": text, "fingerprint": shown["fingerprint"]}
    )
    refused = program.send("post", "/law/packs/impact", {"content": broken})

    assert (shown["version"], shown["moved_count"], shown["texts"]) == ("FR@2031-01-01", 0, [])
    assert (stale.status_code, done.status_code) == (409, 201)
    assert OwnPack.objects.get().content == text
    assert (refused.status_code, "FR/2031-01-01.toml, line" in refused.content.decode()) == (
        422,
        True,
    )
    listed = {"version": "FR@2031-01-01", "sha256": sha256(text.encode()).hexdigest()}
    file = program.get("/law/packs/FR@2031-01-01").json()
    listed |= {"activated_at": file["activated_at"], "withdrawn_at": None}
    assert file == listed | {"content": text}
    assert program.get("/law/packs").json() == [listed]
    assert program.get("/law/packs/FR@2031-01-02").status_code == 404
    looked = program.send("post", "/law/packs/FR@2031-01-01/withdrawal-impact", {}).json()
    take = "/law/packs/FR@2031-01-01/withdraw"
    seen = {"fingerprint": looked["fingerprint"]}
    taken = [
        program.send("post", take, each).status_code for each in ({"fingerprint": "0"}, seen, seen)
    ]
    assert (looked["stopped_count"], taken) == (0, [409, 204, 409])
    assert program.get("/law/packs").json()[0]["withdrawn_at"] is not None
    make_workspace(name="Of somebody else")
    assert program.send("post", "/law/packs/impact", {"content": text}).status_code == 403

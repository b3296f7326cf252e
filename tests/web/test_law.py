"""Law and hours by page, API and command: asked by one, approved by another, chosen by the owner."""

from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256

import pytest
from click.testing import CliRunner, Result
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from builders import make_member
from textwell.accounts.models import User, Workspace
from textwell.cli import law
from textwell.cli import registers as registers_command
from textwell.compliance.library import FOLDER
from textwell.core.clock import now
from textwell.messaging.models import ExceptionDay, OwnPack

SignIn = Callable[[User], Client]

DAY = now().date() + timedelta(days=30)
ASKED = {"country": "cn", "day": DAY.isoformat(), "name": "Double 11", "reason": "Open late"}


def law_of(workspace: Workspace) -> str:
    return Workspace.objects.get(id=workspace.id).law


def test_a_day_is_asked_for_on_the_page_and_approved_by_another(
    workspace: Workspace, owner_client: Client, client_of: SignIn
) -> None:
    approver = client_of(make_member(workspace=workspace, role="approver"))
    owner_client.post("/settings/law/days", ASKED)
    day = ExceptionDay.objects.get()
    own_page = owner_client.get("/settings/law/").content
    their_page = approver.get("/settings/law/").content

    refused = owner_client.post(f"/settings/law/days/{day.id}/decide", {"decision": "approve"})
    before = law_of(workspace)
    approver.post(f"/settings/law/days/{day.id}/decide", {"decision": "approve"})

    assert (b'value="approve"' in own_page, b'value="approve"' in their_page) == (False, True)
    assert (refused.status_code, before) == (302, "recommended")
    assert law_of(workspace) == f"recommended+CN:{DAY}"
    assert "Double 11" in approver.get("/settings/law/").content.decode()
    owner_client.post(f"/settings/law/days/{day.id}/withdraw")
    assert law_of(workspace) == "recommended"


def test_a_day_that_cannot_be_says_so_beside_its_field(
    workspace: Workspace, owner_client: Client
) -> None:
    answer = owner_client.post("/settings/law/days", ASKED | {"country": "LU"})

    assert (answer.status_code, ExceptionDay.objects.count()) == (422, 0)
    assert "has no hours that we recommend. Name a country" in answer.content.decode()


def test_a_looser_reading_is_signed_on_the_page_and_shown_until_it_is_taken_back(
    workspace: Workspace, owner_client: Client
) -> None:
    unsigned = owner_client.post("/settings/law/choose", {"rule": "CN:hours", "reason": "Ours"})
    signed = {"rule": "CN:hours", "signed_by": "Lê Thị Hoa", "reason": "Our platform's rule"}
    owner_client.post("/settings/law/choose", signed)
    page = owner_client.get("/settings/law/").content.decode()

    assert unsigned.status_code == 422
    assert "Lê Thị Hoa" in page
    assert "Other platform rules" in page
    assert law_of(workspace).startswith("recommended~CN:hours=")
    owner_client.post("/settings/law/strict", {"rule": "CN:hours"})
    assert law_of(workspace) == "recommended"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(law.command, arguments)


def test_the_command_goes_the_same_way(workspace: Workspace, owner: User) -> None:
    approver = make_member(workspace=workspace, role="approver")
    asked = run(
        "ask-day", "CN", str(DAY), "--name", "Double 11", "--reason", "Late", "--by", owner.email
    )
    day = ExceptionDay.objects.get()
    own = run("approve-day", str(day.id), "--by", owner.email)
    unable = run("choose", "CN:hours", "--signed-by", "X", "--reason", "Y", "--by", approver.email)
    approved = run("approve-day", str(day.id), "--by", approver.email)
    run("choose", "CN:hours", "--signed-by", "Lê Hoa", "--reason", "Ours", "--by", owner.email)
    shown = run("disputed").output.splitlines()

    assert [each.exit_code for each in (asked, own, unable, approved)] == [0, 2, 2, 0]
    assert "Nobody approves their own work." in own.output
    assert "may not do this here." in unable.output
    assert approved.output == f"CN {DAY}: approved\n"
    at = shown.index("CN:hours  (signed by Lê Hoa)")
    assert shown[at + 1 : at + 3] == [
        "    08:00-21:00: Platform rules",
        "  * 08:00-22:00: Other platform rules",
    ]
    assert run("days").output.split()[:4] == [str(day.id), "CN", str(DAY), "approved"]
    run("strict", "CN:hours", "--by", owner.email)
    run("withdraw-day", str(day.id), "--by", owner.email)
    assert law_of(workspace) == "recommended"


def test_a_register_is_brought_in_by_the_page_grows_old_and_says_so(
    workspace: Workspace, owner_client: Client
) -> None:
    name = "NCC DND (2442), full or by category"

    def bring(
        taken: datetime, numbers: bytes = b"08031234567\n08031234568\nhello 123456789012345\n"
    ) -> int:
        file = SimpleUploadedFile("dnc.txt", numbers)
        given = {"name": name, "file": file, "checked_at": f"{taken:%Y-%m-%dT%H:%M}"}
        return owner_client.post("/contacts/registers/import", given).status_code

    assert bring(now() - timedelta(days=400)) == 302
    old = owner_client.get("/contacts/registers/").content.decode()
    listed = CliRunner().invoke(registers_command.command, ["list"]).output
    assert bring(now() - timedelta(hours=23)) == 302
    fresh = owner_client.get("/contacts/registers/").content.decode()

    assert "Nobody there gets marketing until a newer list is here." in old
    assert f"{name}, TOO OLD" in listed
    assert "Nobody there gets marketing until a newer list is here." not in fresh
    assert bring(now(), b"no numbers") == 422
    assert bring(now() + timedelta(days=2)) == 422


@pytest.mark.parametrize("path", ["/settings/law/", "/contacts/registers/"])
def test_whoever_only_reads_sees_no_forms(
    workspace: Workspace, client_of: SignIn, path: str
) -> None:
    page = client_of(make_member(workspace=workspace, role="reader")).get(path).content

    assert b'action="/settings/law/' not in page
    assert b'action="/contacts/registers/' not in page


def test_a_pack_is_looked_at_and_put_in_force_on_the_page(
    workspace: Workspace, owner_client: Client
) -> None:
    text = (FOLDER / "FR" / "2026-11-01.toml").read_text().replace("= 2026-11-01", "= 2031-01-01")
    given = SimpleUploadedFile("FR.toml", text.encode())

    shown = owner_client.post("/settings/law/packs", {"file": given})
    form = shown.context["form"].initial
    owner_client.post("/settings/law/packs/activate", form | {"fingerprint": "0"})
    assert OwnPack.objects.count() == 0
    owner_client.post("/settings/law/packs/activate", form)

    assert "FR@2031-01-01" in shown.content.decode()
    assert OwnPack.objects.get().content == text
    file = owner_client.get("/settings/law/packs/FR@2031-01-01")
    assert (file.content, file["Content-Disposition"]) == (
        text.encode(),
        'attachment; filename="FR-2031-01-01.toml"',
    )
    page = owner_client.get("/settings/law/").content
    assert sha256(text.encode()).hexdigest().encode() in page
    assert owner_client.get("/settings/law/packs/FR@2031-01-02").status_code == 404
    back = "/settings/law/packs/FR@2031-01-01/withdraw"
    assert f'href="{back}"'.encode() in page
    asked = owner_client.get(back)
    assert "Nothing is changed yet." in asked.content.decode()
    owner_client.post(back, {"fingerprint": "0"})
    assert OwnPack.objects.get().withdrawn_at is None
    owner_client.post(back, asked.context["form"].initial)
    assert OwnPack.objects.get().withdrawn_by == f"user:{asked.wsgi_request.user.id}"
    assert f'href="{back}"'.encode() not in owner_client.get("/settings/law/").content

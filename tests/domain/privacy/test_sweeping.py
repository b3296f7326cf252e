"""What is written down of a person between the look and the erasure, or after it: found the second time."""

import fcntl
import json
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from builders import make_contact, make_gateway
from domain.privacy.test_erasing import KEY, LONG_AGO, MAIL, NAME, NUMBER, SAID, SURNAME, found_in
from textwell.accounts.actions import record_audit
from textwell.accounts.models import ApiKey, Workspace
from textwell.api.models import IdempotentAnswer
from textwell.consent.suppressing import suppress_number
from textwell.contacts.actions import upsert_contact
from textwell.contacts.models import Contact, ImportRow, ImportRun, SavedFilter
from textwell.core.clock import now
from textwell.core.models import Job, JobState, QuarantinedItem
from textwell.core.seal import is_sealed
from textwell.inbox.models import Reply
from textwell.links.models import Click
from textwell.messaging.models import DeliveryReport, Message, Outcome
from textwell.messaging.plan import reserve_block
from textwell.privacy import files
from textwell.privacy.erasing import SWEEP_AFTER, SWEEP_AT_LAST, erase_person, sweep_erased
from textwell.privacy.models import Erasure, ErasureRequest
from textwell.webhooks.models import Happening

pytestmark = pytest.mark.django_db


@pytest.fixture
def contact(workspace: Workspace) -> Contact:
    contact = make_contact(
        workspace=workspace, msisdn=NUMBER, first_name=NAME, last_name=SURNAME, email=MAIL,
        external_id=KEY,
    )  # fmt: skip
    first, _last = reserve_block(1)
    Message.objects.create(
        id=first, workspace_id=workspace.id, contact_id=contact.id, msisdn=NUMBER, country="FR",
        state="delivered", planned_at=now(), handed_at=now(),
        gateway_id=make_gateway(workspace=workspace).id,
    )  # fmt: skip
    return contact


def erase(contact: Contact) -> ErasureRequest:
    return erase_person(
        workspace_id=contact.workspace_id, contact_id=contact.id, reason="asked", actor="user:7"
    )


def let_pass(*, by: timedelta = SWEEP_AFTER) -> None:
    Erasure.objects.update(erased_at=now() - by - timedelta(minutes=1))


def write_file(contact: Contact, folder: Path) -> None:
    path = folder / "late.csv"
    path.write_text(f"phone,mail\n06 98 76 54 31,x\n1,{MAIL}\n+33611111111,ada@example.org\n")
    ImportRun.objects.create(workspace_id=contact.workspace_id, path=str(path), delimiter=",")


def write_rows(contact: Contact, _folder: Path) -> None:
    run = ImportRun.objects.create(workspace_id=contact.workspace_id, path="", delimiter=",")
    ImportRow.objects.create(import_run_id=run.id, line=2, verdict="invalid", raw=f"1,{MAIL}")
    ImportRow.objects.create(
        import_run_id=run.id, line=3, verdict="new", msisdn=NUMBER, first_name=NAME
    )


def write_reply(contact: Contact, _folder: Path) -> None:
    gateway_id = Message.objects.get().gateway_id or 0
    Reply.objects.create(
        workspace_id=contact.workspace_id, gateway_id=gateway_id, source_key="mo-1",
        msisdn=NUMBER, text=SAID, received_at=now(), intent="other",
    )  # fmt: skip
    Happening.objects.create(
        workspace_id=contact.workspace_id, kind="reply.received", source_key="reply:1", at=now(),
        data={"from": NUMBER, "text": SAID},
    )  # fmt: skip


def write_receipt(_contact: Contact, _folder: Path) -> None:
    DeliveryReport.objects.create(
        gateway_id=Message.objects.get().gateway_id or 0, provider_message_id="a2", provider_key=2,
        state="delivered", reason="", code="", received_at=now(), msisdn=NUMBER.lstrip("+"),
    )  # fmt: skip


def write_outcome(_contact: Contact, _folder: Path) -> None:
    message = Message.objects.get()
    Outcome.objects.create(
        message_id=message.id, gateway_id=message.gateway_id or 0, at=now(), outcome="submitted",
        reason="", code="", provider_message_id="a1", segment_count=1, encoding="gsm7",
        cost_micros=0, text=SAID, facts={},
    )  # fmt: skip


def write_click(contact: Contact, _folder: Path) -> None:
    Click.objects.create(
        stream_key="1", workspace_id=contact.workspace_id, message_id=Message.objects.get().id,
        link_number=1, at=now(), kind="human", user_agent=f"phone of {NAME}", raw_ip="203.0.113.9",
    )  # fmt: skip


def write_event(contact: Contact, _folder: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO contacts_event (workspace_id, at, received_at, name, source_key,"
            " msisdn, external_id, properties)"
            " VALUES (%s, %s, %s, 'order', 'k', '', %s, %s)",
            [contact.workspace_id, LONG_AGO, LONG_AGO, KEY, json.dumps({"to": SURNAME})],
        )


def write_set_aside(_contact: Contact, _folder: Path) -> None:
    QuarantinedItem.objects.create(
        stream="MO", subject=f"mo.{Message.objects.get().gateway_id}", sequence=1, place=0,
        error="x", payload=json.dumps({"msisdn": NUMBER, "text": SAID}).encode(), stored_at=now(),
        set_aside_at=now(),
    )  # fmt: skip


def write_answer(contact: Contact, _folder: Path) -> None:
    key = ApiKey.objects.create(
        workspace_id=contact.workspace_id, name="Shop", prefix="p", secret_hash="h"
    )
    IdempotentAnswer.objects.create(
        api_key_id=key.id, key="k", path="/contacts", body_hash="h", status=200,
        answer={"msisdn": NUMBER, "first_name": NAME},
    )  # fmt: skip
    SavedFilter.objects.create(workspace_id=contact.workspace_id, name="One", search=MAIL)
    suppress_number(
        workspace_id=contact.workspace_id, msisdn=NUMBER, actor="user:7", source="page",
        reason="complaint",
    )  # fmt: skip


def write_job(contact: Contact, _folder: Path) -> None:
    Job.objects.create(
        workspace_id=contact.workspace_id, kind="a", state="done", payload={"search": NUMBER}
    )


def write_log(contact: Contact, _folder: Path) -> None:
    about = {"workspace_id": contact.workspace_id, "actor": "user:7", "subject": "thing:1"}
    record_audit(action="x.sent", after={"to": NUMBER}, **about)
    record_audit(action="x.sent", after={"mail": MAIL}, **about)
    record_audit(action="x.sent", after={"to": f"{NAME} {SURNAME}"}, **about)


@pytest.mark.parametrize(
    "write",
    [
        write_file, write_rows, write_reply, write_receipt, write_outcome, write_click, write_event,
        write_set_aside, write_answer, write_job, write_log,
    ],
)  # fmt: skip
def test_whatever_way_it_came_late_it_is_swept(
    contact: Contact, tmp_path: Path, write: Callable[[Contact, Path], None]
) -> None:
    request = erase(contact)
    write(contact, tmp_path)
    let_pass()

    assert (sweep_erased(), sweep_erased()) == (1, 0)

    assert found_in() == set()
    files = "".join(path.read_text() for path in tmp_path.glob("*.csv"))
    assert [each for each in ("76 54 31", MAIL) if each in files] == []
    assert ("+33611111111" in files) == (write is write_file)
    request.refresh_from_db()
    assert request.swept_at is not None
    assert request.swept != {}


def test_by_what_they_are_found_is_sealed_and_goes_with_the_sweep(contact: Contact) -> None:
    erase(contact)

    kept = Erasure.objects.get().sealed
    assert is_sealed(kept)
    assert found_in() == set()
    let_pass()
    sweep_erased()
    assert Erasure.objects.get().sealed == ""


def test_jobs_that_began_before_are_waited_for_but_not_for_ever(contact: Contact) -> None:
    job = Job.objects.create(
        workspace_id=contact.workspace_id, kind="contacts.import", state=JobState.RUNNING
    )
    erase(contact)
    Job.objects.filter(id=job.id).update(created_at=now() - SWEEP_AT_LAST - timedelta(days=1))
    let_pass()

    assert sweep_erased() == 0
    let_pass(by=SWEEP_AT_LAST)
    assert sweep_erased() == 1


def test_who_came_back_meanwhile_keeps_what_is_theirs_now(contact: Contact) -> None:
    erase(contact)
    back = upsert_contact(
        workspace_id=contact.workspace_id,
        msisdn=NUMBER,
        email=MAIL,
        external_id=KEY,
        actor="user:7",
    )
    write_event(contact, Path())
    write_reply(contact, Path())
    let_pass()

    assert sweep_erased() == 1

    assert Contact.objects.get() == back
    assert {"contacts_event", "inbox_reply"} <= found_in()


def test_two_who_wipe_one_file_do_not_undo_each_other(
    contact: Contact, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second begins while the first has read: it waits, and reads what the first has left."""
    write_file(contact, tmp_path)
    held = []
    put = os.replace

    def replace(draft: Path, path: Path) -> None:
        with pytest.raises(BlockingIOError):
            lock_now(path.parent)
        held.append(path.name)
        put(draft, path)

    monkeypatch.setattr(files.os, "replace", replace)
    erase(contact)

    assert held == ["late.csv"]
    assert [path.name for path in tmp_path.iterdir()] == ["late.csv"]


def lock_now(folder: Path) -> None:
    other = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    finally:
        os.close(other)

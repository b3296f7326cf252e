"""Whoever is erased is found nowhere: not in a table, not in a column, not in a file of ours."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError, InternalError

from builders import make_campaign, make_contact, make_gateway
from domain.messaging.ledger import tally_equals_rows
from proofs import note_many, store
from textwell.accounts.actions import record_audit
from textwell.accounts.chain import seal_all, verify_workspace
from textwell.accounts.models import ApiKey, AuditEntry, Workspace
from textwell.api.models import IdempotentAnswer
from textwell.consent.actions import record_opt_in, record_opt_out
from textwell.consent.models import ConsentEvent, ErasedNumber, Invitation, SuppressionReason
from textwell.consent.pausing import pause_person
from textwell.consent.preferring import choose_channels
from textwell.consent.suppressing import suppress_number
from textwell.contacts.actions import create_list, define_field, upsert_contact
from textwell.contacts.bulk.actions import GivenContact, upsert_contacts
from textwell.contacts.imports import actions as imports
from textwell.contacts.imports.applying import apply_import
from textwell.contacts.imports.judging import dry_run
from textwell.contacts.models import Contact, ImportRow, ImportRun, SavedFilter
from textwell.core.clock import now
from textwell.core.errors import FieldError, NotFound
from textwell.core.models import Job, QuarantinedItem
from textwell.core.settings import load_settings
from textwell.core.signing import list_public_keys
from textwell.inbox.models import Reply, Thread, ThreadEntry
from textwell.links.actions import define_links
from textwell.links.models import Click, LinkRange
from textwell.messaging.models import Batch, DeliveryReport, Message, Outcome
from textwell.messaging.plan import reserve_block
from textwell.messaging.proof.form import GivenKey, check_line
from textwell.messaging.proving import proofs_between, sign_proofs
from textwell.privacy import erasing, files
from textwell.privacy.erasing import SWEEP_AFTER, erase_person, sweep_erased
from textwell.privacy.models import Erasure
from textwell.privacy.registry import TREATMENTS
from textwell.privacy.staging import national_part
from textwell.programmes.models import Placement, Programme, SignUp
from textwell.webhooks.models import Endpoint, Happening, MessageCallback

pytestmark = pytest.mark.django_db

NUMBER = "+33698765431"
NAME, SURNAME, MAIL, KEY = "Zebulonia", "Quixbury", "zq@quixbury.example", "QX-77881200"
SAID = "Zebulonia loves rye"
# As they may stand in any column: with the country or without, as hex in a column of octets.
NEEDLES = ["698765431", "6 98 76 54 31", NAME, SURNAME, MAIL, KEY, "loves rye"]
FILE = (
    "phone,first_name,last_name,email,external_id,note\n"
    f'"06 98 76 54 31",{NAME},{SURNAME},{MAIL},{KEY},{SAID}\n'
    "+33611111111,Ada,Lovelace,ada@example.org,A-1,tea\n"
    f"12,{NAME},{SURNAME},{MAIL},,98765431\n"
)
LONG_AGO = datetime(2014, 11, 24, 9, tzinfo=UTC)


def tables() -> list[str]:
    """Every table of the database, partitions by their parent."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition"
        )
        return sorted(row[0] for row in cursor.fetchall())


def found_in(contact_id: int | None = None) -> set[str]:
    """Tables with a row in which something of the person stands; with an id, or that names it."""
    needles = [f"%{each}%" for each in [*NEEDLES, *(each.encode().hex() for each in NEEDLES)]]
    found = set()
    with connection.cursor() as cursor:
        for table in tables():
            cursor.execute(
                f'SELECT 1 FROM "{table}" t WHERE t::text ILIKE ANY(%s) LIMIT 1', [needles]
            )
            if cursor.fetchone():
                found.add(table)
                continue
            has_id = [f'%"contact_id": {contact_id}%', f'%"contact_id":{contact_id},%']
            cursor.execute(
                f'SELECT 1 FROM "{table}" t WHERE to_jsonb(t)::text LIKE ANY(%s)', [has_id]
            )
            if contact_id is not None and cursor.fetchone():
                found.add(table)
    return found


def fill(workspace: Workspace, folder: Path) -> Contact:
    """A person with a row in every table that holds anything of people."""
    about = {"workspace_id": workspace.id, "actor": "user:7"}
    contact = import_person(workspace, folder)
    kept = create_list(workspace_id=workspace.id, name="Loyal")
    upsert_contact(
        msisdn=NUMBER, first_name=NAME, last_name=SURNAME, email=MAIL, external_id=KEY,
        fields={"note": SAID}, lists=[kept.id], **about,
    )  # fmt: skip
    SavedFilter.objects.create(workspace_id=workspace.id, name="One", search=NUMBER)
    fill_consent(contact)
    fill_sign_up(contact)
    message = fill_messages(contact)
    fill_conversation(contact, message)
    fill_copies(contact, message)
    return contact


def import_person(workspace: Workspace, folder: Path) -> Contact:
    define_field(workspace_id=workspace.id, name="note", label="Note", kind="text", actor="user:7")
    path = folder / "people.csv"
    path.write_text(FILE)
    run = imports.start_import(
        workspace_id=workspace.id, path=path, filename="people.csv", actor="user:7", region="FR"
    )  # fmt: skip
    mapping = {"phone": "msisdn", "note": "fields.note"}
    same = {name: name for name in ("first_name", "last_name", "email", "external_id")}
    imports.set_mapping(run=run, mapping=mapping | same, actor="user:7")
    apply_import(dry_run(run))
    return Contact.objects.get(workspace_id=workspace.id, msisdn=NUMBER)


def fill_consent(contact: Contact) -> None:
    about = {"workspace_id": contact.workspace_id, "contact_id": contact.id, "actor": "user:7"}
    record_opt_in(
        source="form", wording=f"Yes, {NAME} agrees", evidence={"by": NAME},
        given_at=now() - timedelta(days=2), **about,
    )  # fmt: skip
    record_opt_out(
        msisdn=NUMBER, source="call", wording=SAID, given_at=now() - timedelta(days=1), **about
    )  # fmt: skip
    pause_person(until=now() + timedelta(days=7), source="call", **about)
    choose_channels(choice="both", given_at=now(), source="call", wording=SAID, **about)
    suppress_number(
        workspace_id=contact.workspace_id, msisdn=NUMBER, actor="user:7", source="page",
        reason="complaint", note=SAID,
    )  # fmt: skip


def fill_sign_up(contact: Contact) -> None:
    programme = Programme.objects.create(workspace_id=contact.workspace_id, name="A", brand="B")
    placement = Placement.objects.create(
        workspace_id=contact.workspace_id, programme=programme, name="A", code="abc"
    )
    SignUp.objects.create(
        workspace_id=contact.workspace_id, programme=programme, placement=placement,
        contact_id=contact.id, method="form", state="joined", signed_at=now(), evidence={"by": NAME},
    )  # fmt: skip


def fill_messages(contact: Contact) -> Message:
    gateway = make_gateway(workspace=Workspace.objects.get(id=contact.workspace_id))
    first, last = reserve_block(2)
    common = {
        "workspace_id": contact.workspace_id, "contact_id": contact.id, "msisdn": NUMBER,
        "country": "FR", "gateway_id": gateway.id, "planned_at": now(),
    }  # fmt: skip
    sent = Message.objects.create(id=first, state="delivered", handed_at=now(), **common)
    Message.objects.create(id=last, state="planned", **common)
    for each in (first, last):
        Batch.objects.create(
            workspace_id=contact.workspace_id, gateway_id=gateway.id, lane="care", due_at=now(),
            first_message_id=each, last_message_id=each, marked_id=each if each == first else each - 1,
            state="done" if each == first else "queued", body=SAID,
            extra={"purpose": "care", "who": NAME},
        )  # fmt: skip
    Outcome.objects.create(
        message_id=first, gateway_id=gateway.id, at=now(), outcome="submitted", reason="", code="",
        provider_message_id="a1", segment_count=1, encoding="gsm7", cost_micros=0, text=SAID,
        facts={"rules": [], "error": SAID},
    )  # fmt: skip
    Invitation.objects.create(
        workspace_id=contact.workspace_id, msisdn=NUMBER, contact_id=contact.id, message_id=first,
        made_at=now(),
    )  # fmt: skip
    DeliveryReport.objects.create(
        gateway_id=gateway.id, provider_message_id="a2", provider_key=2, state="delivered",
        reason="", code="", received_at=now(), msisdn=NUMBER.lstrip("+"),
    )  # fmt: skip
    define_links(
        workspace_id=contact.workspace_id, campaign_id=None, first_message_id=first,
        last_message_id=first, targets=[f"https://lotus.example/?who={KEY}"],
    )  # fmt: skip
    Click.objects.create(
        stream_key="1", workspace_id=contact.workspace_id, message_id=first, link_number=1, at=now(),
        kind="human", user_agent=f"phone of {NAME}", raw_ip="203.0.113.9",
    )  # fmt: skip
    return sent


def fill_conversation(contact: Contact, message: Message) -> None:
    Reply.objects.create(
        workspace_id=contact.workspace_id, gateway_id=message.gateway_id or 0, source_key="mo-1",
        contact_id=contact.id, msisdn=NUMBER, text=SAID, received_at=now(), intent="other",
    )  # fmt: skip
    thread = Thread.objects.create(
        workspace_id=contact.workspace_id, contact_id=contact.id, last_at=now(), place=1,
        last_text=SAID, is_unread=True, waiting_since=now(),
    )  # fmt: skip
    ThreadEntry.objects.create(
        workspace_id=contact.workspace_id, thread=thread, number=1, kind="note", actor="user:7",
        at=now(), text=SAID,
    )  # fmt: skip


def fill_copies(contact: Contact, message: Message) -> None:
    workspace_id = contact.workspace_id
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO contacts_event (workspace_id, contact_id, at, received_at, name, source_key,"
            " msisdn, external_id, properties) VALUES (%s, %s, %s, %s, 'order', %s, %s, %s, %s)",
            [workspace_id, contact.id, LONG_AGO, LONG_AGO, f"order of {NAME}", NUMBER, KEY,
             json.dumps({"to": SURNAME})],
        )  # fmt: skip
        cursor.execute(
            "INSERT INTO contacts_eventkey VALUES (%s, %s, now())",
            [workspace_id, f"order of {NAME}"],
        )
    endpoint = Endpoint.objects.create(workspace_id=workspace_id, url="https://crm.example/")
    Happening.objects.create(
        workspace_id=workspace_id, kind="reply.received", source_key="reply:1", at=now(),
        data={"contact_id": contact.id, "from": NUMBER, "text": SAID, "intent": "other"},
    )  # fmt: skip
    MessageCallback.objects.create(
        message_id=message.id, endpoint=endpoint, url=f"https://kannel.example/?to={NUMBER}"
    )
    key = ApiKey.objects.create(workspace_id=workspace_id, name="Shop", prefix="p", secret_hash="h")
    IdempotentAnswer.objects.create(
        api_key_id=key.id, key="k", path="/contacts", body_hash="h", status=200,
        answer={"id": contact.id, "msisdn": NUMBER, "email": MAIL, "first_name": NAME},
    )  # fmt: skip
    Job.objects.create(
        workspace_id=workspace_id, kind="a", state="done", payload={"whom": {"search": NUMBER}}
    )
    QuarantinedItem.objects.create(
        stream="MO", subject=f"mo.{message.gateway_id}", sequence=1, place=0, error="x",
        payload=json.dumps({"msisdn": NUMBER, "text": SAID}).encode(), stored_at=now(),
        set_aside_at=now(),
    )  # fmt: skip
    record_audit(
        workspace_id=workspace_id, actor="user:7", action="x.sent", subject="thing:1",
        after={"to": NUMBER}, reason=f"for {MAIL}",
    )  # fmt: skip
    seal_all()


def erase(contact: Contact) -> None:
    erase_person(
        workspace_id=contact.workspace_id, contact_id=contact.id, reason="asked by letter",
        actor="user:7",
    )  # fmt: skip


@pytest.fixture
def contact(workspace: Workspace, tmp_path: Path) -> Contact:
    return fill(workspace, tmp_path)


def test_every_table_says_what_an_erasure_does_to_it() -> None:
    """A new table is named in `privacy/registry.py`: with its statements, or why it needs none."""
    ours = {
        table for table in tables()
        if not table.startswith(("django_", "auth_", "account_", "socialaccount_", "mfa_", "usersessions_"))
    }  # fmt: skip

    assert ours - {*TREATMENTS} == set()
    assert {*TREATMENTS} - ours == set()


def test_who_is_erased_is_found_in_no_column_and_no_file(contact: Contact) -> None:
    everywhere = found_in(contact.id)
    held = {table for table, treatment in TREATMENTS.items() if treatment.holds_people}
    # A proof holds the number hashed under a key: the last test is about that. A sealed fact holds hashes.
    unread = {"contacts_importrun", "links_click", "messaging_proof", "consent_sealedfact"}
    assert held - everywhere - unread == set()
    counts = {table: count(table) for table in ("messaging_message", "links_click", "inbox_reply")}
    had = Message.objects.filter(state="planned").count()

    erase(contact)

    assert found_in() == set()
    assert {table: count(table) for table in counts} == counts
    assert (had, Message.objects.filter(state="skipped", reason="contact_erased").count()) == (1, 1)
    file = load_settings().data_dir / "imports" / f"{ImportRun.objects.get().id}.csv"
    assert [each for each in NEEDLES if each in file.read_text()] == []
    assert "+33611111111,Ada,Lovelace" in file.read_text()
    assert list(LinkRange.objects.values_list("targets", flat=True)) == [[]]
    assert list(Click.objects.values_list("raw_ip", "user_agent")) == [(None, "")]


def count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT count(*) FROM "{table}"')
        return int(cursor.fetchone()[0])


def test_the_proof_and_the_log_stay_whole(contact: Contact) -> None:
    given = ConsentEvent.objects.get(kind="opt_in")

    erase(contact)

    left = ConsentEvent.objects.get(id=given.id)
    assert left.wording.startswith("erased, SHA-256 ")
    assert (left.given_at, left.source, left.evidence) == (given.given_at, "form", {})
    assert verify_workspace(contact.workspace_id).is_whole
    last = AuditEntry.objects.latest("id")
    assert (last.action, last.subject, last.reason) == (
        "contacts.erased", f"contact:{contact.id}", "asked by letter",
    )  # fmt: skip


def test_what_was_erased_is_vouched_for_and_nothing_else_is(contact: Contact) -> None:
    erase(contact)
    blank = AuditEntry.objects.filter(data={"erased": True}).earliest("id")
    other = AuditEntry.objects.exclude(data={"erased": True}).earliest("id")

    for entry in (blank, other):
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            AuditEntry.objects.filter(id=entry.id).update(data={"erased": True}, action="x")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE accounts_auditentry DISABLE TRIGGER USER")
    AuditEntry.objects.filter(id=blank.id).update(reason="slipped in")

    verdict = verify_workspace(contact.workspace_id)
    assert (verdict.broken_entry_id, verdict.problem) == (blank.id, "changed")


@pytest.mark.parametrize("way", ["file", "one", "many"])
def test_a_number_that_comes_back_is_known_and_not_texted(
    contact: Contact, workspace: Workspace, tmp_path: Path, way: str
) -> None:
    erase(contact)
    assert ErasedNumber.objects.count() == 1

    if way == "file":
        path = tmp_path / "again.csv"
        path.write_text("phone,consent\n+33698765431,yes\n")
        run = imports.start_import(
            workspace_id=workspace.id, path=path, filename="again.csv", actor="user:7"
        )
        apply_import(dry_run(run))
        assert ImportRow.objects.filter(import_run_id=run.id, is_opted_out=True).count() == 1
    elif way == "one":
        upsert_contact(workspace_id=workspace.id, msisdn=NUMBER, actor="user:7")
    else:
        upsert_contacts(workspace_id=workspace.id, rows=[GivenContact(msisdn=NUMBER)])

    found = SuppressionReason.objects.filter(msisdn=NUMBER).order_by("reason")
    assert list(found.values_list("reason", flat=True)) == ["complaint", "opted_out"]


def test_a_new_yes_of_the_person_lifts_it(workspace: Workspace) -> None:
    contact = make_contact(workspace=workspace, msisdn=NUMBER)
    erase(contact)
    back = upsert_contact(workspace_id=workspace.id, msisdn=NUMBER, actor="user:7")

    record_opt_in(
        workspace_id=workspace.id, contact_id=back.id, source="form", wording="Yes", given_at=now(),
        actor="user:7",
    )  # fmt: skip

    assert SuppressionReason.objects.count() == 0
    assert back.id != contact.id
    rows = [GivenContact(msisdn=NUMBER), GivenContact(msisdn="+33698765432")]
    upsert_contacts(workspace_id=workspace.id, rows=rows)  # somebody new beside them
    assert SuppressionReason.objects.count() == 0


def test_what_a_connector_writes_down_afterwards_is_swept(contact: Contact) -> None:
    erase(contact)
    message = Message.objects.get(state="delivered")
    Outcome.objects.filter(message_id=message.id).update(text=SAID)
    assert sweep_erased() == 0
    Erasure.objects.update(erased_at=now() - SWEEP_AFTER - timedelta(minutes=1))

    assert (sweep_erased(), sweep_erased()) == (1, 0)
    assert found_in() == set()


def test_counts_of_a_campaign_do_not_change(workspace: Workspace) -> None:
    campaign = make_campaign(workspace=workspace)
    contact = make_contact(workspace=workspace, msisdn=NUMBER)
    first, _last = reserve_block(1)
    Message.objects.create(
        id=first, workspace_id=workspace.id, campaign_id=campaign.id, contact_id=contact.id,
        msisdn=NUMBER, country="FR", state="delivered", planned_at=now(), segment_count=2,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO messaging_tally (campaign_id, state, reason, message_count, segment_count,"
            " cost_micros) VALUES (%s, 'delivered', '', 1, 2, 0)",
            [campaign.id],
        )

    erase(contact)

    assert tally_equals_rows(campaign.id)
    assert Message.objects.filter(campaign_id=campaign.id, state="delivered").count() == 1


def test_without_a_reason_or_a_person_nothing_is_erased(workspace: Workspace) -> None:
    contact = make_contact(workspace=workspace)
    with pytest.raises(FieldError):
        erase_person(workspace_id=workspace.id, contact_id=contact.id, reason=" ", actor="user:7")
    with pytest.raises(NotFound):
        erase_person(
            workspace_id=workspace.id + 1, contact_id=contact.id, reason="x", actor="user:7"
        )

    assert Contact.objects.filter(id=contact.id).exists()


def test_after_an_erasure_the_number_of_a_proof_is_found_by_nobody(workspace: Workspace) -> None:
    gone, stays = make_contact(workspace=workspace), make_contact(workspace=workspace)
    common = {"workspace_id": workspace.id, "gateway_id": 1, "country": "FR", "sender": "BAKERY"}
    common |= {"planned_at": now(), "due_at": now()}
    for message_id, contact in ((1, gone), (2, stays), (3, gone), (4, gone)):
        Message.objects.create(
            id=message_id, contact_id=contact.id, msisdn=contact.msisdn, state="delivered", **common
        )
    store(note_many(3, workspace_id=workspace.id))
    sign_proofs()
    store(note_many(1, workspace_id=workspace.id, first_id=4))

    erase_person(workspace_id=workspace.id, contact_id=gone.id, reason="asked", actor="system")

    lines = list(proofs_between(workspace.id, 1, 4, with_keys=True))
    keys = {key.key_id: GivenKey(key.value) for key in list_public_keys(workspace.id)}
    assert [check_line(line, keys).problem for line in lines] == [""] * 4
    assert [b'"key":"' in line.rpartition(b'"signature"')[2] for line in lines] == [
        False, True, False, False,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("msisdn", "part"),
    [
        ("+6581234567", "81234567"),  # Singapore, eight digits
        ("+85291234567", "91234567"),
        ("+4531234567", "31234567"),
        ("+33698765431", "698765431"),
        ("+12125550123", "125550123"),
        ("+6834123", "6834123"),  # Niue: four digits are too few
    ],
)
def test_a_number_is_known_as_its_own_country_writes_it(msisdn: str, part: str) -> None:
    assert national_part(msisdn) == part


def test_the_lines_of_a_short_number_leave_files_before_anybody_is_locked_out(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    contact = make_contact(workspace=workspace, msisdn="+6581234567", country="SG")
    copy = tmp_path / "people.csv"
    copy.write_text("phone,name\n8123 4567,Zebulonia\n91234567,Ada\n")
    ImportRun.objects.create(workspace_id=workspace.id, path=str(copy), delimiter=",")
    locks = []

    def wipe(workspace_id: int, contact_ids: list[int]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
            )
            locks.append(cursor.fetchone()[0])
        files.wipe_copies(workspace_id, contact_ids)

    monkeypatch.setattr(erasing, "wipe_copies", wipe)
    erase_person(workspace_id=workspace.id, contact_id=contact.id, reason="asked", actor="system")

    assert copy.read_text() == "phone,name\nxxxxxxxxx,xxxxxxxxx\n91234567,Ada\n"
    assert locks == [0]


def test_a_number_is_sought_in_one_column_and_not_over_the_edge_of_two(
    workspace: Workspace, tmp_path: Path
) -> None:
    contact = make_contact(workspace=workspace, msisdn="+6581234567", country="SG")
    copy = tmp_path / "people.csv"
    copy.write_text('id;phone\n8123;4567\n1;"8123;45 67"\n')
    run = ImportRun.objects.create(workspace_id=workspace.id, path=str(copy), delimiter=";")
    for line, raw in ((2, "8123,4567"), (3, '1,"8123,45 67"')):
        ImportRow.objects.create(import_run_id=run.id, line=line, verdict="invalid", raw=raw)

    files.wipe_copies(workspace.id, [contact.id])

    assert copy.read_text() == 'id;phone\n8123;4567\nx;"xxxx;xxxxx"\n'
    assert list(ImportRow.objects.order_by("line").values_list("raw", flat=True)) == [
        "8123,4567", "",
    ]  # fmt: skip

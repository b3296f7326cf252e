from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

import textwell.contacts.jobs  # noqa: F401 - registers the handlers
from builders import make_contact
from jobs_done import do_job
from textwell.accounts.models import AuditEntry, Workspace
from textwell.consent.models import ConsentState
from textwell.contacts.models import Contact, ContactList, FieldDefinition, ImportRun
from textwell.core.models import Job

ROWS = (
    "Mobile,Name,City,Shoe\n"
    "+33612345678,Ada,Lyon,38\n"
    "06 12 34 56 79,Bea,Paris,40\n"
    "12,Nobody,Nice,41\n"
    "+33 6 12 34 56 78,Ada again,Lyon,38\n"
)
CONSENT = {
    "source": "Form at the counter",
    "given_at": "2026-01-15T09:30",
    "wording": "Yes, text me offers.",
}


def _upload(client: Client, text: str | bytes = ROWS) -> ImportRun:
    content = text.encode() if isinstance(text, str) else text
    file = SimpleUploadedFile("people.csv", content)
    client.post("/contacts/imports/new", {"file": file, "region": "FR"})
    return ImportRun.objects.get()


def _map(client: Client, run: ImportRun, **values: str) -> None:
    columns = {"column_0": "msisdn", "column_1": "first_name", "column_2": "fields.city"}
    client.post(f"/contacts/imports/{run.id}/mapping", columns | {"region": "FR"} | values)
    _work(run)


def _work(run: ImportRun) -> None:
    """What the worker does with the pointer."""
    run.refresh_from_db()
    do_job(run.job_id)
    run.refresh_from_db()


def test_a_file_is_uploaded_and_its_mapping_guessed_and_shown(
    owner_client: Client, workspace: Workspace
) -> None:
    FieldDefinition.objects.create(workspace_id=workspace.id, name="city", label="City")

    run = _upload(owner_client)
    page = owner_client.get(f"/contacts/imports/{run.id}").content.decode()

    assert (run.mapping["Mobile"], run.mapping["City"]) == ("msisdn", "fields.city")
    assert '<option value="msisdn" selected>' in page
    assert '<option value="fields.city" selected>' in page
    assert not Contact.objects.exists()


def test_the_dry_run_counts_every_row_and_stores_nobody(
    owner_client: Client, workspace: Workspace
) -> None:
    FieldDefinition.objects.create(workspace_id=workspace.id, name="city", label="City")
    run = _upload(owner_client)

    _map(owner_client, run)
    page = owner_client.get(f"/contacts/imports/{run.id}").content.decode()

    assert run.state == "judged"
    assert {k: run.totals[k] for k in ("new", "duplicate", "invalid")} == {
        "new": 2,
        "duplicate": 1,
        "invalid": 1,
    }
    assert "No row brings a proof of consent" in page
    assert "+33612345678" not in page
    assert not Contact.objects.exists()


def test_applying_stores_the_people_with_their_consent_and_undoing_takes_them_back(
    owner_client: Client, workspace: Workspace
) -> None:
    FieldDefinition.objects.create(workspace_id=workspace.id, name="city", label="City")
    chosen = ContactList.objects.create(workspace_id=workspace.id, name="Counter")
    run = _upload(owner_client)
    _map(owner_client, run, list_id=str(chosen.id), **CONSENT)

    owner_client.post(f"/contacts/imports/{run.id}/apply")
    _work(run)

    assert run.state == "applied"
    people = Contact.objects.order_by("msisdn").values_list("msisdn", "first_name")
    assert list(people) == [("+33612345678", "Ada"), ("+33612345679", "Bea")]
    assert ConsentState.objects.filter(is_granted=True).count() == 2

    owner_client.post(f"/contacts/imports/{run.id}/undo")
    _work(run)

    assert run.state == "undone"
    assert not Contact.objects.exists()


def test_a_list_that_was_chosen_is_taken_back(owner_client: Client, workspace: Workspace) -> None:
    FieldDefinition.objects.create(workspace_id=workspace.id, name="city", label="City")
    chosen = ContactList.objects.create(workspace_id=workspace.id, name="Counter")
    run = _upload(owner_client)
    _map(owner_client, run, list_id=str(chosen.id), **CONSENT)
    assert run.list_id == chosen.id

    _map(owner_client, run, list_id="", **CONSENT)

    assert run.list_id is None


def test_the_rows_left_out_come_as_a_file_with_line_and_reason(
    owner_client: Client, workspace: Workspace
) -> None:
    FieldDefinition.objects.create(workspace_id=workspace.id, name="city", label="City")
    run = _upload(owner_client)
    _map(owner_client, run)

    answer = owner_client.get(f"/contacts/imports/{run.id}/rejected.csv")

    lines = b"".join(answer.streaming_content).decode("utf-8-sig").split("\r\n")
    assert lines[0] == "line,reason,Mobile,Name,City,Shoe"
    assert [line.split(",")[0] for line in lines[1:3]] == ["4", "5"]


def test_a_file_that_is_no_text_is_refused_beside_the_field(owner_client: Client) -> None:
    file = SimpleUploadedFile("photo.csv", b"\x89PNG\x00\x00\x00")

    answer = owner_client.post("/contacts/imports/new", {"file": file})

    assert answer.status_code == 422
    assert "is no text file." in answer.content.decode()
    assert not ImportRun.objects.exists()


def test_a_country_without_telephone_numbers_is_refused_beside_the_field(
    owner_client: Client,
) -> None:
    file = SimpleUploadedFile("people.csv", b"Phone\n0612345678\n")

    answer = owner_client.post("/contacts/imports/new", {"file": file, "region": "AQ"})

    assert answer.status_code == 422
    assert "AQ is no country" in answer.content.decode()
    assert not ImportRun.objects.exists()


def test_one_field_cannot_be_filled_by_two_columns(
    owner_client: Client, workspace: Workspace
) -> None:
    run = _upload(owner_client)
    form = {"column_0": "msisdn", "column_1": "first_name", "column_2": "first_name"}

    answer = owner_client.post(f"/contacts/imports/{run.id}/mapping", form)

    assert answer.status_code == 422
    assert "is chosen for two columns" in answer.content.decode()
    assert not Job.objects.exists()


def test_consent_without_its_wording_is_no_consent(
    owner_client: Client, workspace: Workspace
) -> None:
    run = _upload(owner_client)
    form = {"column_0": "msisdn", "source": "A shop", "given_at": "2026-01-15T09:30"}

    answer = owner_client.post(f"/contacts/imports/{run.id}/mapping", form)

    assert answer.status_code == 422
    assert "Consent for a whole file needs source, wording and time." in answer.content.decode()


def test_a_step_under_way_shows_its_progress_and_can_be_stopped(
    owner_client: Client, workspace: Workspace
) -> None:
    run = _upload(owner_client)
    owner_client.post(f"/contacts/imports/{run.id}/mapping", {"column_0": "msisdn"})
    run.refresh_from_db()
    Job.objects.filter(id=run.job_id).update(state="running", done_count=5, total_count=20)

    page = owner_client.get(f"/contacts/imports/{run.id}/progress").content.decode()
    owner_client.post(f"/contacts/imports/{run.id}/stop")

    assert '<progress id="bar" aria-label="Looking at every row" value="5" max="20">' in page
    assert Job.objects.get().state == "stopping"


def test_two_steps_never_run_at_once(owner_client: Client, workspace: Workspace) -> None:
    run = _upload(owner_client)
    owner_client.post(f"/contacts/imports/{run.id}/mapping", {"column_0": "msisdn"})

    answer = owner_client.post(f"/contacts/imports/{run.id}/apply", follow=True)

    assert "Wait until the present step is over" in answer.content.decode()
    assert Job.objects.count() == 1


def test_when_a_step_is_over_the_whole_page_comes_anew(
    owner_client: Client, workspace: Workspace
) -> None:
    make_contact(workspace=workspace)
    run = _upload(owner_client)

    answer = owner_client.get(f"/contacts/imports/{run.id}/progress")

    assert answer["HX-Refresh"] == "true"


def test_the_first_values_stand_under_each_header_with_numbers_masked(
    owner_client: Client, workspace: Workspace
) -> None:
    run = _upload(owner_client)
    page = owner_client.get(f"/contacts/imports/{run.id}").content.decode()

    assert "38 · 40 · 41" in page
    assert "Ada · Bea · Nobody" in page
    assert "+33612345678" not in page


def test_a_list_and_fields_are_made_where_the_mapping_asks_for_new_ones(
    owner_client: Client, workspace: Workspace
) -> None:
    run = _upload(owner_client)
    _map(
        owner_client,
        run,
        column_2="new:text",
        column_3="new:number",
        list_id="new",
        new_list="Spring",
    )

    assert run.mapping == {
        "Mobile": "msisdn", "Name": "first_name", "City": "fields.city", "Shoe": "fields.shoe",
    }  # fmt: skip
    kinds = FieldDefinition.objects.filter(workspace_id=workspace.id)
    assert dict(kinds.values_list("label", "kind")) == {"City": "text", "Shoe": "number"}
    assert run.list_id == ContactList.objects.get(workspace_id=workspace.id, name="Spring").id


def test_a_new_list_needs_a_name_and_nothing_is_made_without(
    owner_client: Client, workspace: Workspace
) -> None:
    run = _upload(owner_client)
    values = {"column_0": "msisdn", "column_2": "new:text", "list_id": "new", "region": "FR"}
    answer = owner_client.post(f"/contacts/imports/{run.id}/mapping", values)

    assert answer.status_code == 422
    assert not ContactList.objects.exists()
    assert not FieldDefinition.objects.exists()


def test_a_consent_that_is_left_out_is_shown_with_its_reason_and_as_a_file(
    owner_client: Client, workspace: Workspace
) -> None:
    run = _upload(owner_client, "Phone,Opt-in\n+33612345678,no\n+33612345679,yes\n")
    owner_client.post(
        f"/contacts/imports/{run.id}/mapping",
        {"column_0": "msisdn", "column_1": "consent", "region": "FR"} | CONSENT,
    )
    _work(run)

    page = owner_client.get(f"/contacts/imports/{run.id}").content.decode()
    assert "consent: the file says no" in page
    answer = owner_client.get(f"/contacts/imports/{run.id}/no-consent.csv")
    lines = b"".join(answer.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert len(lines) == 2
    assert lines[1].startswith("2,consent: the file says no,")
    assert "+33612345678" not in lines[1]

    bare = owner_client.post(f"/contacts/imports/{run.id}/no-consent/numbers", {"reason": " "})
    told = owner_client.post(f"/contacts/imports/{run.id}/no-consent/numbers", {"reason": "Audit"})
    assert bare.status_code == 422
    lines = b"".join(told.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert lines[1:] == ["2,consent: the file says no,+33612345678,no"]
    entry = AuditEntry.objects.get(action="contacts.exported")
    assert (entry.subject, entry.reason) == (f"import:{run.id}", "Audit")

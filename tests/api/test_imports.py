"""People from a file through the API."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django.fixtures import DjangoAssertNumQueries

from api.conftest import Program
from textwell.accounts.models import AuditEntry, Workspace
from textwell.accounts.types import Scope
from textwell.contacts import jobs
from textwell.contacts.models import Contact, ImportRun, ListMember
from textwell.core.jobs import claim_job, finish_job
from textwell.core.models import Job, JobState

pytestmark = pytest.mark.django_db

ROWS = "Phone,Name\n0612345678,Ada\n0612345679,Bea\n12,Nobody\n"
HANDLERS = {
    "contacts.dry_run": jobs.judge,
    "contacts.apply": jobs.apply,
    "contacts.undo": jobs.undo,
}
CONSENT = {"source": "form", "wording": "Yes, text me.", "given_at": "2026-01-15T09:30:00Z"}


def send_file(program: Program, text: str = ROWS, *, key: str | None = None) -> Any:  # Any: answer
    extra = program.headers() | ({"HTTP_IDEMPOTENCY_KEY": key} if key else {})
    file = SimpleUploadedFile("people.csv", text.encode())
    return program.client.post("/api/v1/imports", {"file": file, "region": "fr"}, **extra)


def work() -> None:
    """Do the latest job as a worker does."""
    context = claim_job(Job.objects.latest("id").id, leased_by="test")
    assert context is not None
    HANDLERS[context.kind](context)
    finish_job(context, state=JobState.DONE)


def checked(program: Program) -> str:
    path = f"/imports/{send_file(program).json()['id']}"
    program.send("patch", path, {"consent": CONSENT})
    program.post(f"{path}/dry-run")
    work()
    return path


def test_a_file_is_kept_and_its_mapping_guessed(program: Program) -> None:
    answer = send_file(program)

    made = answer.json()
    assert (answer.status_code, made["state"], made["region"]) == (201, "uploaded", "FR")
    assert made["mapping"] == {"Phone": "msisdn", "Name": "first_name"}
    assert answer["Location"] == f"/api/v1/imports/{made['id']}"


def test_imports_are_listed_newest_first_with_their_steps(
    program: Program, stranger: Program, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ids = [send_file(program).json()["id"] for _each in range(3)]
    program.post(f"/imports/{ids[1]}/dry-run")

    with django_assert_num_queries(3):  # the key, the imports, their jobs
        first = program.get("/imports", limit=2).json()
    rest = program.get("/imports", limit=2, after=first["next"]).json()

    assert [each["id"] for each in first["items"]] == [ids[2], ids[1]]
    assert [each["job"] and each["job"]["kind"] for each in first["items"]] == [
        None, "contacts.dry_run",
    ]  # fmt: skip
    assert ([each["id"] for each in rest["items"]], rest["next"]) == ([ids[0]], None)
    assert stranger.get("/imports").json()["items"] == []


def test_a_region_that_is_no_country_is_named(program: Program) -> None:
    path = f"/imports/{send_file(program).json()['id']}"

    answer = program.send("patch", path, {"region": "ZZ"})

    assert answer.status_code == 422
    assert "ZZ is no country" in answer.content.decode()
    assert program.get(path).json()["region"] == "FR"


def test_an_import_goes_from_dry_run_to_apply_and_back(program: Program) -> None:
    path = checked(program)
    shown = program.get(path).json()
    assert (shown["totals"]["new"], shown["totals"]["invalid"]) == (2, 1)
    assert not Contact.objects.exists()

    assert program.post(f"{path}/apply").status_code == 202
    work()
    assert program.get(path).json()["job"]["state"] == "done"
    assert Contact.objects.count() == 2

    program.post(f"{path}/undo")
    work()
    assert program.get(path).json()["state"] == "undone"
    assert not Contact.objects.exists()


def test_a_column_cannot_be_a_field_whose_name_means_something_else(program: Program) -> None:
    path = f"/imports/{send_file(program).json()['id']}"

    answer = program.send("patch", path, {"mapping": {"Phone": "msisdn", "Name": "fields.link"}})
    defined = program.post("/fields", {"name": "link"})

    problem = answer.json()["errors"][0]
    assert (answer.status_code, problem["field"]) == (422, "mapping.Name")
    assert problem["mend"] == "Give your field another name, such as field_link."
    assert defined.json()["errors"][0]["field"] == "name"


def test_a_list_and_a_consent_are_taken_back_by_null_alone(program: Program) -> None:
    path = f"/imports/{send_file(program).json()['id']}"
    chosen = program.post("/lists", {"name": "Counter"}).json()["id"]
    program.send("patch", path, {"list_id": chosen, "consent": CONSENT})

    kept = program.send("patch", path, {"region": "FR"}).json()
    left = program.send("patch", path, {"list_id": None, "consent": None}).json()

    assert (kept["list_id"], kept["consent"]["source"]) == (chosen, "form")
    assert (left["list_id"], left["consent"]) == (None, {})


def test_a_list_that_was_deleted_after_the_dry_run_is_named(program: Program) -> None:
    path = checked(program)
    chosen = program.post("/lists", {"name": "Counter"}).json()["id"]
    program.send("patch", path, {"list_id": chosen})
    program.post(f"{path}/dry-run")
    work()
    program.send("delete", f"/lists/{chosen}", None)

    refused = program.post(f"{path}/apply")
    program.send("patch", path, {"list_id": None})
    program.post(f"{path}/dry-run")
    work()

    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "list_id")
    assert program.post(f"{path}/apply").status_code == 202
    assert not ListMember.objects.exists()


def test_the_rows_left_out_come_as_csv(program: Program) -> None:
    answer = program.get(f"{checked(program)}/rejected.csv")

    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert lines[0] == "line,reason,Phone,Name"
    assert lines[1].startswith("4,")
    assert lines[1].endswith(",12,Nobody")
    assert len(lines) == 2


def test_a_step_is_stopped_and_goes_on(program: Program) -> None:
    path = checked(program)
    program.post(f"{path}/apply")

    assert program.post(f"{path}/stop").json()["job"]["state"] == "stopped"
    assert program.post(f"{path}/resume").json()["job"]["state"] == "waiting"
    work()
    assert program.get(path).json()["state"] == "applied"


@pytest.mark.parametrize("step", ["apply", "undo", "resume"])
def test_steps_out_of_order_are_a_conflict(program: Program, step: str) -> None:
    made = send_file(program).json()

    assert program.post(f"/imports/{made['id']}/{step}").status_code == 409
    assert not Job.objects.exists()


def test_two_steps_never_run_at_once(program: Program) -> None:
    path = f"/imports/{send_file(program).json()['id']}"
    program.post(f"{path}/dry-run")

    assert program.post(f"{path}/dry-run").status_code == 409
    assert program.send("patch", path, {"region": "VN"}).status_code == 409
    assert Job.objects.count() == 1


def test_a_mapping_to_an_unknown_field_is_refused_by_name(program: Program) -> None:
    path = f"/imports/{send_file(program).json()['id']}"

    answer = program.send("patch", path, {"mapping": {"Phone": "msisdn", "Name": "nickname"}})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "mapping.Name"


def test_an_empty_file_is_refused(program: Program) -> None:
    answer = send_file(program, " \n")

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "file")


def test_a_region_is_two_letters(program: Program) -> None:
    file = SimpleUploadedFile("people.csv", ROWS.encode())
    form = {"file": file, "region": "France"}

    answer = program.client.post("/api/v1/imports", form, **program.headers())

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "region")
    assert not ImportRun.objects.exists()


@pytest.mark.parametrize(("given", "region"), [({}, "FR"), ({"region": ""}, "")])
def test_without_a_region_it_is_the_workspaces_country(
    program: Program, given: dict[str, str], region: str
) -> None:
    Workspace.objects.filter(id=program.workspace.id).update(country="FR")
    file = SimpleUploadedFile("people.csv", b"Phone\n0612345678\n")

    answer = program.client.post("/api/v1/imports", {"file": file, **given}, **program.headers())

    assert (answer.status_code, answer.json()["region"]) == (201, region)


def test_no_dry_run_begins_while_no_column_holds_the_number(program: Program) -> None:
    uploaded = send_file(program, "a,b\n1,2\n").json()
    path = f"/imports/{uploaded['id']}"

    answer = program.post(f"{path}/dry-run")

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "mapping")
    assert program.get(path).json()["job"] is None


def test_the_same_file_with_the_same_key_is_one_import(program: Program) -> None:
    first = send_file(program, key="a")
    again = send_file(program, key="a")
    other = send_file(program, ROWS + "0612345680,Cy\n", key="a")

    assert again.content == first.content
    assert again["Idempotency-Replayed"] == "true"
    assert other.status_code == 409
    assert ImportRun.objects.count() == 1


def test_another_workspaces_import_is_not_there(program: Program, stranger: Program) -> None:
    path = f"/imports/{send_file(program).json()['id']}"

    statuses = {
        stranger.get(path).status_code,
        stranger.get(f"{path}/rejected.csv").status_code,
        stranger.send("patch", path, {"region": "VN"}).status_code,
        *(
            stranger.post(f"{path}/{step}").status_code
            for step in ("dry-run", "apply", "stop", "resume", "undo")
        ),
    }

    assert statuses == {404}
    assert not Job.objects.exists()


def test_a_consent_that_is_none_is_told_row_by_row(program: Program) -> None:
    text = (
        "Phone,Subscribed,consent_source,consent_at,consent_wording\n"
        "0612345678,no,Form,2026-01-02,Yes\n0612345679,sí,Form,2026-01-02,Yes\n"
    )
    path = f"/imports/{send_file(program, text).json()['id']}"
    program.post(f"{path}/dry-run")
    work()

    shown = program.get(path).json()
    assert shown["mapping"]["Subscribed"] == "consent"
    assert (shown["totals"]["consent"], shown["totals"]["consent_left_out"]) == (1, 1)
    answer = program.get(f"{path}/no-consent.csv")
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert len(lines) == 2
    assert lines[1].endswith(",no,Form,2026-01-02,Yes")
    assert "0612345678" not in lines[1]


@pytest.mark.parametrize("kind", ["rejected", "no-consent"])
def test_full_numbers_of_an_import_need_the_scope_and_a_reason(
    kind: str, workspace: Workspace
) -> None:
    head = "Phone,Subscribed,Consent source,Consent at,Consent wording\n"
    text = head + "+33612345678,no,Form,2026-01-02,Yes\n" * 2
    scopes = [Scope.CONTACTS_READ, Scope.CONTACTS_WRITE]
    program = Program(workspace, [each.value for each in scopes])
    trusted = Program(workspace, [*(each.value for each in scopes), Scope.CONTACTS_NUMBERS.value])
    path = f"/imports/{send_file(program, text).json()['id']}"
    program.post(f"{path}/dry-run")
    work()

    def numbers(asker: Program, query: str = "") -> int:
        answer = asker.get(f"{path}/{kind}.csv{query}")
        return b"".join(answer.streaming_content).decode().count("+33612345678")

    assert [numbers(program), numbers(program, "?export_reason=Audit"), numbers(trusted)] == [0] * 3
    assert not AuditEntry.objects.filter(action="contacts.exported").exists()
    assert numbers(trusted, "?export_reason=Audit") == 1
    entry = AuditEntry.objects.get(action="contacts.exported")
    assert (entry.subject, entry.reason) == (
        path.strip("/").replace("imports/", "import:"),
        "Audit",
    )


def test_pasted_people_are_judged_and_applied(program: Program) -> None:
    answer = program.post(
        "/imports/paste", {"people": "Ada 0612345678\n12", "consent": CONSENT, "region": "FR"}
    )
    work()

    path = answer["Location"].removeprefix("/api/v1")
    assert (answer.status_code, answer.json()["job"]["state"]) == (202, "waiting")
    totals = program.get(path).json()["totals"]
    assert (totals["new"], totals["invalid"]) == (1, 1)
    program.post(f"{path}/apply")
    work()
    assert Contact.objects.get().first_name == "Ada"


def test_nobody_is_pasted(program: Program) -> None:
    answer = program.post("/imports/paste", {"people": " \n", "consent": CONSENT})

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "people")
    assert not ImportRun.objects.exists()

from django.test import Client

import textwell.contacts.jobs  # noqa: F401 - registers the handlers
from jobs_done import do_job
from textwell.accounts.models import AuditEntry, Workspace
from textwell.consent.models import ConsentEvent, ConsentState
from textwell.contacts.models import Contact, ImportRun

PASTED = {
    "people": "Ada 06 12 34 56 78\n+33 6 12 34 56 79, Bea\nnobody\n0612345678\n",
    "region": "FR",
    "source": "Form at the counter",
    "given_at": "2026-01-15T09:30",
    "wording": "Yes, text me offers.",
}


def _paste(client: Client, **changed: str) -> ImportRun:
    answer = client.post("/contacts/imports/paste", PASTED | changed)
    run = ImportRun.objects.get()
    assert answer.url == f"/contacts/imports/{run.id}"
    do_job(run.job_id)
    run.refresh_from_db()
    return run


def test_pasted_people_are_judged_like_a_file_and_nobody_is_stored(owner_client: Client) -> None:
    run = _paste(owner_client)

    assert run.state == "judged"
    assert (run.totals["new"], run.totals["duplicate"], run.totals["invalid"]) == (2, 1, 1)
    assert not Contact.objects.exists()


def test_applied_they_have_their_names_and_the_proof(owner_client: Client) -> None:
    run = _paste(owner_client)

    owner_client.post(f"/contacts/imports/{run.id}/apply")
    run.refresh_from_db()
    do_job(run.job_id)

    stored = Contact.objects.order_by("msisdn").values_list("msisdn", "first_name")
    assert list(stored) == [("+33612345678", "Ada"), ("+33612345679", "Bea")]
    assert ConsentState.objects.filter(is_granted=True).count() == 2
    assert {event.wording for event in ConsentEvent.objects.all()} == {"Yes, text me offers."}
    assert AuditEntry.objects.filter(action="imports.apply").count() == 1


def test_without_the_proof_nothing_begins_and_what_was_typed_stays(owner_client: Client) -> None:
    answer = owner_client.post("/contacts/imports/paste", PASTED | {"wording": ""})

    assert answer.status_code == 422
    assert "+33 6 12 34 56 79, Bea" in answer.content.decode()
    assert not ImportRun.objects.exists()


def test_an_empty_paste_says_what_to_write(owner_client: Client) -> None:
    answer = owner_client.post("/contacts/imports/paste", PASTED | {"people": "\x00"})

    assert answer.status_code == 422
    assert not ImportRun.objects.exists()


def test_numbers_without_a_country_code_are_of_the_workspaces_country(
    owner_client: Client, workspace: Workspace
) -> None:
    page = owner_client.get("/contacts/imports/new").content.decode()

    assert '<option value="FR" selected>' in page
    assert workspace.country == "FR"

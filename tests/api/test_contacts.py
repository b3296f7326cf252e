"""People, consent, tags, lists and fields through the API."""

from datetime import datetime, timedelta

import pytest

from api.conftest import Program
from builders import make_campaign, make_contact, make_gateway, make_workspace
from textwell.accounts.models import AuditEntry
from textwell.consent.chain.form import check_proof
from textwell.consent.models import ConsentState, Suppression
from textwell.contacts.models import Contact, ListMember
from textwell.contacts.zones import load_zones
from textwell.core.clock import now
from textwell.core.signing import list_public_keys

pytestmark = pytest.mark.django_db

YES = {"source": "form", "wording": "Yes, text me.", "given_at": "2026-01-15T09:30:00Z"}


def test_a_person_is_made_and_then_changed_by_number(program: Program) -> None:
    first = program.post("/contacts", {"msisdn": "+33612345678", "first_name": "Ada"})
    again = program.post("/contacts", {"msisdn": "06 12 34 56 78", "region": "FR", "tags": ["vip"]})

    assert (first.status_code, again.status_code) == (200, 200)
    shown = again.json()
    assert shown["id"] == first.json()["id"]
    assert (shown["first_name"], shown["tags"], shown["country"]) == ("Ada", ["vip"], "FR")


def test_a_new_person_has_no_consent(program: Program) -> None:
    made = program.post("/contacts", {"msisdn": "+33612345678"}).json()

    shown = program.get(f"/contacts/{made['id']}/consent").json()

    assert shown == {"states": [], "suppression": None, "pause": None, "history": [],
                     "channels": None, "channels_history": []}  # fmt: skip


def test_people_are_found_by_the_beginning_of_number_or_name(program: Program) -> None:
    ada = make_contact(workspace=program.workspace, msisdn="+33612345678", first_name="Ada")
    make_contact(workspace=program.workspace, msisdn="+84901234567", first_name="Bảo")

    for search in ("+3361", "ada"):
        found = program.get("/contacts", search=search).json()["items"]
        assert [row["id"] for row in found] == [ada.id]


def test_consent_is_given_and_taken_back_with_its_history(program: Program) -> None:
    contact = make_contact(workspace=program.workspace, has_consent=False)

    program.post(f"/contacts/{contact.id}/opt-in", YES)
    answer = program.post(f"/contacts/{contact.id}/opt-out", {"source": "phone call"})

    assert answer.status_code == 201
    shown = answer.json()
    assert [event["kind"] for event in shown["history"]] == ["opt_out", "opt_in"]
    assert shown["suppression"] == "opted_out"
    assert [(s["purpose"], s["is_granted"]) for s in shown["states"]] == [("marketing", False)]


def test_a_pause_is_put_moved_and_ended(program: Program) -> None:
    contact = make_contact(workspace=program.workspace)
    at = f"/contacts/{contact.id}/pause"

    both = program.send("put", at, {"days": 7, "until": "2099-01-01T00:00:00Z"})
    put = program.send("put", at, {"days": 30, "source": "phone call"}).json()["pause"]
    ended = program.send("delete", at, None)

    assert (both.status_code, both.json()["errors"][0]["field"]) == (422, "until")
    assert (put["source"], put["channel"]) == ("phone call", "sms")
    lasts = datetime.fromisoformat(put["until"]) - datetime.fromisoformat(put["since"])
    assert timedelta(29, 86_000) < lasts <= timedelta(30)
    assert (ended.status_code, ended.json()["pause"]) == (200, None)


def test_the_way_that_a_person_chose_is_put_and_all_are_kept(program: Program) -> None:
    contact = make_contact(workspace=program.workspace)
    at = f"/contacts/{contact.id}/channels"

    unknown = program.send("put", at, {"choice": "post"})
    program.send("put", at, {"choice": "both", "source": "form", "evidence": {"page": "/join"}})
    put = program.send("put", at, {"choice": "email", "wording": "No texts"}).json()

    assert (unknown.status_code, unknown.json()["errors"][0]["field"]) == (422, "choice")
    assert (put["channels"]["choice"], put["channels"]["wording"]) == ("email", "No texts")
    kept = [(each["choice"], each["evidence"]) for each in put["channels_history"]]
    assert kept == [("email", {}), ("both", {"page": "/join"})]
    assert put["states"][0]["is_granted"] is True


@pytest.mark.parametrize("missing", ["source", "wording", "given_at"])
def test_an_opt_in_without_evidence_is_refused(program: Program, missing: str) -> None:
    contact = make_contact(workspace=program.workspace, has_consent=False)
    given = {name: value for name, value in YES.items() if name != missing}

    answer = program.post(f"/contacts/{contact.id}/opt-in", given)

    assert answer.status_code == 422
    assert answer.json()["errors"] == [
        {"field": missing, "problem": "is missing", "mend": "Give this field."}
    ]
    assert not ConsentState.objects.exists()


def test_sample_people_come_and_go_and_no_telephone_gets_their_texts(program: Program) -> None:
    make_gateway(workspace=program.workspace, provider="smpp")
    added = [program.post("/contacts/sample") for _ in range(2)]
    (shown, *_) = program.get("/contacts", tag="sample", limit=1).json()["items"]
    text = {"to": "+12125550110", "body": "Hi", "purpose": "transactional"}
    refused = program.post("/messages", text)
    removed = program.send("delete", "/contacts/sample", None)

    assert [(a.status_code, a.json()["count"]) for a in added] == [(201, 50), (201, 0)]
    assert (shown["is_sample"], shown["tags"]) == (True, ["sample"])
    assert "sample_person" in refused.content.decode()
    assert (refused.status_code, removed.json()) == (422, {"count": 50})


def test_filters_are_kept_under_a_name(program: Program) -> None:
    saved = program.post("/contacts/filters", {"name": "Regulars", "tag": "vip"})
    path = f"/contacts/filters/{saved.json()['id']}"

    refused = program.post("/contacts/filters", {"name": "Everybody"})
    renamed = program.send("patch", path, {"name": "Gold"})
    listed = program.get("/contacts/filters").json()
    deleted = program.send("delete", path, None)

    assert (saved.status_code, refused.status_code, deleted.status_code) == (201, 422, 204)
    assert refused.json()["errors"][0]["field"] == "filter"
    assert listed == [renamed.json()]
    assert (renamed.json()["name"], renamed.json()["tag"]) == ("Gold", "vip")
    assert program.send("patch", path, {"name": "Gone"}).status_code == 404


def test_it_is_explained_why_a_person_did_not_get_a_campaign(program: Program) -> None:
    person = make_contact(workspace=program.workspace, tags=["vip"])
    campaign = make_campaign(
        workspace=program.workspace, audience={"tag": "old"}, launched_at=now(), state="finished"
    )
    foreign = make_campaign(workspace=make_workspace(name="Other"))

    told = program.get(f"/contacts/{person.id}/explanation", campaign_id=campaign.id)
    untold = program.get(f"/contacts/{person.id}/explanation", campaign_id=foreign.id)

    answer = told.json()
    (look,) = answer.pop("looks")
    assert answer.pop("consent")["kind"] == "opt_in"
    assert answer == {
        "campaign_id": campaign.id, "contact_id": person.id, "answer": "no", "stage": "audience",
        "reason": "not_in_audience", "mend": "", "at": None, "message_id": None, "state": "",
        "why": "The person was not in the audience when the campaign was planned.",
        "code": "", "suppressions": [], "failed_rules": [], "message": None,
    }  # fmt: skip
    assert (look["is_forecast"], look["verdict"], look["rules"][3]["rule"]) == (
        True,
        "allow",
        "consent",
    )
    assert untold.status_code == 404


def test_bulk_stores_the_good_rows_and_reports_the_bad_ones(program: Program) -> None:
    kept = make_contact(workspace=program.workspace, msisdn="+33612345678", first_name="Ada")

    answer = program.post(
        "/contacts/bulk",
        {
            "contacts": [
                {"msisdn": "+33612345678", "last_name": "L"},
                {"msisdn": "nonsense"},
                {"msisdn": "0611111111", "tags": ["new"]},
                {"msisdn": "+33622222222", "fields": {"shoe": 42}},
            ],
            "region": "FR",
        },
    ).json()

    assert (answer["created_count"], answer["updated_count"], answer["unchanged_count"]) == (
        1,
        1,
        0,
    )
    assert [(r["place"], r["field"]) for r in answer["rejected"]] == [
        (1, "msisdn"),
        (3, "fields.shoe"),
    ]
    kept.refresh_from_db()
    assert (kept.first_name, kept.last_name) == ("Ada", "L")


def test_bulk_twice_is_once(program: Program) -> None:
    people = {"contacts": [{"msisdn": f"+3361000{n:04d}", "tags": ["a"]} for n in range(50)]}

    first = program.post("/contacts/bulk", people).json()
    again = program.post("/contacts/bulk", people).json()

    assert (first["created_count"], again["unchanged_count"]) == (50, 50)
    assert again["created_count"] == again["updated_count"] == 0


def test_bulk_records_consent_of_the_rows_that_carry_it(program: Program) -> None:
    program.post(
        "/contacts/bulk",
        {"contacts": [{"msisdn": "+33610000001", "consent": YES}, {"msisdn": "+33610000002"}]},
    )

    state = ConsentState.objects.get()
    assert Contact.objects.get(id=state.contact_id).msisdn == "+33610000001"
    assert state.is_granted


def test_bulk_refuses_an_external_id_of_another_person(program: Program) -> None:
    make_contact(workspace=program.workspace, msisdn="+33612345678", external_id="c-1")

    answer = program.post(
        "/contacts/bulk",
        {
            "contacts": [
                {"msisdn": "+33610000001", "external_id": "c-1"},
                {"msisdn": "+33610000002", "external_id": "c-2"},
                {"msisdn": "+33610000003", "external_id": "c-2"},
            ]
        },
    ).json()

    assert [(r["place"], r["field"]) for r in answer["rejected"]] == [
        (0, "external_id"),
        (2, "external_id"),
    ]
    assert answer["created_count"] == 1


def test_bulk_takes_ten_thousand_and_no_more(program: Program) -> None:
    rows = [{"msisdn": f"+3361{n:07d}"} for n in range(10_001)]

    refused = program.post("/contacts/bulk", {"contacts": rows})
    taken = program.post("/contacts/bulk", {"contacts": rows[:-1]})

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "contacts"
    assert taken.json()["created_count"] == 10_000
    assert (
        AuditEntry.objects.get(action="contacts.bulk_upserted").data["after"]["created"] == 10_000
    )


def test_bulk_removes_a_field_that_is_null_and_keeps_the_others(program: Program) -> None:
    for name in ("city", "shoe"):
        program.post("/fields", {"name": name})
    contact = make_contact(
        workspace=program.workspace, fields={"city": "Lyon", "shoe": "42"}, tags=["a"]
    )

    person = {"msisdn": contact.msisdn, "fields": {"shoe": None}, "tags": ["b", "a"]}
    program.post("/contacts/bulk", {"contacts": [person]})

    contact.refresh_from_db()
    assert (contact.fields, contact.tags) == ({"city": "Lyon"}, ["a", "b"])


def test_tags_are_added_and_taken_away(program: Program) -> None:
    contact = make_contact(workspace=program.workspace, tags=["old"])

    answer = program.post("/tags", {"contact_ids": [contact.id], "add": ["vip"], "remove": ["old"]})

    assert answer.json() == {"count": 1, "is_under_way": False}
    assert program.get("/tags").json() == {
        "tags": ["vip"],
        "counts": [{"tag": "vip", "contact_count": 1, "textable_count": 1}],
        "counted_at": None,
    }


def test_a_list_is_kept_by_hand(program: Program) -> None:
    contact = make_contact(workspace=program.workspace)
    made = program.post("/lists", {"name": "Regulars"}).json()

    program.post(f"/lists/{made['id']}/members", {"contact_ids": [contact.id]})

    assert program.get(f"/lists/{made['id']}").json()["contact_count"] == 1
    found = program.get("/contacts", list_id=made["id"]).json()["items"]
    assert [row["id"] for row in found] == [contact.id]
    program.post(f"/lists/{made['id']}/members/remove", {"contact_ids": [contact.id]})
    assert not ListMember.objects.exists()


def test_a_foreign_list_is_not_found(program: Program, stranger: Program) -> None:
    made = program.post("/lists", {"name": "Regulars"}).json()

    assert stranger.get("/contacts", list_id=made["id"]).status_code == 404
    bulk = {"contacts": [{"msisdn": "+33612345678"}], "list_ids": [made["id"]]}
    assert stranger.post("/contacts/bulk", bulk).status_code == 404
    assert not Contact.objects.exists()


def test_an_opt_out_suppresses_the_number(program: Program) -> None:
    contact = make_contact(workspace=program.workspace)

    program.post(f"/contacts/{contact.id}/opt-out", {"source": "phone call"})

    assert Suppression.objects.get().msisdn == contact.msisdn


def test_a_field_is_defined_once(program: Program) -> None:
    assert program.post("/fields", {"name": "city", "label": "City"}).status_code == 201
    assert program.post("/fields", {"name": "city", "kind": "number"}).status_code == 409
    assert program.get("/fields").json() == [{"name": "city", "label": "City", "kind": "text"}]


@pytest.mark.parametrize(
    ("field", "value", "is_taken"),
    [("zone", "Europe/Paris", True), ("zone", "Paris", False), ("zone", "", True),
     ("language", "pt-BR", True), ("language", "français", False), ("language", "12", False)],
)  # fmt: skip
def test_zones_and_languages_are_known_ones(
    program: Program, field: str, value: str, is_taken: bool
) -> None:
    person = {"msisdn": "+33612345678", field: value}

    alone = program.post("/contacts", person)
    row = program.post("/contacts/bulk", {"contacts": [person]}).json()

    assert (alone.status_code == 200) == is_taken
    assert [each["field"] for each in row["rejected"]] == ([] if is_taken else [field])
    assert Contact.objects.filter(**{field: value}).exists() == is_taken


def test_one_person_is_shown_with_the_zones_that_may_be_theirs(program: Program) -> None:
    load_zones()
    derived = make_contact(workspace=program.workspace, msisdn="+34612345678")
    given = make_contact(workspace=program.workspace, msisdn="+34612345679", zone="Europe/Paris")

    shown = [program.get(f"/contacts/{person.id}").json() for person in (derived, given)]

    assert [(each["zone"], each["zones"]) for each in shown] == [
        ("", {"names": ["Atlantic/Canary", "Europe/Madrid"], "is_given": False}),
        ("Europe/Paris", {"names": ["Europe/Paris"], "is_given": True}),
    ]


def test_what_was_on_record_at_a_moment_is_told_and_proven(program: Program) -> None:
    contact = make_contact(workspace=program.workspace, has_consent=False)
    path = f"/contacts/{contact.id}"
    program.post(f"{path}/opt-in", YES)
    program.post(f"{path}/opt-in", YES | {"purpose": "care", "wording": "Yes.", "language": "en"})
    between = now()
    program.post(f"{path}/opt-out", {"source": "phone call"})

    before = program.get(f"{path}/consent/at", at=YES["given_at"]).json()
    told = program.get(f"{path}/consent/at", at=between.isoformat()).json()
    later = program.get(f"{path}/consent/at", at="2099-01-01T00:00:00Z").json()
    proof = program.get(f"{path}/consent/proof", at=between.isoformat())
    unproven = program.get(f"{path}/consent/proof", at=between.isoformat(), topic="news")

    assert before["states"] == []  # given, but not yet recorded
    care, marketing = told["states"]
    assert (care["purpose"], care["is_granted"], care["event"]["language"]) == ("care", True, "en")
    assert marketing["event"]["wording"] == YES["wording"]
    assert [s["is_granted"] for s in later["states"]] == [True, False]
    assert later["at"] < "2099"
    keys = {key.key_id: key.value for key in list_public_keys(program.workspace.id)}
    said = check_proof(b"".join(proof).removesuffix(b"\n"), keys)
    assert (said.problem, said.fields["event"]) == ("", marketing["event"]["id"])
    assert unproven.status_code == 404

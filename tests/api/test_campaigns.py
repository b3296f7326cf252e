"""A campaign from draft to report through the API."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta

import pytest

from api.conftest import Program
from builders import make_campaign, make_contact, make_gateway
from domain.reports.sent import make_sent
from textwell.accounts.models import AuditEntry, Workspace
from textwell.campaigns.approval import submit_campaign
from textwell.campaigns.models import Campaign
from textwell.core.clock import now
from textwell.core.models import Job
from textwell.messaging.models import Tally

pytestmark = pytest.mark.django_db


def draft(program: Program) -> dict[str, object]:
    gateway = make_gateway(workspace=program.workspace)
    return {
        "name": "Spring",
        "body": "Hi {{ first_name }}, bread is ready.",
        "fallbacks": {"first_name": "friend"},
        "audience": {"all": True},
        "gateway_id": gateway.id,
        "sender": "BAKERY",
    }


def test_a_draft_is_made_and_changed(program: Program) -> None:
    made = program.post("/campaigns", draft(program))
    path = f"/campaigns/{made.json()['id']}"

    changed = program.send("patch", path, {"cap_count": 2}).json()

    assert made.status_code == 201
    assert made["Location"] == f"/api/v1{path}"
    assert (changed["name"], changed["cap_count"], changed["state"]) == ("Spring", 2, "draft")
    assert program.get(path).json() == changed


def test_a_campaign_that_is_not_ready_says_everything_that_is_missing(program: Program) -> None:
    made = program.post("/campaigns", {"name": "Spring"}).json()

    shown = program.get(f"/campaigns/{made['id']}/check").json()

    assert shown["is_ready"] is False
    assert {"body", "gateway_id"} <= {problem["field"] for problem in shown["problems"]}
    assert all(problem["mend"] for problem in shown["problems"])
    assert program.post(f"/campaigns/{made['id']}/launch").status_code == 422


def test_the_check_says_in_which_line_the_text_cannot_be_read(program: Program) -> None:
    vietnamese = {"language": "vi", "body": "Chào\n\n{% foo %}"}
    given = draft(program) | {"body": "Hi\n{{ first_name", "versions": [vietnamese]}
    made = program.post("/campaigns", given).json()
    make_contact(workspace=program.workspace)

    found = program.get(f"/campaigns/{made['id']}/check").json()["problems"]

    assert [(problem["field"], problem["line"]) for problem in found] == [
        ("body", 2),
        ("versions", 3),
    ]
    assert found[1]["problem"].startswith("Text for vi: Line 3: The text cannot be read:")


def test_a_preview_shows_the_exact_text_and_the_gates_word(program: Program) -> None:
    made = program.post("/campaigns", draft(program)).json()
    contact = make_contact(workspace=program.workspace, first_name="", has_consent=False)

    shown = program.post(f"/campaigns/{made['id']}/preview", {"contact_id": contact.id}).json()

    assert shown["text"] == "Hi friend, bread is ready."
    assert (shown["verdict"], shown["reason"]) == ("skip", "no_consent")
    assert shown["parts"] == [
        {
            "text": "Hi friend, bread is ready.",
            "header_hex": "",
            "octets_hex": b"Hi friend, bread is ready.".hex(),
            "octet_count": 26,
        }
    ]
    assert (shown["octets_as"], shown["units_left"], shown["forced_by"]) == ("submitted", 134, [])
    assert shown["allowed_at"] is None


def test_a_preview_says_when_it_may_go_and_what_the_persons_clock_shows(program: Program) -> None:
    made = program.post("/campaigns", draft(program) | {"scheduled_at": "2036-03-01T14:30:00Z"})
    contact = make_contact(workspace=program.workspace, zone="Asia/Ho_Chi_Minh")
    path = f"/campaigns/{made.json()['id']}/preview"

    shown = program.post(path, {"contact_id": contact.id}).json()

    assert shown["allowed_at"] == shown["planned_at"] == "2036-03-01T14:30:00+00:00"
    assert shown["local_times"] == [
        {"at": "2036-03-01T21:30:00+07:00", "zones": ["Asia/Ho_Chi_Minh"], "is_night": True}
    ]


def test_a_test_goes_to_one_person_or_to_a_test_list(program: Program) -> None:
    made = program.post("/campaigns", draft(program)).json()
    path = f"/campaigns/{made['id']}/test"
    contact = make_contact(workspace=program.workspace)
    silent = make_contact(workspace=program.workspace, has_consent=False)
    chosen = program.post("/lists", {"name": "Colleagues"}).json()
    program.post(f"/lists/{chosen['id']}/members", {"contact_ids": [contact.id, silent.id]})

    unmarked = program.post(path, {"list_id": chosen["id"]})
    marked = program.send("patch", f"/lists/{chosen['id']}", {"is_for_tests": True}).json()
    sent = program.post(path, {"list_id": chosen["id"]})
    one = program.post(path, {"contact_id": contact.id}).json()
    wrong = [
        program.post(path, body).json()["errors"][0]["field"]
        for body in ({}, {"contact_id": contact.id, "list_id": chosen["id"]})
    ]

    assert (unmarked.status_code, unmarked.json()["errors"][0]["field"]) == (422, "list_id")
    assert (marked["name"], marked["is_for_tests"]) == ("Colleagues", True)
    answer = sent.json()
    assert (sent.status_code, answer["message_ids"]) == (202, [answer["message_id"]])
    assert answer["left_out"] == [{"contact_id": silent.id, "reason": "no_consent"}]
    assert (one["message_ids"], one["left_out"]) == ([one["message_id"]], [])
    assert wrong == ["contact_id", "contact_id"]


def test_a_forecast_counts_who_is_left_out(program: Program) -> None:
    made = program.post("/campaigns", draft(program)).json()
    make_contact(workspace=program.workspace)
    make_contact(workspace=program.workspace, has_consent=False)

    shown = program.get(f"/campaigns/{made['id']}/forecast").json()

    assert (shown["people_count"], shown["sendable_count"]) == (2, 1)
    assert shown["left_out"] == {"no_consent": 1}


def test_a_launch_is_planned_once(program: Program) -> None:
    made = program.post("/campaigns", draft(program)).json()
    make_contact(workspace=program.workspace)

    first = program.post(f"/campaigns/{made['id']}/launch")
    again = program.post(f"/campaigns/{made['id']}/launch")

    assert (first.status_code, first.json()["state"]) == (200, "planning")
    assert again.status_code == 409
    assert Job.objects.filter(kind="campaigns.plan").count() == 1


def test_a_launch_may_wait_for_its_time(program: Program) -> None:
    made = program.post("/campaigns", draft(program)).json()
    make_contact(workspace=program.workspace)

    answer = program.post(f"/campaigns/{made['id']}/launch", {"at": "2036-01-01T09:00:00+07:00"})

    assert answer.json()["state"] == "scheduled"
    assert answer.json()["scheduled_at"].startswith("2036-01-01T02:00:00")


def test_a_campaign_is_paused_resumed_and_canceled(program: Program) -> None:
    campaign = make_campaign(workspace=program.workspace, state="sending")

    states = [
        program.post(f"/campaigns/{campaign.id}/{step}").json()["state"]
        for step in ("pause", "resume", "cancel")
    ]

    assert states == ["paused", "sending", "canceled"]
    audited = AuditEntry.objects.filter(subject=f"campaign:{campaign.id}").order_by("id")
    assert {entry.actor for entry in audited} == {f"key:{program.key.id}"}


def test_the_stop_button_stops_the_workspace_until_it_is_lifted(program: Program) -> None:
    stopped = program.post("/stop-all", {"reason": "wrong text"}).json()
    lifted = program.post("/stop-all/lift").json()

    assert (stopped["is_stopped"], lifted["is_stopped"]) == (True, False)
    assert AuditEntry.objects.get(action="workspace.stopped").reason == "wrong text"
    assert not Workspace.objects.get(id=program.workspace.id).is_stopped


def test_campaigns_are_listed_newest_first_in_pages(program: Program) -> None:
    made = [make_campaign(workspace=program.workspace).id for _time in range(3)]

    first = program.get("/campaigns", limit=2).json()
    rest = program.get("/campaigns", limit=2, after=first["next"]).json()

    ids = [row["id"] for row in first["items"] + rest["items"]]
    assert ids == made[::-1]
    assert rest["next"] is None


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("name", {"name": ""}),
        ("links.0.url", {"links": [{"url": "javascript:alert(1)"}]}),
        ("links.0.url", {"links": [{"url": "https://me:pw@shop.example/"}]}),
        ("utm.utm_term", {"utm": {"utm_term": "{{ city }}"}}),
        ("lane", {"lane": "fast"}),
        ("boddy", {"boddy": "Hi"}),
    ],
)
def test_bad_input_is_refused_by_field(
    program: Program, field: str, given: dict[str, object]
) -> None:
    answer = program.post("/campaigns", {"name": "Spring", **given})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field
    assert not Campaign.objects.exists()


def test_the_report_opens_to_the_people_of_each_figure(program: Program) -> None:
    sent = make_sent(program.workspace)
    path = f"/campaigns/{sent.campaign.id}"

    report = program.get(f"{path}/report").json()
    failure = report["failures"][0]
    people = program.get(f"{path}/people", **failure["figure"]).json()

    assert report["equation"]["is_balanced"] is True
    assert len(people["items"]) == failure["people_count"]
    assert {row["code"] for row in people["items"]} == {failure["code"]}


def test_people_of_a_figure_come_in_pages(program: Program) -> None:
    sent = make_sent(program.workspace, people=30)
    path, seen, after = f"/campaigns/{sent.campaign.id}/people", [], {}
    while after is not None:
        page = program.get(path, limit=7, **after).json()
        seen += [row["message_id"] for row in page["items"]]
        after = {"after": page["next"]} if page["next"] else None

    assert seen == [message.id for message in sent.messages]


def test_people_are_exported_as_csv(program: Program) -> None:
    sent = make_sent(program.workspace)

    answer = program.get(f"/campaigns/{sent.campaign.id}/people.csv", term="delivered")

    text = b"".join(answer.streaming_content).decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert [int(row["message_id"]) for row in rows] == sent.where(state="delivered")


def test_a_figure_that_does_not_exist_is_refused(program: Program) -> None:
    campaign = make_campaign(workspace=program.workspace)

    answer = program.get(f"/campaigns/{campaign.id}/people", term="opened")

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "term"


def test_gateways_are_listed_without_their_settings(program: Program) -> None:
    gateway = make_gateway(workspace=program.workspace, settings={"password": "sealed"})

    shown = program.get("/gateways").json()["items"]

    assert [row["id"] for row in shown] == [gateway.id]
    assert [sender["value"] for sender in shown[0]["senders"]] == ["BAKERY"]
    assert "sealed" not in str(shown)


def test_a_campaign_without_consent_needs_its_own_scope_and_a_reason(
    program: Program, program_with: Callable[..., Program]
) -> None:
    make_contact(workspace=program.workspace, has_consent=False)
    campaign = make_campaign(workspace=program.workspace, purpose="care", lane="care")
    path, why = f"/campaigns/{campaign.id}/launch", {"reason": "Recall"}

    refused = program_with("campaigns:write").post(path, why)
    unsaid = program.post(path)
    launched = program.post(path, why)

    assert (refused.status_code, unsaid.status_code, launched.status_code) == (403, 422, 200)
    assert unsaid.json()["errors"][0]["field"] == "reason"
    assert AuditEntry.objects.get(action="campaigns.launched").reason == "Recall"


def test_a_purpose_of_no_meaning_is_refused(program: Program) -> None:
    answer = program.post("/campaigns", {"name": "Spring", "purpose": "nonsense"})

    assert (answer.status_code, Campaign.objects.count()) == (422, 0)


def test_a_scheduled_campaign_is_rescheduled_and_unscheduled(program: Program) -> None:
    make_contact(workspace=program.workspace)
    campaign = make_campaign(
        workspace=program.workspace, state="scheduled", scheduled_at=now() + timedelta(days=1)
    )
    path = f"/campaigns/{campaign.id}"

    moved = program.post(f"{path}/reschedule", {"at": "2099-06-01T10:00:00Z"}).json()
    past = program.post(f"{path}/reschedule", {"at": "2020-06-01T10:00:00Z"})
    draft = program.post(f"{path}/unschedule").json()

    assert moved["scheduled_at"].startswith("2099-06-01T10:00:00")
    assert (past.status_code, draft["state"]) == (422, "draft")
    assert program.post(f"{path}/reschedule", {"at": "2099-06-01T10:00:00Z"}).status_code == 409


def test_a_number_beyond_64_bits_can_be_read_again(program: Program, workspace: Workspace) -> None:
    filters = [{"field": "points", "op": "is", "value": 10**30}]
    campaign = make_campaign(workspace=workspace, audience={"filters": filters})

    answer = program.get(f"/campaigns/{campaign.id}")

    assert answer.status_code == 200
    assert answer.json()["audience"]["filters"][0]["value"] == 10**30


def test_a_count_says_what_the_text_takes_and_how_it_is_mended(program: Program) -> None:
    make_contact(workspace=program.workspace, first_name="Ada")
    made = program.post("/campaigns", draft(program) | {"body": "“Bread” 🎉"}).json()

    shown = program.get(f"/campaigns/{made['id']}/count").json()
    warnings = program.get(f"/campaigns/{made['id']}/check").json()["warnings"]

    assert shown["groups"][0]["shares"] == {"1": 1.0, "2": 0.0, "3": 0.0}
    assert shown["mended_body"] == '"Bread" 🎉'
    assert [forced["character"] for forced in shown["forced_by"]] == ["🎉"]
    assert [warning["field"] for warning in warnings] == ["body"]


def test_a_text_in_other_languages_is_stored_and_previewed(program: Program) -> None:
    version = {"language": "vi", "body": "Bánh mì nóng", "fallbacks": {}}
    made = program.post("/campaigns", draft(program) | {"versions": [version]}).json()
    contact = make_contact(workspace=program.workspace, language="vi")

    shown = program.post(f"/campaigns/{made['id']}/preview", {"contact_id": contact.id}).json()

    assert made["versions"] == [version]
    assert (shown["text"], shown["version"]) == ("Bánh mì nóng", "vi")


def test_campaigns_that_wait_for_a_person_are_listed_alone(program: Program) -> None:
    gateway = make_gateway(workspace=program.workspace)
    handed_in, paused, lost, _draft = (
        make_campaign(workspace=program.workspace, gateway=gateway, state=state)
        for state in ("draft", "paused", "finished", "draft")
    )
    submit_campaign(campaign=handed_in, actor="user:1")
    Tally.objects.create(campaign_id=lost.id, state="unknown", reason="", message_count=2)
    Tally.objects.create(campaign_id=paused.id, state="unknown", reason="", message_count=0)

    found = {
        waiting: [row["id"] for row in program.get(f"/campaigns?waiting={waiting}").json()["items"]]
        for waiting in ("approval", "decision", "others", "paused", "unknown")
    }

    assert found == {
        "approval": [handed_in.id],
        "decision": [handed_in.id],
        "others": [],
        "paused": [paused.id],
        "unknown": [lost.id],
    }
    assert program.get("/campaigns?waiting=nothing").status_code == 422

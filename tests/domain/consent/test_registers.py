"""Do-not-contact registers: a list from a file, and who of it gets nothing by any way."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from api.conftest import Program
from builders import make_campaign, make_contact, make_gateway, make_registration, make_workspace
from domain.messaging.handing import judge
from domain.messaging.ledger import build_plan, run_plan
from textwell.accounts.models import AuditEntry, Workspace
from textwell.accounts.types import Scope
from textwell.campaigns.forecast import build_forecast, build_preview
from textwell.campaigns.models import Campaign
from textwell.campaigns.reach import Reach
from textwell.campaigns.registers import list_register_problems
from textwell.compliance.consent_rules import judge_register
from textwell.compliance.library import shipped_library
from textwell.compliance.schema import RegisterRule
from textwell.compliance.types import (
    Case,
    Consent,
    ConsentKind,
    MessageClass,
    Recipient,
    RegisterEntry,
)
from textwell.consent.models import RegisterNumber
from textwell.consent.registers import Imported, delete_register
from textwell.contacts.models import Contact
from textwell.core.errors import FieldError, NotFound
from textwell.gateways.models import Gateway
from textwell.messaging.models import Message
from textwell.messaging.register_law import list_terms, register_terms
from textwell.messaging.registers import import_register

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 24, 5, tzinfo=UTC)  # in Hanoi, a Tuesday
VN = "National Do-Not-Call register"
LISTED, FREE = "+84901234567", "+84901234568"


@pytest.fixture(autouse=True)
def _noon() -> object:
    with time_machine.travel(NOON, tick=False):
        yield


def bring_in(
    workspace: Workspace, *lines: str, name: str = VN, checked_at: datetime = NOON
) -> Imported:
    return import_register(
        workspace_id=workspace.id, name=name, lines=lines, filename="list.csv",
        checked_at=checked_at, actor="system",
    )  # fmt: skip


def numbers_of(done: Imported) -> list[str]:
    found = RegisterNumber.objects.filter(register_id=done.register.id)
    return sorted(found.values_list("msisdn", flat=True))


def campaign_of(workspace: Workspace, provider: str = "smpp") -> Campaign:
    for purpose in ("marketing", "care"):
        make_registration(workspace=workspace, purpose=purpose)
    gateway = make_gateway(workspace=workspace, provider=provider)
    return make_campaign(workspace=workspace, gateway=gateway, body="[QC] Sale. BAKERY")


def two_people(workspace: Workspace) -> tuple[Contact, Contact]:
    listed = make_contact(workspace=workspace, country="VN", msisdn=LISTED)
    return listed, make_contact(workspace=workspace, country="VN", msisdn=FREE)


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(
            ["0901234567\r\n", "\r\n", "+84 901 234 568\n", "0901234567"], id="a line each"
        ),
        pytest.param(["\ufeffid;phone\n", "7;0901234567\n", '8;"+84901234568"\n'], id="a column"),
    ],
)
def test_a_file_is_read_as_of_its_country(workspace: Workspace, lines: list[str]) -> None:
    done = bring_in(workspace, *lines)

    assert (numbers_of(done), done.rejected_count) == ([LISTED, FREE], 0)
    assert (done.register.country, done.register.number_count) == ("VN", 2)


def test_a_new_list_takes_the_place_of_the_old_one(workspace: Workspace) -> None:
    bring_in(workspace, LISTED, checked_at=NOON - timedelta(days=1))
    done = bring_in(workspace, FREE, "nobody")

    assert (numbers_of(done), done.rejected_count) == ([FREE], 1)
    entry = AuditEntry.objects.filter(action="registers.imported").latest("id")
    told = [entry.data[when] for when in ("before", "after")]
    assert [each["number_count"] for each in told] == [1, 1]
    with pytest.raises(FieldError, match="before that of the list on file"):
        bring_in(workspace, LISTED, checked_at=NOON - timedelta(days=2))
    assert numbers_of(done) == [FREE]


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("file", {"lines": ["phone", "", "none"]}),
        ("file", {"lines": []}),
        ("name", {"name": "My own list"}),
        ("checked_at", {"checked_at": NOON + timedelta(minutes=1)}),
        ("checked_at", {"checked_at": datetime(2026, 11, 1)}),  # noqa: DTZ001 - no zone
    ],
)
def test_what_cannot_be_a_list_changes_nothing(
    workspace: Workspace, field: str, given: dict[str, object]
) -> None:
    done = bring_in(workspace, LISTED)

    with pytest.raises(FieldError) as refused:
        bring_in(workspace, *given.pop("lines", [FREE]), **given)  # type: ignore[misc, arg-type]

    assert (refused.value.field, numbers_of(done)) == (field, [LISTED])


def test_whoever_is_listed_gets_nothing_by_any_way(workspace: Workspace) -> None:
    campaign = campaign_of(workspace)
    listed, free = two_people(workspace)
    run_plan(build_plan(workspace, campaign))  # before the list came
    bring_in(workspace, LISTED)
    later = make_campaign(workspace=workspace, gateway=Gateway.objects.get(id=campaign.gateway_id))
    run_plan(build_plan(workspace, later, law_layer="legal"))

    planned = Message.objects.filter(campaign_id=later.id).order_by("contact_id")
    assert [m.reason for m in planned] == ["register_listed", ""]
    assert judge(campaign) == {listed.id: "register_listed", free.id: ""}
    assert build_forecast(campaign).left_out["register_listed"] == 1
    assert build_preview(campaign, listed).reason == "register_listed"
    program = Program(workspace, [scope.value for scope in Scope])
    texts = [{"to": to, "body": "[QC] Sale. BAKERY"} for to in (LISTED, FREE)]
    answers = [program.post("/messages", text) for text in texts]
    assert [each.status_code for each in answers] == [422, 202]
    assert answers[0].json()["reason"] == "register_listed"
    assert program.post("/messages", texts[0] | {"purpose": "care"}).status_code == 202


def test_a_list_of_another_workspace_keeps_nobody_out(workspace: Workspace) -> None:
    campaign = campaign_of(workspace)
    people = two_people(workspace)
    run_plan(build_plan(workspace, campaign))
    bring_in(make_workspace(name="Other"), LISTED, FREE)

    assert judge(campaign) == {person.id: "" for person in people}


def test_what_reaches_no_phone_is_exempt(workspace: Workspace) -> None:
    campaign = campaign_of(workspace, provider="simulator")
    people = two_people(workspace)
    bring_in(workspace, LISTED)
    run_plan(build_plan(workspace, campaign, is_simulated=True))

    assert judge(campaign) == {person.id: "" for person in people}
    assert build_forecast(campaign).left_out == {}


def test_a_register_that_is_removed_is_as_if_it_never_was(workspace: Workspace) -> None:
    campaign = campaign_of(workspace)
    people = two_people(workspace)
    done = bring_in(workspace, LISTED)
    delete_register(workspace_id=workspace.id, register_id=done.register.id, actor="system")
    run_plan(build_plan(workspace, campaign, law_layer="legal"))

    assert judge(campaign) == {person.id: "" for person in people}
    assert not RegisterNumber.objects.exists()
    with pytest.raises(NotFound):
        delete_register(workspace_id=workspace.id, register_id=done.register.id, actor="system")


@pytest.mark.parametrize(("country", "number"), [("TR", "+905321234567"), ("NG", "+2348031234567")])
def test_the_statements_say_what_the_packs_rules_say(
    workspace: Workspace, country: str, number: str
) -> None:
    pack = shipped_library().find(country, NOON.date())
    assert pack is not None
    (rule,) = [each for each in pack.rule if isinstance(each, RegisterRule)]
    person = make_contact(workspace=workspace, country=country, msisdn=number)
    other = number[:-1] + "8"
    for age, is_listed in product((timedelta(hours=23), timedelta(hours=25)), (True, False)):
        done = bring_in(
            workspace, number if is_listed else other, name=rule.name, checked_at=NOON - age
        )
        case = Case(
            at=NOON, recipient=Recipient(country), message_class=MessageClass.MARKETING,
            consent=Consent(ConsentKind.EXPRESS),
            registers={rule.name: RegisterEntry(is_listed, NOON - age)},
        )  # fmt: skip
        reason, _inputs = judge_register(rule, case)

        run_plan(build_plan(workspace, make_campaign(workspace=workspace), law_layer="legal"))
        found = Message.objects.filter(contact_id=person.id).latest("id")

        assert found.reason == (reason.value if reason else ""), (age, is_listed)
        delete_register(workspace_id=workspace.id, register_id=done.register.id, actor="system")


def test_registers_that_an_express_consent_overrides_are_not_asked() -> None:
    terms = list_terms(NOON.date())

    assert {term.country for term in terms} == {"BR", "CL", "KE", "NG", "SA", "TR", "VN", "ZA"}
    assert {t.start for t in terms if t.country == "BR"} == {f"+55{n}" for n in range(11, 20)}
    assert '"max_age_days":30' in register_terms(NOON.date())


def test_a_review_names_lists_that_are_missing_or_too_old(workspace: Workspace) -> None:
    campaign = campaign_of(workspace)
    two_people(workspace)
    make_contact(workspace=workspace, country="NG", msisdn="+2348031234567")
    ncc = "NCC DND (2442), full or by category"
    missing = [problem.problem for problem in list_register_problems(campaign, Reach(campaign))]
    bring_in(workspace, LISTED)
    bring_in(workspace, "+2348031234568", name=ncc, checked_at=NOON - timedelta(hours=25))
    stale = [problem.problem for problem in list_register_problems(campaign, Reach(campaign))]

    assert sorted(missing) == [
        f"No list of the register “{name}” of {country} is on file."
        for country, name in (("NG", ncc), ("VN", f"{VN} (khongquangcao)"))
    ]
    assert stale == [
        (
            f"The list of the register “{ncc}” of NG would be older than 1 day, which is what law"
            " allows: people there are left out."
        )
    ]
    simulated = make_campaign(workspace=workspace)
    assert list_register_problems(simulated, Reach(simulated)) == []


def test_a_program_brings_a_list_in_and_takes_it_away(workspace: Workspace) -> None:
    program = Program(workspace, [scope.value for scope in Scope])
    form = {
        "file": SimpleUploadedFile("vn.csv", f"{LISTED}\nnobody\n".encode()),
        "name": VN,
        "checked_at": "2026-11-24T04:00:00Z",
    }
    made = program.client.post("/api/v1/registers", form, **program.headers()).json()
    (shown,) = program.get("/registers").json()
    standings = {one["country"]: one for one in program.get("/registers/standings").json()}
    gone = program.send("delete", f"/registers/{shown['id']}", {})

    assert made == {"register_id": shown["id"], "number_count": 1, "rejected_count": 1}
    assert (shown["name"], shown["country"]) == (f"{VN} (khongquangcao)", "VN")
    assert datetime.fromisoformat(shown["checked_at"]) == datetime(2026, 11, 24, 4, tzinfo=UTC)
    assert (standings["VN"]["state"], standings["VN"]["register_id"]) == ("fresh", shown["id"])
    assert (standings["TR"]["state"], standings["TR"]["is_of_consent"]) == ("missing", True)
    assert (gone.status_code, program.get("/registers").json()) == (204, [])

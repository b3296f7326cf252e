"""Named days without our hours, and disputed rules: who may choose, what it changes, what is kept."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from builders import make_campaign, make_contact, make_gateway
from domain.messaging.handing import judge
from domain.messaging.ledger import build_plan, run_plan
from textwell.accounts.models import ApiKey, AuditEntry, User, Workspace
from textwell.campaigns.terms import layer_of
from textwell.compliance.library import shipped_library, use_own_packs
from textwell.core.errors import Conflict, FieldError, Forbidden, NotFound
from textwell.messaging.law import judge_hours, place_of
from textwell.messaging.law_choices import (
    MAX_OPEN_DAYS,
    ask_exception_day,
    choose_reading,
    decide_exception_day,
    end_reading,
    list_chosen,
    list_exception_days,
    whole_choices,
    withdraw_exception_day,
)
from textwell.messaging.models import ExceptionDay, LenientReading, Message

pytestmark = pytest.mark.django_db

ASKER, APPROVER = "user:1", "user:2"
SINGLES_DAY = date(2027, 11, 11)
SIGNED_FOR = datetime(2027, 11, 11, 13, 30, tzinfo=UTC)  # 21:30 in Shanghai
LATE = datetime(2027, 11, 11, 12, 45, tzinfo=UTC)  # 20:45 in Shanghai, Taipei and Kuala Lumpur


@pytest.fixture(autouse=True)
def in_2027(time_machine: Any) -> None:
    time_machine.move_to(datetime(2027, 11, 1, tzinfo=UTC), tick=False)


def ask(workspace: Workspace, **values: Any) -> ExceptionDay:
    given: dict[str, Any] = {
        "country": "CN",
        "day": SINGLES_DAY,
        "name": "Double 11",
        "reason": "The shop is open late",
    }
    return ask_exception_day(workspace_id=workspace.id, actor=ASKER, **given | values)


def approve(day: ExceptionDay, actor: str = APPROVER, **values: Any) -> ExceptionDay:
    given = {"is_approved": True} | values
    return decide_exception_day(
        workspace_id=day.workspace_id, exception_id=day.id, actor=actor, **given
    )


def law_of(workspace: Workspace) -> str:
    return Workspace.objects.get(id=workspace.id).law


def test_a_day_holds_once_somebody_else_approved_it(workspace: Workspace) -> None:
    day = ask(workspace)
    assert law_of(workspace) == "recommended"

    approve(day, note="Agreed with legal")

    assert law_of(workspace) == "recommended+CN:2027-11-11"
    kept = [
        (entry.action, entry.actor, entry.reason, entry.data["after"]["day"])
        for entry in AuditEntry.objects.filter(workspace_id=workspace.id, action__startswith="law.")
    ]
    assert sorted(kept) == [
        ("law.exception_approved", APPROVER, "Agreed with legal", "2027-11-11"),
        ("law.exception_asked", ASKER, "The shop is open late", "2027-11-11"),
    ]


def test_nobody_approves_what_they_asked_for_not_by_a_key_either(workspace: Workspace) -> None:
    maker = User.objects.create_user(email="maker@lotus.example", password=None)
    key = ApiKey.objects.create(
        workspace=workspace, name="k", prefix="p", secret_hash="h", created_by=maker
    )
    day = ask_exception_day(
        workspace_id=workspace.id, actor=f"key:{key.id}", country="CN", day=SINGLES_DAY,
        name="Double 11", reason="Late",
    )  # fmt: skip

    for actor in (f"key:{key.id}", f"user:{maker.id}"):
        with pytest.raises(Forbidden):
            approve(day, actor=actor)

    assert law_of(workspace) == "recommended"


def test_a_day_is_decided_once_and_given_back_with_a_note(workspace: Workspace) -> None:
    day = ask(workspace)
    with pytest.raises(FieldError, match="missing"):
        approve(day, is_approved=False)
    approve(day, is_approved=False, note="Not this year")

    with pytest.raises(Conflict):
        approve(day)
    assert law_of(workspace) == "recommended"
    assert ask(workspace).state == "asked"  # it may be asked for again


def test_whoever_asks_may_take_it_back_alone(workspace: Workspace) -> None:
    day = approve(ask(workspace))

    for _twice in range(2):
        withdraw_exception_day(workspace_id=workspace.id, exception_id=day.id, actor=ASKER)

    assert law_of(workspace) == "recommended"
    (kept,) = list_exception_days(workspace.id)
    assert (kept.state, kept.approved_at) == ("withdrawn", day.approved_at)
    assert day.approved_at == day.decided_at


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("country", {"country": "ZZ"}),
        ("country", {"country": "LU"}),
        ("day", {"day": date(2027, 10, 30)}),
        ("day", {"day": date(2028, 12, 24)}),
        ("name", {"name": " "}),
        ("name", {"name": "x" * 81}),
        ("reason", {"reason": ""}),
    ],
)
def test_what_cannot_be_is_refused(
    workspace: Workspace, field: str, values: dict[str, object]
) -> None:
    with pytest.raises(FieldError) as caught:
        ask(workspace, **values)

    assert (caught.value.field, ExceptionDay.objects.count()) == (field, 0)


def test_a_day_is_asked_for_once_and_there_is_an_end_to_them(workspace: Workspace) -> None:
    ask(workspace)
    with pytest.raises(Conflict, match="already"):
        ask(workspace)
    ExceptionDay.objects.bulk_create(
        ExceptionDay(
            workspace_id=workspace.id, country="VN", day=SINGLES_DAY + timedelta(days=n),
            name="x", reason="x", asked_by=ASKER,
        )
        for n in range(MAX_OPEN_DAYS - 1)
    )  # fmt: skip

    with pytest.raises(Conflict, match="60"):
        ask(workspace, day=SINGLES_DAY + timedelta(days=1))


def test_another_workspace_sees_and_decides_nothing(workspace: Workspace) -> None:
    day = ask(workspace)
    other = Workspace.objects.create(name="Other", country="CN")

    with pytest.raises(NotFound):
        decide_exception_day(
            workspace_id=other.id, exception_id=day.id, actor=APPROVER, is_approved=True
        )
    assert list_exception_days(other.id) == []


def test_plan_and_hand_off_go_by_it_and_law_never_yields(workspace: Workspace) -> None:
    contact = make_contact(workspace=workspace, country="TW", msisdn="+886912345678")
    gateway = make_gateway(workspace=workspace)
    campaign = make_campaign(workspace=workspace, gateway=gateway)
    approve(ask(workspace, country="TW"))

    layer = layer_of(campaign, is_simulated=False)
    run_plan(build_plan(workspace, campaign, due_at=LATE, law_layer=layer))

    message = Message.objects.get(campaign_id=campaign.id)
    assert (message.state, message.due_at) == ("planned", LATE)
    minutes = (-480, 0, 14, 15, 1440)  # 12:45 and 21:00 are closed by law, the next day by us
    moments = [LATE + timedelta(minutes=each) for each in minutes]
    reasons = [judge(campaign, at=at, provider="smpp")[contact.id] for at in moments]
    assert reasons == ["quiet_hours", "", "", "quiet_hours", "quiet_hours"]


def test_what_was_planned_for_a_day_that_is_taken_back_waits_at_the_hand_off(
    workspace: Workspace,
) -> None:
    contact = make_contact(workspace=workspace, country="TW", msisdn="+886912345678")
    gateway = make_gateway(workspace=workspace)
    campaign = make_campaign(workspace=workspace, gateway=gateway)
    day = approve(ask(workspace, country="TW"))
    layer = layer_of(campaign, is_simulated=False)
    run_plan(build_plan(workspace, campaign, due_at=LATE, law_layer=layer))

    withdraw_exception_day(workspace_id=workspace.id, exception_id=day.id, actor=ASKER)

    assert judge(campaign, at=LATE, provider="smpp")[contact.id] == "quiet_hours"


def test_a_day_that_is_over_holds_no_more_and_is_remembered(
    workspace: Workspace, time_machine: Any
) -> None:
    approve(ask(workspace))
    time_machine.move_to(datetime(2027, 11, 20, tzinfo=UTC), tick=False)

    approve(ask(workspace, country="VN", day=date(2028, 1, 26), name="Tết"))

    assert law_of(workspace) == "recommended+VN:2028-01-26"
    assert whole_choices(workspace.id) == "+CN:2027-11-11+VN:2028-01-26"


def choose(workspace: Workspace, **values: str) -> LenientReading:
    given = {
        "rule": "CN:hours",
        "signed_by": "Lê Thị Hoa, counsel",
        "reason": "Our platform's rule",
    }
    return choose_reading(workspace_id=workspace.id, actor=ASKER, **given | values)


def test_a_lenient_reading_is_signed_and_can_be_taken_back(workspace: Workspace) -> None:
    made = choose(workspace)
    assert (made.says, law_of(workspace)) == ("08:00-22:00", f"recommended~{made.signed_name}")
    assert made.signed_name.startswith("CN:hours=")
    assert choose(workspace).id == made.id  # twice is once

    for _twice in range(2):
        end_reading(workspace_id=workspace.id, actor=APPROVER, rule="CN:hours")

    assert (law_of(workspace), list_chosen(workspace.id)) == ("recommended", {})
    entries = AuditEntry.objects.filter(workspace_id=workspace.id, action__startswith="law.")
    assert [(e.action, e.actor, e.subject, e.reason) for e in entries.order_by("id")] == [
        ("law.reading_chosen", ASKER, "rule:CN:hours", "Our platform's rule"),
        ("law.reading_ended", APPROVER, "rule:CN:hours", ""),
    ]
    assert LenientReading.objects.get().ended_by == APPROVER


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("rule", {"rule": "CN:consent"}),  # not disputed
        ("rule", {"rule": "FR:hours"}),  # the other reading is the stricter one
        ("rule", {"rule": "ZZ:hours"}),
        ("signed_by", {"signed_by": ""}),
        ("reason", {"reason": "  "}),
    ],
)
def test_a_reading_that_nobody_signs_or_that_is_none_changes_nothing(
    workspace: Workspace, field: str, values: dict[str, str]
) -> None:
    with pytest.raises(FieldError) as caught:
        choose(workspace, **values)

    assert (caught.value.field, law_of(workspace)) == (field, "recommended")


def test_a_hand_off_goes_by_the_reading_that_was_chosen(workspace: Workspace) -> None:
    contact = make_contact(workspace=workspace, country="MY", msisdn="+60123456789")
    Workspace.objects.filter(id=workspace.id).update(law_layer="legal")
    gateway = make_gateway(workspace=workspace)
    campaign = make_campaign(workspace=workspace, gateway=gateway)
    late = LATE + timedelta(hours=3)
    run_plan(build_plan(workspace, campaign, due_at=late))
    assert judge(campaign, at=late, provider="smpp")[contact.id] == "quiet_hours"

    choose(workspace, rule="MY:hours")

    assert judge(campaign, at=late, provider="smpp")[contact.id] == ""


def test_a_signature_is_void_once_the_rule_says_something_else(workspace: Workspace) -> None:
    choose = {"rule": "CN:hours", "signed_by": "Lê Thị Hoa", "reason": "Ours"}
    first = choose_reading(workspace_id=workspace.id, actor=ASKER, **choose)
    china = shipped_library().find("CN", SINGLES_DAY)
    assert china is not None
    changed = [
        replace(rule, note="Read anew") if rule.id == "hours" else rule for rule in china.rule
    ]
    evening = {"place": place_of("CN", "+8613800000000", ""), "layer": f"legal~{first.signed_name}"}
    assert judge_hours(at=SIGNED_FOR, **evening).reason == ""

    use_own_packs([replace(china, effective_from=date(2027, 11, 1), rule=changed)])
    try:
        void = judge_hours(at=SIGNED_FOR, **evening).reason
        again = choose_reading(workspace_id=workspace.id, actor=ASKER, **choose)
        signed_anew = judge_hours(at=SIGNED_FOR, **evening | {"layer": law_of(workspace)})
        twice = choose_reading(workspace_id=workspace.id, actor=ASKER, **choose)
    finally:
        use_own_packs([])

    assert (void, twice.id) == ("quiet_hours", again.id)
    assert LenientReading.objects.get(id=first.id).ended_at is not None
    assert again.signed_name != first.signed_name
    assert law_of(workspace) == f"recommended~{again.signed_name}"
    assert signed_anew.reason == "quiet_hours"  # ours are recommended to be shorter

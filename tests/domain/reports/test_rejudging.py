"""Campaigns under other rule packs: what they would have said, and which waiting texts they move."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import builders
from builders import make_campaign, make_contact
from textwell.accounts.models import Workspace
from textwell.campaigns.models import Campaign, CampaignState
from textwell.cli import packs
from textwell.compliance.library import FOLDER, Amended, Library, WithVersion, shipped_library
from textwell.compliance.reading import read_pack
from textwell.consent.models import ConsentEvent
from textwell.consent.registers import replace_register
from textwell.core.clock import now
from textwell.messaging.actions import SingleMessage, send_single
from textwell.messaging.models import Message, Outcome
from textwell.messaging.plan import reserve_block
from textwell.reports.impact import Moved, activation, look_at
from textwell.reports.rejudging import judging
from textwell.reports.rejudging.judging import (
    Judgment,
    rejudge_on,
    rejudge_part,
)

pytestmark = pytest.mark.django_db

MORNING = datetime(2031, 3, 4, 8, 30, tzinfo=UTC)  # a Tuesday; 09:30 in Paris
OPENS_LATER = ('["08:00-20:00"]', '["10:00-20:00"]')
OPENS_NEVER = ('["08:00-20:00"]', "[]")


def changed_pack(
    folder: Path, words: tuple[str, str], *, effective_from: str = "2031-01-01"
) -> Path:
    """France with other recommended hours, and no vectors that speak of them."""
    text = (FOLDER / "FR" / "2026-11-01.toml").read_text()
    head, tail = text.split('id = "hours_recommended"')
    rule, rest = tail.split("[[rule.vector]]", 1)
    made = head + 'id = "hours_recommended"' + rule.replace(*words) + "[[rule.vector]]" + rest
    (folder / "FR").mkdir(exist_ok=True)
    path = folder / "FR" / f"{effective_from}.toml"
    path.write_text(
        made.replace("effective_from = 2026-11-01", f"effective_from = {effective_from}")
    )
    return path


def sent_campaign(workspace: Workspace, *, handed: int, waiting: int, **values: Any) -> Campaign:
    """Texts to France at the same morning minute; the odd ones to Germany."""
    first, last = reserve_block(handed + waiting)
    campaign = make_campaign(
        workspace=workspace, state=CampaignState.SENDING, first_message_id=first,
        last_message_id=last, law_layer="recommended", **values,
    )  # fmt: skip
    for number, message_id in enumerate(range(first, last + 1)):
        is_handed = number < handed
        country, start = (("FR", "+336"), ("DE", "+4915"))[number % 2]
        person = make_contact(
            workspace=workspace, country=country, msisdn=f"{start}{message_id:08d}", zone=""
        )
        Message.objects.create(
            id=message_id, workspace_id=workspace.id, campaign_id=campaign.id,
            contact_id=person.id, msisdn=person.msisdn, country=country,
            state="submitted" if is_handed else "planned", due_at=MORNING,
            handed_at=MORNING + timedelta(seconds=5) if is_handed else None, planned_at=MORNING,
        )  # fmt: skip
    return campaign


def run(*arguments: str) -> Result:
    return CliRunner().invoke(packs.command, arguments, catch_exceptions=False)


def test_a_campaign_is_judged_under_the_present_packs_and_a_proposed_one(
    workspace: Workspace, tmp_path: Path
) -> None:
    campaign = sent_campaign(workspace, handed=4, waiting=2)
    path = changed_pack(tmp_path, OPENS_LATER)

    as_it_is = run("rejudge", "--campaign", str(campaign.id))
    proposed = run("rejudge", "--campaign", str(campaign.id), "--pack", str(path))
    shipped = run("rejudge", "--campaign", str(campaign.id), "--pack", "FR@2026-11-01")

    assert as_it_is.output.splitlines()[:4] == [
        "6 texts in 2 groups.", "allow          6", "hold           0", "skip           0",
    ]  # fmt: skip
    assert proposed.output.splitlines()[:5] == [
        "6 texts in 2 groups.", "allow          3", "hold           3", "skip           0",
        "  FR:hours_recommended: 3 of 3 not passed",
    ]  # fmt: skip
    assert "  FR:hours_recommended: 0 of 3 not passed" in as_it_is.output
    assert shipped.output == as_it_is.output


def test_no_hours_hold_for_what_is_no_marketing(workspace: Workspace) -> None:
    campaign = sent_campaign(workspace, handed=1, waiting=0, purpose="transactional")

    assert run("rejudge", "--campaign", str(campaign.id)).output == (
        "No hours hold for texts of purpose transactional.\n"
    )


def test_the_impact_lists_each_waiting_text_with_its_old_and_new_moment(
    workspace: Workspace, tmp_path: Path
) -> None:
    campaign = sent_campaign(workspace, handed=2, waiting=5)
    waiting = Message.objects.filter(campaign_id=campaign.id, state="planned", country="FR")
    ids = sorted(waiting.values_list("id", flat=True))

    shown = run("impact", "--list", str(changed_pack(tmp_path, OPENS_LATER)))

    assert shown.output.splitlines() == [
        *(f"{message_id} 2031-03-04T08:30Z 2031-03-04T09:00Z" for message_id in ids),
        f"Campaign {campaign.id} (Spring bread): {len(ids)} moved, 0 stopped.",
        f"{len(ids)} texts moved, 0 stopped.",
    ]
    assert len(ids) == 3


def test_a_cap_counts_what_goes_before_and_its_second_text_moves(
    workspace: Workspace, tmp_path: Path
) -> None:
    sent_campaign(workspace, handed=0, waiting=2)
    first = Message.objects.get(country="FR")
    later = sent_campaign(workspace, handed=0, waiting=2)
    second = Message.objects.filter(campaign_id=later.id, country="FR").get()
    evening = MORNING + timedelta(hours=3)
    Message.objects.filter(id=second.id).update(
        contact_id=first.contact_id, msisdn=first.msisdn, due_at=evening
    )
    Message.objects.update(is_counted=True)

    shown = run("impact", "--list", str(capped_pack(tmp_path, hours=24, period="rolling")))

    assert shown.output.splitlines() == [
        f"{second.id} 2031-03-04T11:30Z 2031-03-05T08:30Z",
        f"Campaign {later.id} (Spring bread): 1 moved, 0 stopped.",
        "1 texts moved, 0 stopped.",
    ]


def test_a_pack_that_leaves_no_hour_stops_them_and_one_of_a_later_day_does_nothing(
    workspace: Workspace, tmp_path: Path
) -> None:
    sent_campaign(workspace, handed=0, waiting=4)

    stops = run("impact", str(changed_pack(tmp_path, OPENS_NEVER)))
    later = run("impact", str(changed_pack(tmp_path, OPENS_NEVER, effective_from="2031-03-05")))

    assert stops.output.splitlines()[-1] == "0 texts moved, 2 stopped."
    assert later.output == "0 texts moved, 0 stopped.\n"
    assert set(Message.objects.values_list("state", "due_at")) == {("planned", MORNING)}


def test_what_is_no_pack_is_refused_by_its_name(workspace: Workspace) -> None:
    campaign = sent_campaign(workspace, handed=1, waiting=0)

    with pytest.raises(packs.PacksAtFault, match="XX@2020-01-01 is neither a file"):
        run("rejudge", "--campaign", str(campaign.id), "--pack", "XX@2020-01-01")


def test_an_amended_library_holds_the_new_version_from_its_day_on(tmp_path: Path) -> None:
    pack = read_pack(changed_pack(tmp_path, OPENS_LATER))
    library = Amended(shipped_library(), pack)

    found = [library.find("FR", MORNING.replace(year=year).date()) for year in (2030, 2031)]

    assert [each.version for each in found if each] == ["FR@2026-11-01", "FR@2031-01-01"]
    assert library.find("DE", MORNING.date()) is shipped_library().find("DE", MORNING.date())


def pack_with(folder: Path, *words: tuple[str, str]) -> Path:
    """France, with some of its words replaced, in the whole file."""
    text = (FOLDER / "FR" / "2026-11-01.toml").read_text()
    for old, new in words:
        assert old in text
        text = text.replace(old, new)
    (folder / "FR").mkdir()
    path = folder / "FR" / "2026-11-01.toml"
    path.write_text(text)
    return path


CAP = """
[[rule]]
id = "cap"
kind = "cap"
layer = "legal"
confidence = "uncertain"
sources = ["{source}"]
max = 1
counts = "messages"
period_hours = {hours}
period = "{period}"

[[rule.vector]]
passes = true
why = "none before"
case = '{{}}'

[[rule.vector]]
passes = false
why = "one before"
case = '{{"recent": ["2026-11-04T11:00:00+00:00"]}}'
"""


def capped_pack(folder: Path, *, hours: int, period: str) -> Path:
    path = pack_with(folder)
    text = path.read_text()
    (source, *_) = read_pack(path).source
    path.write_text(text + CAP.format(source=source.id, hours=hours, period=period))
    return path


def rejudge_campaign(campaign: Campaign, library: Library) -> Judgment:
    found, rest = rejudge_part(campaign, library)
    assert rest is None
    return found


def judge_under(campaign: Campaign, path: Path) -> Judgment:
    return rejudge_campaign(campaign, WithVersion(shipped_library(), read_pack(path)))


@pytest.mark.parametrize(
    ("hours", "period", "failed"), [(24, "rolling", 2), (2, "rolling", 0), (24, "calendar_day", 1)]
)
def test_a_cap_that_a_pack_brings_counts_what_each_person_was_handed_before(
    workspace: Workspace, tmp_path: Path, hours: int, period: str, failed: int
) -> None:
    earlier = sent_campaign(workspace, handed=6, waiting=0)
    campaign = sent_campaign(workspace, handed=6, waiting=0)
    theirs = Message.objects.filter(campaign_id=campaign.id, country="FR").order_by("id")
    before = Message.objects.filter(campaign_id=earlier.id, country="FR").order_by("id")
    for text, old, ago in zip(
        theirs, before, (4, 20, 48), strict=True
    ):  # hours: 05:30, 13:30 the day before
        Message.objects.filter(id=old.id).update(
            contact_id=text.contact_id, handed_at=MORNING - timedelta(hours=ago)
        )

    found = judge_under(campaign, capped_pack(tmp_path, hours=hours, period=period))

    rule = found.rules["FR:cap"]
    assert (rule.kind, rule.judged, rule.failed) == ("cap", 3, failed)
    assert found.by_verdict["allow"] == 6 - failed


def test_a_shorter_life_of_consent_leaves_out_those_whose_yes_is_older(
    workspace: Workspace, tmp_path: Path
) -> None:
    campaign = sent_campaign(workspace, handed=4, waiting=0)
    path = pack_with(tmp_path, ('kind = "consent"\n', 'kind = "consent"\nlifetime_months = 12\n'))
    first = Message.objects.filter(campaign_id=campaign.id, country="FR").order_by("id")[0]
    ConsentEvent.objects.create(
        workspace_id=workspace.id, contact_id=first.contact_id, kind="opt_in", source="counter",
        wording="Yes again.", actor="system", given_at=MORNING - timedelta(days=30),
    )  # fmt: skip

    found = judge_under(campaign, path)

    rule = found.rules["FR:consent"]
    assert (rule.kind, rule.judged, rule.failed) == ("consent", 2, 1)
    assert found.by_verdict == {"allow": 3, "skip": 1}


def test_the_impact_stops_waiting_texts_to_those_whose_yes_is_too_old(
    workspace: Workspace, tmp_path: Path
) -> None:
    campaign = sent_campaign(workspace, handed=0, waiting=4)
    path = pack_with(tmp_path, ('kind = "consent"\n', 'kind = "consent"\nlifetime_months = 12\n'))
    first, second = Message.objects.filter(campaign_id=campaign.id, country="FR").order_by("id")
    ConsentEvent.objects.create(
        workspace_id=workspace.id, contact_id=first.contact_id, kind="opt_in", source="counter",
        wording="Yes again.", actor="system", given_at=MORNING - timedelta(days=30),
    )  # fmt: skip

    found = look_at(activation(path.read_text()), workspace_id=workspace.id)

    assert [(each.message_id, each.until, each.reason) for each in found.texts] == [
        (second.id, None, "consent_expired")
    ]


REGISTER = """
[[rule]]
id = "register"
kind = "register"
confidence = "uncertain"
sources = ["s1"]
name = "Bloctel"
records = "refusal"

[[rule.vector]]
passes = true
why = "not listed"
case = '{"registers": {"Bloctel": false}}'

[[rule.vector]]
passes = false
why = "listed"
case = '{"registers": {"Bloctel": true}}'
"""


def test_the_impact_asks_registers_and_single_texts_too(
    workspace: Workspace, tmp_path: Path
) -> None:
    campaign = sent_campaign(workspace, handed=0, waiting=4)
    path = pack_with(tmp_path)
    path.write_text(path.read_text() + REGISTER)
    listed, free = Message.objects.filter(campaign_id=campaign.id, country="FR").order_by("id")
    replace_register(
        workspace_id=workspace.id, key="bloctel", name="Bloctel", country="FR", lines=[listed.msisdn],
        filename="list.csv", checked_at=now(), actor="system",
    )  # fmt: skip
    singles = [
        send_single(
            SingleMessage(
                workspace_id=workspace.id, contact_id=each.contact_id, msisdn=each.msisdn,
                country="FR", body="BAKERY: bread. STOP 36034", purpose=purpose, lane="bulk",
                gateway_id=campaign.gateway_id or 0, sender="BAKERY",
                due_at=listed.due_at, is_simulated=True,
            ),
            actor="system",
        )
        for each, purpose in ((listed, "marketing"), (free, "marketing"), (listed, "care"))
    ]  # fmt: skip

    told: list[Moved] = []
    found = look_at(activation(path.read_text()), workspace_id=workspace.id, tell=told.extend)

    assert [(each.message_id, each.reason) for each in found.texts] == [
        (listed.id, "register_listed"), (singles[0], "register_listed"),
    ]  # fmt: skip
    assert (told, found.stopped_count) == (found.texts, 2)
    assert found.by_campaign == {campaign.id: (0, 1), 0: (0, 1)}


def test_what_is_not_kept_of_a_text_is_said_and_not_guessed(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(builders, "BASIS", "")
    campaign = sent_campaign(workspace, handed=4, waiting=0)
    path = pack_with(tmp_path)
    path.write_text(path.read_text() + REGISTER)

    found = judge_under(campaign, path)

    assert (found.text_unknown, found.consent_unsaid) == (4, 4)
    assert (found.rules["FR:opt_out"].note, found.rules["FR:opt_out"].judged) == ("one_text", 0)
    assert (found.rules["FR:register"].note, found.rules["FR:register"].judged) == ("not_kept", 0)


def test_the_words_of_texts_are_judged_by_what_the_pack_asks(
    workspace: Workspace, tmp_path: Path
) -> None:
    campaign = sent_campaign(workspace, handed=4, waiting=0, body="Bread")
    for text in Message.objects.filter(campaign_id=campaign.id):
        Outcome.objects.create(
            message_id=text.id, at=MORNING, outcome="submitted", text="Fresh bread today",
            segment_count=1, cost_micros=0,
        )  # fmt: skip

    found = rejudge_campaign(campaign, shipped_library())

    rule = found.rules["FR:opt_out"]
    assert (rule.judged, rule.failed, rule.lacking, found.text_unknown) == (2, 0, 2, 0)


def test_judging_goes_on_where_it_was_left(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = sent_campaign(workspace, handed=6, waiting=0)
    monkeypatch.setattr(judging, "CHUNK", 2)
    whole = rejudge_campaign(campaign, shipped_library())

    first = Judgment()
    steps = rejudge_on(campaign, shipped_library(), first)
    left_at = next(steps)
    first_count = first.count
    ends = list(rejudge_on(campaign, shipped_library(), first, after_id=left_at))

    assert (first_count, len(ends)) == (2, 2)
    assert (first.by_verdict, first.rules) == (whole.by_verdict, whole.rules)

"""Campaigns under other rule packs: what they would have said, and which waiting texts they move."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from builders import make_campaign, make_contact
from textwell.accounts.models import Workspace
from textwell.campaigns.models import Campaign, CampaignState
from textwell.cli import packs
from textwell.compliance.library import FOLDER, Amended, shipped_library
from textwell.compliance.reading import read_pack
from textwell.messaging.models import Message
from textwell.messaging.plan import reserve_block

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


def sent_campaign(workspace: Workspace, *, handed: int, waiting: int, **values: object) -> Campaign:
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

    assert " ".join(as_it_is.output.split()) == (
        "6 texts in 2 places and minutes. allow 6 hold 0 skip 0"
    )
    assert " ".join(proposed.output.split()) == (
        "6 texts in 2 places and minutes. allow 3 hold 3 skip 0 FR:hours_recommended: 3"
    )
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

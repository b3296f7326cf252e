"""A campaign under other rule packs, by the API: in parts, and nothing is changed."""

import pytest

from api.conftest import Program
from builders import make_campaign, make_workspace
from domain.reports.test_rejudging import sent_campaign
from textwell.reports.rejudging import judging

pytestmark = pytest.mark.django_db


def test_a_campaign_is_judged_in_parts_that_add_up(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = sent_campaign(program.workspace, handed=6, waiting=2)
    path = f"/campaigns/{campaign.id}/rejudgment"
    whole = program.get(path, pack="FR@2026-11-01").json()
    monkeypatch.setattr(judging, "CHUNK", 2)

    first = program.get(path, pack="FR@2026-11-01").json()
    rest = program.get(path, pack="FR@2026-11-01", after=first["next"]).json()

    assert (whole["by_verdict"], whole["next"]) == ({"allow": 8}, None)
    assert (first["by_verdict"], rest["by_verdict"]) == ({"allow": 6}, {"allow": 2})
    assert (first["next"] is None, rest["next"]) == (False, None)
    hours = next(rule for rule in whole["rules"] if rule["rule"] == "FR:hours")
    assert hours == {
        "rule": "FR:hours", "kind": "hours", "judged": 4, "failed": 0, "lacking": 0, "note": "",
    }  # fmt: skip


def test_an_unknown_pack_and_a_foreign_campaign_are_refused(program: Program) -> None:
    own = make_campaign(workspace=program.workspace)
    foreign = make_campaign(workspace=make_workspace(name="Other"))

    unknown = program.get(f"/campaigns/{own.id}/rejudgment", pack="FR@1999-01-01")
    hidden = program.get(f"/campaigns/{foreign.id}/rejudgment")

    assert (unknown.status_code, unknown.json()["errors"][0]["field"]) == (422, "pack")
    assert hidden.status_code == 404

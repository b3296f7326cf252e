"""While one writes: segments by people, from a bounded sample, and what forces UCS-2."""

import pytest

from builders import make_campaign, make_contact, make_gateway, make_workspace
from textwell.accounts.models import Workspace
from textwell.campaigns import counting
from textwell.campaigns.counting import count_live, sample_audience
from textwell.core.errors import FieldError
from textwell.messaging.compose import mend_text

pytestmark = pytest.mark.django_db


def test_shares_and_cost_are_of_the_people_who_would_get_it(workspace: Workspace) -> None:
    gateway = make_gateway(workspace=workspace, price_micros=40_000, prices={"DE": 90_000})
    make_contact(workspace=workspace, first_name="Ada")
    make_contact(workspace=workspace, first_name="A" * 30, country="DE")
    make_contact(workspace=workspace, first_name="No", has_consent=False)
    body = "x" * 140 + "{{ first_name }}"
    campaign = make_campaign(workspace=workspace, gateway=gateway, body=body)

    found = count_live(campaign)

    (group,) = found.groups
    assert (found.is_exact, found.sample_count, group.people_count) == (True, 2, 2)
    assert group.shares == {1: 0.5, 2: 0.5, 3: 0.0}
    assert group.segments_per_person == 1.5
    assert group.cost_micros_per_person == (40_000 + 2 * 90_000) / 2


def test_a_sample_comes_from_all_over_a_large_audience(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "STRATA", 4)
    monkeypatch.setattr(counting, "STRATUM_PEOPLE", 2)
    people = [make_contact(workspace=workspace).id for _each in range(40)]
    make_contact(workspace=make_workspace(name="Other"))

    sampled, is_exact = sample_audience(make_campaign(workspace=workspace))

    places = [people.index(person.id) for person in sampled]
    assert places == [0, 1, 10, 11, 20, 21, 30, 31]
    assert not is_exact


def test_only_people_of_the_audience_are_sampled(workspace: Workspace) -> None:
    make_contact(workspace=workspace)
    chosen = make_contact(workspace=workspace, tags=["vip"])
    campaign = make_campaign(workspace=workspace, audience={"tag": "vip"})

    assert ([p.id for p in sample_audience(campaign)[0]]) == [chosen.id]


def test_each_forcing_character_says_whom_it_concerns_and_what_it_costs(
    workspace: Workspace,
) -> None:
    make_contact(workspace=workspace, first_name="Ada")
    make_contact(workspace=workspace, first_name="Zoë")
    campaign = make_campaign(
        workspace=workspace,
        body="x" * 100 + "{{ first_name }}",
        fallbacks={"first_name": "friend"},
    )

    (found,) = count_live(campaign).forced_by

    assert (found.character, found.people_share, found.is_in_text) == ("ë", 0.5, False)
    assert (found.replacement, found.segments_saved) == (None, 1.0)


def test_an_empty_workspace_has_no_groups(workspace: Workspace) -> None:
    found = count_live(make_campaign(workspace=workspace))

    assert (found.groups, found.forced_by, found.sample_count) == ((), (), 0)


def test_a_text_that_is_no_template_is_refused_by_its_field(workspace: Workspace) -> None:
    make_contact(workspace=workspace)

    with pytest.raises(FieldError) as refused:
        count_live(make_campaign(workspace=workspace, body="{{ first_name"))

    assert refused.value.field == "body"


def test_a_mended_text_keeps_its_tags_and_lists_each_sign_once() -> None:
    mend = mend_text("“Hi” “{{ first_name | default: '…' }}”")

    assert mend is not None
    assert mend.body == '"Hi" "{{ first_name | default: \'…\' }}"'
    assert [change.original for change in mend.replacements] == ["“", "”"]
    assert mend_text("Hi") is None

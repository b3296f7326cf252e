"""How many people a page says there are: exactly while they are few, else what it is worth to know."""

import pytest

from builders import make_contact
from textwell.accounts.models import Workspace
from textwell.contacts.choosing import PeopleFilter
from textwell.segments import figures
from textwell.web import people_table
from textwell.web.people_table import count_total


@pytest.fixture
def five(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """Five people where three are many; their figures are kept."""
    for _ in range(5):
        make_contact(workspace=workspace, first_name="Ada", tags=["vip"])
    figures.keep_figures(workspace.id)
    monkeypatch.setattr(figures, "MOST_LIVE", 3)
    monkeypatch.setattr(people_table, "MOST_COUNTED", 3)
    return workspace


@pytest.mark.parametrize(
    ("wanted", "text"),
    [
        (PeopleFilter(), "about 5"),
        (PeopleFilter(tag="vip"), "about 5"),
        (PeopleFilter(search="Ada"), "3+"),
        (PeopleFilter(search="Bob"), "0"),
        (PeopleFilter(tag="press"), "0"),
    ],
)
def test_many_are_told_roughly(five: Workspace, wanted: PeopleFilter, text: str) -> None:
    assert count_total(five.id, wanted).text == text


def test_few_are_told_exactly(workspace: Workspace) -> None:
    make_contact(workspace=workspace)

    assert count_total(workspace.id, PeopleFilter()).text == "1"

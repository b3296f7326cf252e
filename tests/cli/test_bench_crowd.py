"""The bench's crowd: the calls of its load name people whom the database made."""

import pytest

from builders import make_workspace
from textwell.cli.bench.people import add_crowd, crowd_number
from textwell.contacts.models import Contact


@pytest.mark.django_db
def test_a_number_is_told_as_the_database_makes_it() -> None:
    workspace = make_workspace()
    add_crowd(workspace.id, 50)

    made = set(Contact.objects.filter(workspace_id=workspace.id).values_list("msisdn", flat=True))

    assert made == {crowd_number(n) for n in range(1, 51)}

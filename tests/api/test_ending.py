"""Consents that end, for programs."""

import pytest

from api.conftest import Program
from domain.reports.test_ending import make_ending

pytestmark = pytest.mark.django_db


def test_who_may_still_be_asked_is_listed_and_counted(program: Program) -> None:
    first, second, lapsed = (make_ending(program.workspace, days) for days in (9, 20, -9))
    path = "/contacts/ending-consents"

    page = program.get(path, limit=1).json()
    rest = program.get(path, limit=1, after=page["next"]).json()
    counts = program.get(f"{path}/counts", country="KR").json()
    ended = program.get(path, state="ended").json()

    assert [each["contact_id"] for each in page["items"]] == [first.id]
    assert [each["contact_id"] for each in rest["items"]] == [second.id]
    assert rest["next"] is None
    assert sum(each["people_count"] for each in counts) == 2
    assert [each["contact_id"] for each in ended["items"]] == [lapsed.id]
    assert ended["items"][0]["by_law"] is True


@pytest.mark.parametrize(
    ("field", "value"), [("state", "x"), ("within_days", 0), ("month", "2026-13")]
)
def test_what_cannot_be_asked_for_is_refused_by_its_name(
    program: Program, field: str, value: object
) -> None:
    answer = program.get("/contacts/ending-consents", **{field: value})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field

"""The table of people that several pages show: those whom a filter finds, to be ticked and changed."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from textwell.consent.models import ConsentState
from textwell.contacts.choosing import PeopleFilter
from textwell.contacts.models import Contact
from textwell.contacts.selectors import count_contacts, list_contacts, list_lists
from textwell.segments.figures import kept_people
from textwell.web.access import MemberRequest
from textwell.web.formats import format_at_most, format_count
from textwell.web.pages import whole_number

PAGE_SIZE = 50
MOST_COUNTED = 10_000  # people; counting more of them would take longer than the page


def people_table(request: MemberRequest, wanted: PeopleFilter) -> dict[str, Any]:
    """The context of contacts/_rows.html; the page after the id in `after` of the address."""
    workspace_id = request.workspace.id
    given: dict[str, Any] = wanted.to_json()
    after = whole_number(request.GET.get("after"))
    rows = list_contacts(workspace_id, after_id=after, limit=PAGE_SIZE + 1, **given)
    shown = rows[:PAGE_SIZE]
    return {
        "rows": _with_consent(shown),
        "next_id": shown[-1].id if len(rows) > PAGE_SIZE else None,
        "is_filtered": not wanted.is_everybody,
        "total": count_total(workspace_id, wanted),
        "lists": list_lists(workspace_id),
        **given,
    }


@dataclass(frozen=True, slots=True)
class Total:
    """How many people a filter finds; `is_exact` False: `text` says that there are more, or about so many."""

    count: int
    text: str
    is_exact: bool = True


def count_total(workspace_id: int, wanted: PeopleFilter) -> Total:
    """Exact up to `MOST_COUNTED`; beyond it what was kept of a list, a tag or everybody, else "more"."""
    is_whole = not wanted.search and (wanted.list_id is None or wanted.tag is None)
    kept = is_whole and kept_people(workspace_id, list_id=wanted.list_id, tag=wanted.tag)
    if kept and kept > MOST_COUNTED:
        return Total(kept, _("about %(count)s") % {"count": format_count(kept)}, is_exact=False)
    count = count_contacts(workspace_id, most=MOST_COUNTED + 1, **wanted.to_json())
    text = format_at_most(count, MOST_COUNTED)
    return Total(min(count, MOST_COUNTED), text, is_exact=count <= MOST_COUNTED)


def _with_consent(people: list[Contact]) -> list[tuple[Contact, str]]:
    """Each person with granted, refused or none, for marketing by SMS: one query."""
    states = dict(
        ConsentState.objects.filter(
            contact_id__in=[person.id for person in people], channel="sms", purpose="marketing"
        ).values_list("contact_id", "is_granted")
    )
    names = {True: "granted", False: "refused", None: "none"}
    return [(person, names[states.get(person.id)]) for person in people]

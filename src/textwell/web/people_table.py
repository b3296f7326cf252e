"""The table of people that several pages show: those whom a filter finds, to be ticked and changed."""

from typing import Any

from textwell.consent.models import ConsentState
from textwell.contacts.choosing import PeopleFilter
from textwell.contacts.models import Contact
from textwell.contacts.selectors import count_contacts, list_contacts, list_lists
from textwell.web.access import MemberRequest
from textwell.web.pages import whole_number

PAGE_SIZE = 50


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
        "total": count_contacts(workspace_id, **given),
        "lists": list_lists(workspace_id),
        **given,
    }


def _with_consent(people: list[Contact]) -> list[tuple[Contact, str]]:
    """Each person with granted, refused or none, for marketing by SMS: one query."""
    states = dict(
        ConsentState.objects.filter(
            contact_id__in=[person.id for person in people], channel="sms", purpose="marketing"
        ).values_list("contact_id", "is_granted")
    )
    names = {True: "granted", False: "refused", None: "none"}
    return [(person, names[states.get(person.id)]) for person in people]

"""The table of people that several pages show: those whom a filter finds, to be ticked and changed."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.utils.translation import gettext as _

from textwell.consent.models import ConsentState
from textwell.contacts.choosing import PeopleFilter, matching
from textwell.contacts.models import Contact
from textwell.contacts.selectors import count_contacts, list_contacts, list_lists
from textwell.core.ordering import Sort, SortedPage
from textwell.segments.figures import kept_people
from textwell.web.access import MemberRequest
from textwell.web.formats import format_at_most, format_count
from textwell.web.pages import whole_number
from textwell.web.sorting import PEOPLE, PEOPLE_FOUND, read_sort, sorted_page

PAGE_SIZE = 50
MOST_COUNTED = 10_000  # people; counting more of them would take longer than the page


def people_table(request: MemberRequest, wanted: PeopleFilter) -> dict[str, Any]:
    """The context of contacts/_rows.html: the page and the order that the address names."""
    workspace_id = request.workspace.id
    given: dict[str, Any] = wanted.to_json()
    total = count_total(workspace_id, wanted)
    sort = read_sort(request, PEOPLE)
    if not wanted.is_everybody and str(sort) != PEOPLE.default and not total.is_exact:
        messages.info(request, _("These are too many to be sorted so: narrow the filter."))
        sort = PEOPLE.read("")
    page = _read_page(request, wanted, sort)
    return {
        "rows": _with_consent(page.rows),
        "page": page,
        "sort": sort,
        "is_filtered": not wanted.is_everybody,
        "total": total,
        "lists": list_lists(workspace_id),
        **given,
    }


def _read_page(request: MemberRequest, wanted: PeopleFilter, sort: Sort) -> SortedPage[Contact]:
    """Everybody by an index of the order; what a filter finds is little enough to be sorted each time.

    In the usual order a filter's people are walked by id, which is quick however many they are.
    """
    workspace_id, after = request.workspace.id, request.GET.get("after", "")
    if wanted.is_everybody or str(sort) != PEOPLE.default:
        order = sort if wanted.is_everybody else PEOPLE_FOUND.read(str(sort))
        return sorted_page(request, matching(workspace_id, wanted), order, limit=PAGE_SIZE)
    rows = list_contacts(
        workspace_id, after_id=whole_number(after), limit=PAGE_SIZE + 1, **wanted.to_json()
    )
    shown = rows[:PAGE_SIZE]
    more = str(shown[-1].id) if len(rows) > PAGE_SIZE else ""
    return SortedPage(shown, more, "")


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
            contact_id__in=[person.id for person in people],
            channel="sms",
            purpose="marketing",
            topic="",
            brand="",
            sender="",
        ).values_list("contact_id", "is_granted")
    )
    names = {True: "granted", False: "refused", None: "none"}
    return [(person, names[states.get(person.id)]) for person in people]

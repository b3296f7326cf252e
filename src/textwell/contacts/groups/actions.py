"""Writes to lists and tags as a whole, and to the lists and tags of many people.

Who uses a list or a tag elsewhere is not known here: `campaigns.groups` asks before it is deleted.
"""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from textwell.accounts.actions import audit_row, record_audit
from textwell.contacts.choosing import Chosen, PeopleFilter
from textwell.contacts.groups.changes import Change, Outcome, change_people
from textwell.contacts.labels import clean_list_name, clean_tags
from textwell.contacts.models import ContactList, ListMember
from textwell.contacts.saved import follow_list, follow_tag
from textwell.contacts.selectors import access_list
from textwell.core.errors import FieldError


def put_on_list(*, workspace_id: int, list_id: int, whom: Chosen, actor: str) -> Outcome:
    """Put people on a list; the outcome counts those who were not on it. Twice is once.

    Raises:
        NotFound: there is no such list in the workspace.
    """
    access_list(workspace_id, list_id)
    with transaction.atomic():
        outcome = change_people(workspace_id, whom, Change(add_list=list_id))
        _audit_list(workspace_id, list_id, whom, actor, added=outcome.count)
    return outcome


def take_off_list(*, workspace_id: int, list_id: int, whom: Chosen, actor: str) -> Outcome:
    """Take people off a list; the outcome counts those who were on it. Twice is once.

    Raises:
        NotFound: there is no such list in the workspace.
    """
    access_list(workspace_id, list_id)
    with transaction.atomic():
        outcome = change_people(workspace_id, whom, Change(remove_list=list_id))
        _audit_list(workspace_id, list_id, whom, actor, removed=outcome.count)
    return outcome


def tag_people(
    *,
    workspace_id: int,
    whom: Chosen,
    add: Sequence[str] = (),
    remove: Sequence[str] = (),
    actor: str,
) -> Outcome:
    """Add and take away tags; the outcome counts people who changed. Twice is once.

    Raises:
        FieldError: on `tags`: none is given, or one is too long.
    """
    added, removed = clean_tags(add), clean_tags(remove)
    if not added and not removed:
        raise FieldError("tags", _("No tag is given."), _("Write the tag's name."))
    with transaction.atomic():
        outcome = change_people(workspace_id, whom, Change(add_tags=added, remove_tags=removed))
        facts = {"add": added, "remove": removed, "people": outcome.count, **_filter_of(whom)}
        _audit(workspace_id, actor, "contacts.tagged", outcome, after=facts)
    return outcome


def _filter_of(whom: Chosen) -> dict[str, Any]:
    """How a filter chose them; what was searched for may be a name or number, and stays out."""
    if whom.ids is not None:
        return {}
    wanted = whom.filter.to_json()
    return {"filter": {**wanted, "search": bool(wanted["search"])}}


def _audit_list(workspace_id: int, list_id: int, whom: Chosen, actor: str, **people: int) -> None:
    if any(people.values()):
        record_audit(
            workspace_id=workspace_id,
            actor=actor,
            action="lists.changed",
            subject=f"list:{list_id}",
            after={**people, **_filter_of(whom)},
        )


def _audit(
    workspace_id: int, actor: str, action: str, outcome: Outcome, **facts: Any
) -> None:  # Any: as record_audit
    if outcome.count:
        record_audit(workspace_id=workspace_id, actor=actor, action=action, **facts)


def rename_list(*, workspace_id: int, list_id: int, name: str, actor: str) -> ContactList:
    """Give a list another name; campaigns that use it go on using it. Twice is once.

    Raises:
        NotFound: there is no such list in the workspace.
        FieldError: on `name`: it cannot be used, or another list has it.
    """
    access_list(workspace_id, list_id)  # a foreign one is not found, whatever the name
    cleaned = clean_list_name(name)
    with transaction.atomic():
        found = access_list(workspace_id, list_id, is_locked=True)
        others = ContactList.objects.filter(workspace_id=workspace_id, name=cleaned)
        if others.exclude(id=list_id).exists():
            problem = _("There is a list called %(name)s.") % {"name": cleaned}
            raise FieldError("name", problem, _("Choose another name."))
        if found.name == cleaned:
            return found
        before, found.name = found.name, cleaned
        found.save(update_fields=["name"])
        then, since = {"name": before}, {"name": cleaned}
        audit_row(found, "list", actor, "lists.renamed", before=then, after=since)
    return found


def mark_for_tests(
    *, workspace_id: int, list_id: int, is_for_tests: bool, actor: str
) -> ContactList:
    """Say whether the people of a list get test sends of campaigns. Twice is once.

    Raises:
        NotFound: there is no such list in the workspace.
    """
    with transaction.atomic():
        found = access_list(workspace_id, list_id, is_locked=True)
        if found.is_for_tests == is_for_tests:
            return found
        found.is_for_tests = is_for_tests
        found.save(update_fields=["is_for_tests"])
        then, since = {"is_for_tests": not is_for_tests}, {"is_for_tests": is_for_tests}
        audit_row(found, "list", actor, "lists.marked", before=then, after=since)
    return found


def remove_list(*, workspace_id: int, list_id: int, actor: str) -> int:
    """Delete a list; answers how many people were on it. The people stay.

    Raises:
        NotFound: there is no such list in the workspace.
    """
    with transaction.atomic():
        found = access_list(workspace_id, list_id)
        count = ListMember.objects.filter(list_id=list_id).delete()[0]
        found.delete()
        follow_list(workspace_id=workspace_id, list_id=list_id)
        record_audit(
            workspace_id=workspace_id,
            actor=actor,
            action="lists.deleted",
            subject=f"list:{list_id}",
            before={"name": found.name, "people": count},
        )
    return count


def replace_tag(*, workspace_id: int, tag: str, to: str | None, actor: str) -> Outcome:
    """Rename a tag, merge it into one that is there already, or (`to` None) take it from everybody.

    The outcome counts the people who had it. Twice is once.

    Raises:
        FieldError: on `tags`: the new name cannot be used, or is the old one.
    """
    new = clean_tags([to or ""])
    if to is not None and (not new or new == [tag]):
        problem = _("The new name is empty or the old one.")
        raise FieldError("tags", problem, _("Write another name."))
    with transaction.atomic():
        everybody = Chosen(filter=PeopleFilter(tag=tag))
        change = Change(add_tags=new, remove_tags=[tag])
        outcome = change_people(workspace_id, everybody, change)
        follow_tag(workspace_id=workspace_id, tag=tag, to=new[0] if new else None)
        action = "tags.renamed" if new else "tags.deleted"
        facts = {"tag": new[0] if new else None, "people": outcome.count}
        _audit(workspace_id, actor, action, outcome, before={"tag": tag}, after=facts)
    return outcome

"""Filters that a workspace keeps under a name, and what becomes of them with their list or tag."""

from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from textwell.accounts.actions import audit_row
from textwell.accounts.models import Workspace
from textwell.contacts.choosing import PeopleFilter
from textwell.contacts.models import SavedFilter
from textwell.contacts.selectors import access_list
from textwell.core.errors import FieldError, NotFound

MOST: Final = 50  # of a workspace: they all stand on one page
_LONGEST_NAME: Final = 60
_LONGEST_SEARCH: Final = 120


def list_filters(workspace_id: int) -> list[SavedFilter]:
    """All of a workspace, by name."""
    return list(SavedFilter.objects.filter(workspace_id=workspace_id).order_by("name"))


def access_filter(workspace_id: int, filter_id: int) -> SavedFilter:
    """The filter, or NotFound (also for another workspace's)."""
    found = SavedFilter.objects.filter(workspace_id=workspace_id, id=filter_id).first()
    if found is None:
        raise NotFound("filter", filter_id)
    return found


def wanted_of(saved: SavedFilter) -> PeopleFilter:
    """What it finds people by."""
    return PeopleFilter(saved.search, saved.list_id, saved.tag or None)


def save_filter(*, workspace_id: int, name: str, wanted: PeopleFilter, actor: str) -> SavedFilter:
    """Keep a filter; it takes the place of one of the same name. Twice is once.

    Raises:
        FieldError: the name cannot be used, nothing is filtered by, or there are too many.
        NotFound: there is no such list in the workspace.
    """
    cleaned, values = _clean_name(name), _values(workspace_id, wanted)
    with transaction.atomic():
        Workspace.objects.select_for_update().get(id=workspace_id)  # they are counted
        present = SavedFilter.objects.filter(workspace_id=workspace_id)
        found = present.filter(name=cleaned).first()
        if found is not None:
            return _change(found, values, actor)
        if present.count() >= MOST:
            problem = _("There are %(count)d saved filters already.") % {"count": MOST}
            raise FieldError("name", problem, _("Delete one that nobody uses."))
        made = SavedFilter.objects.create(workspace_id=workspace_id, name=cleaned, **values)
        audit_row(made, "filter", actor, "filters.saved", after=_facts({"name": cleaned, **values}))
    return made


def rename_filter(*, saved: SavedFilter, name: str, actor: str) -> SavedFilter:
    """Give it another name. Twice is once.

    Raises:
        FieldError: the name cannot be used, or another filter has it.
    """
    cleaned = _clean_name(name)
    with transaction.atomic():
        Workspace.objects.select_for_update().get(id=saved.workspace_id)
        others = SavedFilter.objects.filter(workspace_id=saved.workspace_id, name=cleaned)
        if others.exclude(id=saved.id).exists():
            problem = _("There is a filter called %(name)s.") % {"name": cleaned}
            raise FieldError("name", problem, _("Choose another name."))
        return _change(saved, {"name": cleaned}, actor)


def delete_filter(*, saved: SavedFilter, actor: str) -> None:
    """The people whom it finds stay as they are."""
    with transaction.atomic():
        audit_row(saved, "filter", actor, "filters.deleted", before={"name": saved.name})
        saved.delete()


def follow_tag(*, workspace_id: int, tag: str, to: str | None) -> None:
    """A tag got another name, or (`to` None) is gone, and with it the filters by it."""
    found = SavedFilter.objects.filter(workspace_id=workspace_id, tag=tag)
    if to is None:
        found.delete()
    else:
        found.update(tag=to)


def follow_list(*, workspace_id: int, list_id: int) -> None:
    """A list is gone, and with it the filters by it."""
    SavedFilter.objects.filter(workspace_id=workspace_id, list_id=list_id).delete()


def _change(saved: SavedFilter, values: dict[str, Any], actor: str) -> SavedFilter:
    before = {name: getattr(saved, name) for name in values}
    if before == values:
        return saved
    for name, value in values.items():
        setattr(saved, name, value)
    saved.save(update_fields=[*values])
    then, since = _facts(before), _facts(values)
    audit_row(saved, "filter", actor, "filters.changed", before=then, after=since)
    return saved


def _values(workspace_id: int, wanted: PeopleFilter) -> dict[str, Any]:
    if wanted.is_everybody:
        mend = _("Search for something, or choose a list or a tag.")
        raise FieldError("filter", _("finds everybody."), mend)
    if wanted.list_id is not None:
        access_list(workspace_id, wanted.list_id)
    search = wanted.search.strip()
    if len(search) > _LONGEST_SEARCH:
        mend = _("At most %(count)d characters.") % {"count": _LONGEST_SEARCH}
        raise FieldError("search", _("is too long."), mend)
    return {"search": search, "list_id": wanted.list_id, "tag": wanted.tag or ""}


def _facts(values: dict[str, Any]) -> dict[str, Any]:
    """What was searched for may be a name or a number, and stays out of the log."""
    return {k: bool(v) if k == "search" else v for k, v in values.items()}


def _clean_name(name: str) -> str:
    cleaned = name.strip()
    if not cleaned or len(cleaned) > _LONGEST_NAME:
        mend = _("1 to %(count)d characters.") % {"count": _LONGEST_NAME}
        raise FieldError("name", _("The name is empty or too long."), mend)
    return cleaned

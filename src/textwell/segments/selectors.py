"""Who is in an audience: as SQL for set-based work, and counted."""

from django.db import connection
from django.utils.translation import gettext as _

from textwell.contacts.models import ContactList, FieldDefinition
from textwell.contacts.statistics import refresh_people_statistics
from textwell.segments.compiling import compile_conditions
from textwell.segments.types import Audience, Sql, refuse


def own_kinds(workspace_id: int) -> dict[str, str]:
    """Kind of each of the workspace's own fields, by name."""
    found = FieldDefinition.objects.filter(workspace_id=workspace_id)
    return dict(found.values_list("name", "kind"))


def compile_audience(workspace_id: int, audience: Audience) -> Sql:
    """The audience as a condition over alias `c` of contacts_contact.

    The caller adds the workspace. Raises FieldError where a field, list or value is wrong.
    """
    if audience.is_everybody:
        return Sql("true", {})
    if audience.tag:
        return Sql("c.tags @> ARRAY[%(a_tag)s]::varchar[]", {"a_tag": audience.tag})
    if audience.list_id is not None:
        if not ContactList.objects.filter(workspace_id=workspace_id, id=audience.list_id).exists():
            raise refuse(
                "list_id", _("The chosen list is not there any more."), _("Choose another.")
            )
        where = (
            "EXISTS (SELECT 1 FROM contacts_listmember lm"
            " WHERE lm.contact_id = c.id AND lm.list_id = %(a_list)s)"
        )
        return Sql(where, {"a_list": audience.list_id})
    lists = ContactList.objects.filter(workspace_id=workspace_id)
    where, params = compile_conditions(
        audience.conditions,
        match=audience.match,
        own_kinds=own_kinds(workspace_id),
        list_ids=frozenset(lists.values_list("id", flat=True)),
        workspace_id=workspace_id,
    )
    return Sql(where, params)


def count_audience(workspace_id: int, audience: Audience) -> int:
    """How many people are in it now, with or without consent."""
    compiled = compile_audience(workspace_id, audience)
    refresh_people_statistics(workspace_id)
    statement = (
        "SELECT count(*) FROM contacts_contact c"
        " WHERE c.workspace_id = %(workspace_id)s AND (__AUDIENCE__)"
    ).replace("__AUDIENCE__", compiled.where)
    with connection.cursor() as cursor:
        cursor.execute(statement, {**compiled.params, "workspace_id": workspace_id})
        return int(cursor.fetchone()[0])


def count_countries(workspace_id: int, audience: Audience) -> dict[str, int]:
    """How many of its people have numbers of which country, by country; "" of none that is known."""
    compiled = compile_audience(workspace_id, audience)
    statement = (
        "SELECT c.country, count(*) FROM contacts_contact c"
        " WHERE c.workspace_id = %(workspace_id)s AND (__AUDIENCE__) GROUP BY 1 ORDER BY 1"
    ).replace("__AUDIENCE__", compiled.where)
    with connection.cursor() as cursor:
        cursor.execute(statement, {**compiled.params, "workspace_id": workspace_id})
        return {country: int(count) for country, count in cursor.fetchall()}


def is_in_audience(workspace_id: int, audience: Audience, contact_id: int) -> bool:
    """Does this person belong to it now? Raises FieldError as compile_audience does."""
    compiled = compile_audience(workspace_id, audience)
    statement = (
        "SELECT EXISTS (SELECT 1 FROM contacts_contact c"
        " WHERE c.workspace_id = %(workspace_id)s AND c.id = %(contact_id)s AND (__AUDIENCE__))"
    ).replace("__AUDIENCE__", compiled.where)
    params = {**compiled.params, "workspace_id": workspace_id, "contact_id": contact_id}
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return bool(cursor.fetchone()[0])

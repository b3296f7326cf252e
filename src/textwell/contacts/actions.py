"""Every write to people, their fields, tags and lists; imports have a folder of their own."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from textwell.accounts.actions import audit_row
from textwell.contacts.choosing import Chosen
from textwell.contacts.events import PeopleAdded
from textwell.contacts.field_names import check_field_name, refuse_reserved
from textwell.contacts.groups.actions import put_on_list
from textwell.contacts.labels import clean_list_name, clean_tags
from textwell.contacts.models import Contact, ContactList, FieldDefinition, FieldKind
from textwell.contacts.values import FieldValue, check_known, no_number, read_region, read_value
from textwell.core.clock import now
from textwell.core.errors import Conflict, FieldError
from textwell.core.events import publish_now
from textwell.text import Number, find_carrier, parse_number


def upsert_contact(
    *,
    workspace_id: int,
    msisdn: str,
    region: str | None = None,
    external_id: str | None = None,
    email: str | None = None,
    first_name: str | None = None,
    last_name: str | None = None,
    language: str | None = None,
    zone: str | None = None,
    fields: Mapping[str, object] | None = None,
    tags: Sequence[str] | None = None,
    lists: Sequence[int] | None = None,
    actor: str,
) -> Contact:
    """The person with this number, made if new; what is None stays as it is. Twice is once.

    `tags` and `lists` (ids) are added, never taken away; a field given as None is removed.

    Raises:
        FieldError: a value cannot be used; names the field and the mend.
        NotFound: a list is not of this workspace.
    """
    number = read_msisdn(msisdn, region)
    assert number.e164 is not None
    given = {
        "external_id": external_id or None,
        "email": email,
        "first_name": first_name,
        "last_name": last_name,
        "language": language,
        "zone": zone,
    }
    values = {name: value.strip() for name, value in given.items() if value is not None}
    _check_lengths(values)
    for name, value in values.items():
        check_known(name, value)
    typed = read_fields(workspace_id, fields or {})
    with transaction.atomic():
        contact = _find_or_make(workspace_id, number)
        before = _content(contact)
        _store(contact, values, typed, clean_tags(tags or ()))
        _audit_person(contact, before, actor)
        for list_id in lists or ():
            put_on_list(
                workspace_id=workspace_id,
                list_id=list_id,
                whom=Chosen(ids=[contact.id]),
                actor=actor,
            )
    return contact


def read_msisdn(value: str, region: str | None = None) -> Number:
    """A valid number in its present form. Raises FieldError("msisdn" or "region")."""
    number = parse_number(value, read_region(region))
    if not number.valid:
        raise no_number(value)
    return number


def read_fields(workspace_id: int, given: Mapping[str, object]) -> dict[str, FieldValue | None]:
    """Free fields in their stored form; None and "" mean: remove. Raises FieldError."""
    if not given:
        return {}
    kinds = dict(
        FieldDefinition.objects.filter(workspace_id=workspace_id).values_list("name", "kind")
    )
    typed: dict[str, FieldValue | None] = {}
    for name, value in given.items():
        if name not in kinds:
            refuse_reserved(name, field=f"fields.{name}")
            raise FieldError(
                f"fields.{name}",
                _("There is no such field."),
                _("Define it first, or use one of: %(names)s.")
                % {"names": ", ".join(sorted(kinds)) or "–"},
            )
        try:
            typed[name] = None if value in (None, "") else read_value(kinds[name], value)
        except ValueError as error:
            raise FieldError(
                f"fields.{name}", _("%(value)r cannot be used.") % {"value": value}, str(error)
            ) from None
    return typed


def _check_lengths(values: Mapping[str, str]) -> None:
    for name, value in values.items():
        longest = getattr(Contact._meta.get_field(name), "max_length", 0) or 0  # noqa: SLF001 - Django's public door
        if len(value) > longest or "\x00" in value:
            raise FieldError(
                name,
                _("The value is too long or holds a null character."),
                _("At most %(count)d characters.") % {"count": longest},
            )


def _find_or_make(workspace_id: int, number: Number) -> Contact:
    assert number.e164 is not None
    assert number.type is not None
    moment = now()
    Contact.objects.bulk_create(
        [
            Contact(
                workspace_id=workspace_id,
                msisdn=number.e164,
                country=number.region or "",
                operator=find_carrier(number.e164, number.type) or "",
            )
        ],
        ignore_conflicts=True,
    )
    contact = Contact.objects.select_for_update().get(workspace_id=workspace_id, msisdn=number.e164)
    if contact.created_at >= moment:
        publish_now(PeopleAdded(workspace_id, (number.e164,)))
    return contact


def _store(
    contact: Contact,
    values: Mapping[str, str],
    typed: Mapping[str, FieldValue | None],
    tags: Sequence[str],
) -> None:
    before = _content(contact)
    for name, value in values.items():
        setattr(contact, name, value)
    fields = {**contact.fields, **typed}
    contact.fields = {name: value for name, value in fields.items() if value is not None}
    contact.tags = list(dict.fromkeys([*contact.tags, *tags]))
    if _content(contact) == before:
        return
    try:
        with transaction.atomic():
            contact.save()
    except IntegrityError:
        raise FieldError(
            "external_id",
            _("%(value)s belongs to another person.") % {"value": contact.external_id},
            _("Use another one, or change that person first."),
        ) from None


def _content(contact: Contact) -> dict[str, Any]:  # Any: values of many columns
    names = ("external_id", "email", "first_name", "last_name", "language", "zone")
    content: dict[str, Any] = {name: getattr(contact, name) for name in names}
    return {**content, "fields": dict(contact.fields), "tags": list(contact.tags)}


def _audit_person(contact: Contact, before: dict[str, Any], actor: str) -> None:
    """What a person or program changed of somebody, if anything; the number stays out of the log."""
    after = _content(contact)
    changed = [name for name in after if after[name] != before[name]]
    if changed:
        audit_row(
            contact,
            "contact",
            actor,
            "contacts.changed",
            before={name: before[name] for name in changed},
            after={name: after[name] for name in changed},
        )


def create_list(*, workspace_id: int, name: str, actor: str = "system") -> ContactList:
    """A new, empty list. Raises FieldError("name") if there is one of that name."""
    cleaned = clean_list_name(name)
    with transaction.atomic():
        made, is_new = ContactList.objects.get_or_create(workspace_id=workspace_id, name=cleaned)
        if not is_new:
            raise FieldError(
                "name",
                _("There is a list called %(name)s.") % {"name": cleaned},
                _("Choose another name."),
            )
        audit_row(made, "list", actor, "lists.created", after={"name": cleaned})
    return made


def define_field(
    *,
    workspace_id: int,
    name: str,
    label: str = "",
    kind: str = FieldKind.TEXT,
    actor: str = "system",
) -> FieldDefinition:
    """A free field of the workspace's people. The same definition twice is once.

    One that is there keeps its name, though no new field could have it.

    Raises:
        FieldError: the name or kind cannot be used.
        Conflict: the field exists with another kind; values are stored by kind.
    """
    if not FieldDefinition.objects.filter(workspace_id=workspace_id, name=name).exists():
        check_field_name(name)
    if kind not in FieldKind.values:
        raise FieldError(
            "kind",
            _("There is no kind %(kind)s.") % {"kind": kind},
            _("Use one of: %(kinds)s.") % {"kinds": ", ".join(FieldKind.values)},
        )
    made, is_new = FieldDefinition.objects.get_or_create(
        workspace_id=workspace_id,
        name=name,
        defaults={"label": (label or name)[:80], "kind": kind},
    )
    if not is_new and made.kind != kind:
        raise Conflict(
            _("The field %(name)s exists already and holds %(kind)s.")
            % {"name": name, "kind": made.get_kind_display()}
        )
    if is_new:
        facts = {"name": name, "kind": str(made.kind)}
        audit_row(made, "field", actor, "fields.defined", after=facts)
    return made

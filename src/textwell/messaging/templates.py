"""Saved texts of a workspace: kept, changed, found, deleted. Campaigns copy them and keep their own."""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from textwell.accounts.actions import audit_row
from textwell.consent.topics import check_scopes
from textwell.consent.types import ConsentScope
from textwell.core.errors import FieldError, NotFound
from textwell.messaging.checks import check_makeable, check_versions
from textwell.messaging.models import SavedText
from textwell.messaging.purposes import check_campaign_purpose

MOST_TEXT = 4000  # characters
FIELDS = ("name", "purpose", "topic", "brand", "body", "fallbacks", "versions")


def access_template(workspace_id: int, template_id: int) -> SavedText:
    """The template, or NotFound (also for another workspace's)."""
    found = SavedText.objects.filter(workspace_id=workspace_id, id=template_id).first()
    if found is None:
        raise NotFound("template", template_id)
    return found


def find_templates(workspace_id: int, *, search: str = "") -> QuerySet[SavedText]:
    """Templates whose name or main text has `search` in it."""
    found = SavedText.objects.filter(workspace_id=workspace_id)
    if search:
        found = found.filter(name__icontains=search) | found.filter(body__icontains=search)
    return found


def list_templates(
    workspace_id: int, *, search: str = "", before_id: int | None = None, limit: int = 50
) -> list[SavedText]:
    """The same, newest first, a page at a time."""
    found = find_templates(workspace_id, search=search)
    if before_id is not None:
        found = found.filter(id__lt=before_id)
    return list(found.order_by("-id")[:limit])


def create_template(*, workspace_id: int, actor: str, **values: Any) -> SavedText:
    """Keep a text.

    Raises:
        FieldError: it has no name, one that is taken, or a value that cannot be used.
    """
    made = SavedText(workspace_id=workspace_id, **values)
    with transaction.atomic():
        _save(made, values)
        audit_row(made, "template", actor, "templates.created", after={"name": made.name})
    return made


def update_template(*, template: SavedText, actor: str, **values: Any) -> SavedText:
    """Change it; campaigns that began with it keep what they copied. Raises as `create_template`."""
    with transaction.atomic():
        locked = SavedText.objects.select_for_update().get(id=template.id)
        before = {name: getattr(locked, name) for name in values}
        for name, value in values.items():
            setattr(locked, name, value)
        _save(locked, values)
        audit_row(locked, "template", actor, "templates.updated", before=before, after=values)
    return locked


def delete_template(*, template: SavedText, actor: str) -> None:
    """Campaigns that began with it stay. Deleting twice is deleting once."""
    with transaction.atomic():
        count, _kinds = SavedText.objects.filter(id=template.id).delete()
        if count:
            audit_row(
                template, "template", actor, "templates.deleted", before={"name": template.name}
            )


def _save(saved: SavedText, values: dict[str, Any]) -> None:
    saved.name = saved.name.strip()
    if not saved.name:
        raise FieldError("name", _("is missing"), _("Give it one that your team knows it by."))
    if not saved.body.strip():
        raise FieldError("body", _("is missing"), _("Write what people shall read."))
    check_makeable(saved.body, saved.fallbacks)
    check_campaign_purpose(saved.purpose)
    check_scopes(saved.workspace_id, [ConsentScope(saved.topic, saved.brand)])
    if values.get("versions"):
        check_versions(values["versions"])
        for number, version in enumerate(values["versions"]):
            field = f"versions.{number}.body"
            check_makeable(version.get("body", ""), version.get("fallbacks") or {}, field=field)
    try:
        with transaction.atomic():
            saved.save()
    except IntegrityError as error:
        problem = _("is the name of another template")
        raise FieldError("name", problem, _("Choose another.")) from error

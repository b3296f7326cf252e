"""What a workspace writes about and under which names: lists that consent and texts refer to by key."""

import re
from collections.abc import Callable, Collection, Iterable
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from textwell.accounts.actions import audit_row
from textwell.consent.models import Brand, Topic
from textwell.consent.types import EVERY, ConsentScope
from textwell.core.errors import Conflict, FieldError, NotFound

_KEY: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
LONGEST_NAME: Final = 80
LONGEST_DESCRIPTION: Final = 300


def list_topics(workspace_id: int) -> list[Topic]:
    return list(Topic.objects.filter(workspace_id=workspace_id).order_by("name", "id"))


def list_brands(workspace_id: int) -> list[Brand]:
    return list(Brand.objects.filter(workspace_id=workspace_id).order_by("name", "id"))


def access_topic(workspace_id: int, topic_id: int) -> Topic:
    """The topic, or NotFound (also for another workspace's)."""
    found = Topic.objects.filter(workspace_id=workspace_id, id=topic_id).first()
    if found is None:
        raise NotFound("topic", topic_id)
    return found


def define_topic(
    *,
    workspace_id: int,
    key: str,
    name: str,
    actor: str,
    description: str = "",
    is_per_sender: bool = False,
) -> Topic:
    """A topic that people may agree to. The same definition twice is once.

    Raises:
        FieldError: `key`, `name` or `description` cannot be used.
        Conflict: the key means something else already.
    """
    _check_words(key, name, description)
    wanted = {
        "name": name.strip(),
        "description": description.strip(),
        "is_per_sender": is_per_sender,
    }
    with transaction.atomic():
        made, is_new = Topic.objects.get_or_create(
            workspace_id=workspace_id, key=key, defaults=wanted
        )
        if is_new:
            audit_row(made, "topic", actor, "topics.defined", after={"key": key, **wanted})
    if any(getattr(made, field) != value for field, value in wanted.items()):
        raise Conflict(_("There is another topic with this key: choose another key."))
    return made


def rename_topic(*, topic: Topic, name: str, actor: str, description: str = "") -> Topic:
    """Other words for the same thing; what people agreed to stays.

    Raises:
        FieldError: `name` or `description` cannot be used.
    """
    _check_words(topic.key, name, description)
    with transaction.atomic():
        held = Topic.objects.select_for_update().get(id=topic.id)
        before = {"name": held.name, "description": held.description}
        held.name, held.description = name.strip(), description.strip()
        held.save(update_fields=["name", "description"])
        after = {"name": held.name, "description": held.description}
        audit_row(held, "topic", actor, "topics.renamed", before=before, after=after)
    return held


def define_brand(*, workspace_id: int, key: str, name: str, actor: str) -> Brand:
    """A name to write under. The same definition twice is once. Raises as `define_topic`."""
    _check_words(key, name, "")
    with transaction.atomic():
        made, is_new = Brand.objects.get_or_create(
            workspace_id=workspace_id, key=key, defaults={"name": name.strip()}
        )
        if is_new:
            audit_row(made, "brand", actor, "brands.defined", after={"key": key, "name": made.name})
    if made.name != name.strip():
        raise Conflict(_("There is another brand with this key: choose another key."))
    return made


def check_scopes(workspace_id: int, scopes: Iterable[ConsentScope]) -> None:
    """Every topic and brand that is named is one of the workspace.

    Raises:
        FieldError: on `topic` or `brand`, with the first that is not.
    """
    wanted = set(scopes)
    _check_known(
        "topic",
        {scope.topic for scope in wanted} - {"", EVERY},
        lambda: Topic.objects.filter(workspace_id=workspace_id).values_list("key", flat=True),
    )
    _check_known(
        "brand",
        {scope.brand for scope in wanted} - {"", EVERY},
        lambda: Brand.objects.filter(workspace_id=workspace_id).values_list("key", flat=True),
    )


def is_per_sender(workspace_id: int, topic: str) -> bool:
    """Whether people agree to this topic from one sender at a time."""
    if not topic:
        return False
    return Topic.objects.filter(workspace_id=workspace_id, key=topic, is_per_sender=True).exists()


def _check_words(key: str, name: str, description: str) -> None:
    if not _KEY.fullmatch(key):
        mend = _("Use a small letter first, then small letters, digits and _.")
        raise FieldError("key", _("cannot be used."), mend)
    if not name.strip():
        raise FieldError("name", _("is missing"), _("Give it one that people understand."))
    for field, text, most in (
        ("name", name, LONGEST_NAME),
        ("description", description, LONGEST_DESCRIPTION),
    ):
        if len(text) > most or "\x00" in text:
            mend = _("At most %(count)d characters.") % {"count": most}
            raise FieldError(field, _("The value is too long or holds a null character."), mend)


def _check_known(field: str, wanted: Collection[str], known: Callable[[], Iterable[str]]) -> None:
    if not wanted:
        return
    found = sorted(known())
    unknown = sorted(set(wanted) - set(found))
    if unknown:
        problem = _("“%(key)s” is none of this workspace.") % {"key": unknown[0]}
        mend = _("Use one of: %(known)s.") % {"known": ", ".join(found) or "–"}
        raise FieldError(field, problem, mend)

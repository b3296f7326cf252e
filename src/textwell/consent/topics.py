"""What a workspace writes about and under which names: lists that consent and texts refer to by key."""

import re
from collections.abc import Callable, Collection, Iterable
from typing import Final, TypeVar

from django.db import transaction
from django.db.models import Value
from django.utils.translation import gettext as _

from textwell.accounts.actions import audit_row
from textwell.consent.models import Brand, Topic
from textwell.consent.types import EVERY, ConsentScope
from textwell.core.clock import now
from textwell.core.db import cursor
from textwell.core.errors import Conflict, FieldError, NotFound

S = TypeVar("S", Topic, Brand)
_KEY: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
LONGEST_NAME: Final = 80
LONGEST_DESCRIPTION: Final = 300
_COUNT_PEOPLE: Final = """
SELECT topic, brand, count(DISTINCT contact_id)
FROM consent_consentstate
WHERE workspace_id = %(workspace_id)s AND is_granted AND (topic, brand) <> ('', '')
GROUP BY GROUPING SETS ((topic), (brand))
"""


def list_topics(workspace_id: int) -> list[Topic]:
    return list(Topic.objects.filter(workspace_id=workspace_id).order_by("name", "id"))


def list_open_topics(workspace_id: int) -> list[Topic]:
    """Those that people may be offered."""
    return [each for each in list_topics(workspace_id) if each.closed_at is None]


def list_open_brands(workspace_id: int) -> list[Brand]:
    return [each for each in list_brands(workspace_id) if each.closed_at is None]


def list_brands(workspace_id: int) -> list[Brand]:
    return list(Brand.objects.filter(workspace_id=workspace_id).order_by("name", "id"))


def access_topic(workspace_id: int, topic_id: int) -> Topic:
    """The topic, or NotFound (also for another workspace's)."""
    found = Topic.objects.filter(workspace_id=workspace_id, id=topic_id).first()
    if found is None:
        raise NotFound("topic", topic_id)
    return found


def access_brand(workspace_id: int, brand_id: int) -> Brand:
    """As `access_topic`."""
    found = Brand.objects.filter(workspace_id=workspace_id, id=brand_id).first()
    if found is None:
        raise NotFound("brand", brand_id)
    return found


def list_names(workspace_id: int) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Keys and names of the open topics and of the open brands, in one query."""
    kept = {"workspace_id": workspace_id, "closed_at": None}
    of_topics = Topic.objects.filter(**kept).values_list(Value(True), "key", "name")
    of_brands = Brand.objects.filter(**kept).values_list(Value(False), "key", "name")
    rows = sorted(of_topics.union(of_brands), key=lambda row: row[2])
    return (
        [(key, name) for is_topic, key, name in rows if is_topic],
        [(key, name) for is_topic, key, name in rows if not is_topic],
    )


def name_scope(workspace_id: int, topic: str, brand: str) -> tuple[str, str]:
    """How the topic and the brand are called; empty for the general ones."""
    topics = Topic.objects.filter(workspace_id=workspace_id, key=topic) if topic else ()
    brands = Brand.objects.filter(workspace_id=workspace_id, key=brand) if brand else ()
    return (
        next((each.name for each in topics), topic),
        next((each.name for each in brands), brand),
    )


def count_people(workspace_id: int) -> tuple[dict[str, int], dict[str, int]]:
    """How many people say yes today, by topic and by brand: each person once, in one query."""
    by_topic: dict[str, int] = {}
    by_brand: dict[str, int] = {}
    with cursor() as raw:
        raw.execute(_COUNT_PEOPLE, {"workspace_id": workspace_id})
        for topic, brand, count in raw.fetchall():
            if topic is not None:
                by_topic[topic] = count
            else:
                by_brand[brand] = count
    return by_topic, by_brand


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
    if made.closed_at or any(getattr(made, field) != value for field, value in wanted.items()):
        raise Conflict(_("There is another topic with this key: choose another key."))
    return made


def rename_topic(*, topic: Topic, name: str, actor: str, description: str = "") -> Topic:
    """Other words for the same thing; what people agreed to stays.

    Raises:
        FieldError: `name` or `description` cannot be used.
    """
    _check_words(topic.key, name, description)
    words = {"name": name.strip(), "description": description.strip()}
    return _rename(topic, words, subject="topic", action="topics.renamed", actor=actor)


def close_topic(*, topic: Topic, actor: str) -> Topic:
    """Offer and use it no more, for good: its key means nothing else later. Twice is once.

    What people said of it stays in their history, and they can still say no to it.
    """
    return _close(topic, subject="topic", action="topics.closed", actor=actor)


def rename_brand(*, brand: Brand, name: str, actor: str) -> Brand:
    """As `rename_topic`."""
    _check_words(brand.key, name, "")
    words = {"name": name.strip()}
    return _rename(brand, words, subject="brand", action="brands.renamed", actor=actor)


def close_brand(*, brand: Brand, actor: str) -> Brand:
    """As `close_topic`."""
    return _close(brand, subject="brand", action="brands.closed", actor=actor)


def define_brand(*, workspace_id: int, key: str, name: str, actor: str) -> Brand:
    """A name to write under. The same definition twice is once. Raises as `define_topic`."""
    _check_words(key, name, "")
    with transaction.atomic():
        made, is_new = Brand.objects.get_or_create(
            workspace_id=workspace_id, key=key, defaults={"name": name.strip()}
        )
        if is_new:
            audit_row(made, "brand", actor, "brands.defined", after={"key": key, "name": made.name})
    if made.closed_at or made.name != name.strip():
        raise Conflict(_("There is another brand with this key: choose another key."))
    return made


def check_scopes(
    workspace_id: int, scopes: Iterable[ConsentScope], *, may_be_closed: bool = False
) -> None:
    """Every topic and brand that is named is one of the workspace, and open.

    Raises:
        FieldError: on `topic` or `brand`, with the first that is not.
    """
    wanted = set(scopes)
    topics = {scope.topic for scope in wanted} - {"", EVERY}
    brands = {scope.brand for scope in wanted} - {"", EVERY}
    list_usable_topics = list_topics if may_be_closed else list_open_topics
    list_usable_brands = list_brands if may_be_closed else list_open_brands
    _check_known("topic", topics, lambda: [each.key for each in list_usable_topics(workspace_id)])
    _check_known("brand", brands, lambda: [each.key for each in list_usable_brands(workspace_id)])


def is_per_sender(workspace_id: int, topic: str) -> bool:
    """Whether people agree to this topic from one sender at a time."""
    if not topic:
        return False
    return Topic.objects.filter(workspace_id=workspace_id, key=topic, is_per_sender=True).exists()


def _rename(one: S, words: dict[str, str], *, subject: str, action: str, actor: str) -> S:
    with transaction.atomic():
        held = type(one).objects.select_for_update().get(id=one.id)
        before = {field: getattr(held, field) for field in words}
        for field, value in words.items():
            setattr(held, field, value)
        held.save(update_fields=list(words))
        audit_row(held, subject, actor, action, before=before, after=words)
    return held


def _close(one: S, *, subject: str, action: str, actor: str) -> S:
    with transaction.atomic():
        held = type(one).objects.select_for_update().get(id=one.id)
        if held.closed_at is None:
            held.closed_at = now()
            held.save(update_fields=["closed_at"])
            audit_row(held, subject, actor, action, after={"key": held.key})
    return held


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

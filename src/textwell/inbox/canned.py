"""Canned answers of a workspace: kept, changed, deleted, and made for one person."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from textwell.accounts.actions import audit_row
from textwell.contacts.models import Contact
from textwell.contacts.selectors import list_fields
from textwell.core.errors import FieldError, NotFound
from textwell.inbox.models import CannedAnswer
from textwell.messaging.checks import check_template, refusal_problem
from textwell.messaging.compose import BUILT_IN_FIELDS, Composer, Wording
from textwell.messaging.errors import TemplateRefused
from textwell.messaging.values import values_of

MOST_TEXT = 1600  # characters
MOST_ANSWERS = 500  # of a workspace: they are chosen from one list
FIELDS = ("name", "body", "fallbacks")


def list_canned(workspace_id: int) -> list[CannedAnswer]:
    """All of a workspace, by name."""
    return list(CannedAnswer.objects.filter(workspace_id=workspace_id).order_by("name", "id"))


def access_canned(workspace_id: int, canned_id: int) -> CannedAnswer:
    """The canned answer, or NotFound (also for another workspace's)."""
    found = CannedAnswer.objects.filter(workspace_id=workspace_id, id=canned_id).first()
    if found is None:
        raise NotFound("canned answer", canned_id)
    return found


def create_canned(*, workspace_id: int, actor: str, **values: Any) -> CannedAnswer:
    """Keep an answer.

    Raises:
        FieldError: it has no name, one that is taken, or a text that cannot be made for everybody.
    """
    made = CannedAnswer(workspace_id=workspace_id, **values)
    with transaction.atomic():
        if CannedAnswer.objects.filter(workspace_id=workspace_id).count() >= MOST_ANSWERS:
            problem = _("There are %(most)d already.") % {"most": MOST_ANSWERS}
            raise FieldError("name", problem, _("Delete one that nobody uses."))
        _save(made)
        audit_row(made, "canned", actor, "inbox.canned_created", after={"name": made.name})
    return made


def update_canned(*, canned: CannedAnswer, actor: str, **values: Any) -> CannedAnswer:
    """Change it; what was sent stays as it was sent. Raises as `create_canned`."""
    with transaction.atomic():
        locked = CannedAnswer.objects.select_for_update().get(id=canned.id)
        before = {name: getattr(locked, name) for name in values}
        for name, value in values.items():
            setattr(locked, name, value)
        _save(locked)
        audit_row(locked, "canned", actor, "inbox.canned_updated", before=before, after=values)
    return locked


def delete_canned(*, canned: CannedAnswer, actor: str) -> None:
    """Deleting twice is deleting once."""
    with transaction.atomic():
        count, _kinds = CannedAnswer.objects.filter(id=canned.id).delete()
        if count:
            before = {"name": canned.name}
            audit_row(canned, "canned", actor, "inbox.canned_deleted", before=before)


def make_for(canned: CannedAnswer, contact: Contact) -> str:
    """The answer as this person would read it.

    Raises:
        FieldError: on `body`: it does not come out for this person.
    """
    try:
        composer = Composer(Wording(canned.body, canned.fallbacks))
        return composer.compose(values_of(contact), {}).text
    except TemplateRefused as refused:
        found = refusal_problem(refused)
        raise FieldError("body", found.problem, found.mend) from refused


def _save(canned: CannedAnswer) -> None:
    canned.name = canned.name.strip()
    if not canned.name:
        raise FieldError("name", _("is missing"), _("Give it one that your team knows it by."))
    if len(canned.body) > MOST_TEXT:
        mend = _("Shorten it to %(most)d characters.") % {"most": MOST_TEXT}
        raise FieldError("body", _("is too long"), mend)
    own = {field.name for field in list_fields(canned.workspace_id)}
    problems = check_template(
        canned.body,
        known_fields=frozenset({*BUILT_IN_FIELDS, *own}),
        fallbacks=canned.fallbacks,
        link_count=0,
    )
    for found in problems:
        if found.field == "links":
            mend = _("Write the address itself.")
            raise FieldError("body", _("uses a link of a campaign"), mend)
        raise FieldError(found.field, found.problem, found.mend)
    try:
        with transaction.atomic():
            canned.save()
    except IntegrityError as error:
        problem = _("is the name of another canned answer")
        raise FieldError("name", problem, _("Choose another.")) from error

"""Questions of a sign-up form: each fills a field of the person, typed as that is."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext as _

from textwell.contacts.models import FieldDefinition
from textwell.core.errors import FieldError

OWN_FIELDS: Final = ("first_name", "last_name", "email")
MOST_QUESTIONS: Final = 12
LONGEST_LABEL: Final = 120

Question = dict[str, Any]  # Any: field, label, is_required


def check_questions(workspace_id: int, questions: Sequence[Mapping[str, Any]]) -> list[Question]:
    """Questions in their stored form: `field`, `label`, `kind`, `is_required`.

    Raises:
        FieldError: on `questions`: too many, or one of a field that there is not.
    """
    if len(questions) > MOST_QUESTIONS:
        mend = _("Ask %(most)d at most.") % {"most": MOST_QUESTIONS}
        raise FieldError("questions", _("are too many"), mend)
    kinds: dict[str, str] = dict.fromkeys(OWN_FIELDS, "text")
    if questions:
        own = FieldDefinition.objects.filter(workspace_id=workspace_id)
        kinds |= dict(own.values_list("name", "kind"))
    return [_check(each, kinds) for each in questions]


def _check(question: Mapping[str, Any], kinds: Mapping[str, str]) -> Question:
    field = str(question.get("field", ""))
    if field not in kinds:
        problem = _("There is no field “%(name)s”.") % {"name": field[:40]}
        raise FieldError("questions", problem, _("Define it among the contacts first."))
    label = " ".join(str(question.get("label", "")).split()) or field
    return {
        "field": field,
        "label": label[:LONGEST_LABEL],
        "kind": kinds[field],
        "is_required": bool(question.get("is_required")),
    }


def as_values(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Answers by field as `upsert_contact` takes them; without those that say nothing."""
    given = {name: value for name, value in answers.items() if value not in (None, "")}
    own: dict[str, Any] = {name: given[name] for name in OWN_FIELDS if name in given}
    free = {name: value for name, value in given.items() if name not in OWN_FIELDS}
    return {**own, "fields": free} if free else own

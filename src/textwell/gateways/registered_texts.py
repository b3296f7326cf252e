"""Every write to the templates of registered senders: which words a registry has approved.

The words of one never change, as its approval is of them alone: other words are another template.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from textwell.core.errors import Conflict, FieldError, NotFound
from textwell.gateways.models import RegisteredTemplate, Registration, RegistrationState
from textwell.gateways.patterns import LONGEST_PLACE, Place, read_pattern
from textwell.gateways.registrations import (
    check_length,
    check_state,
    lock_registration,
    note_change,
    set_standing,
    standing_facts,
)
from textwell.gateways.settings import Values

MAX_TEMPLATES: Final = 500  # of a registration
MAX_PLACES: Final = 20  # of a template
LONGEST_TEXT: Final = 2_000
USUAL_PLACE: Final = 100  # characters of a place where neither it nor the country says


@transaction.atomic
def add_template(
    *,
    workspace_id: int,
    registration_id: int,
    actor: str,
    name: str,
    text: str,
    longest: int = USUAL_PLACE,
    state: str = RegistrationState.DRAFT,
    reference: str = "",
    expires_on: date | None = None,
) -> RegisteredTemplate:
    """Put down a text as it is registered, with its places. Connectors hear of it at once.

    Raises NotFound, FieldError, or Conflict where the registration has one of that name.
    """
    found = lock_registration(workspace_id, registration_id)
    if found.templates.count() >= MAX_TEMPLATES:
        mend = _("Remove one that is no longer needed.")
        raise FieldError("text", _("is one too many"), mend)
    made = RegisteredTemplate(
        registration=found,
        name=_check_name(name),
        text=_check_places(_check_text(text), _check_longest(longest)),
        longest=longest,
        state=check_state(state),
        reference=check_length("reference", reference, most=120),
        expires_on=expires_on,
    )
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError:
        raise Conflict(_("This sender has a template of this name there already.")) from None
    note_change(found, actor, "registration.template_added", after=_facts(made))
    return made


@transaction.atomic
def change_template(
    *,
    workspace_id: int,
    registration_id: int,
    template_id: int,
    actor: str,
    state: str | None = None,
    reference: str | None = None,
    expires_on: date | None = None,
    has_no_end: bool = False,
) -> RegisteredTemplate:
    """Change what is given; `has_no_end` takes the last day away. Raises FieldError, NotFound."""
    of = lock_registration(workspace_id, registration_id)
    found = access_template(of, template_id)
    before = _facts(found)
    set_standing(found, state, reference, expires_on, has_no_end=has_no_end)
    if _facts(found) != before:
        found.save(update_fields=["state", "reference", "expires_on", "updated_at"])
        note_change(of, actor, "registration.template_changed", before=before, after=_facts(found))
    return found


@transaction.atomic
def remove_template(
    *, workspace_id: int, registration_id: int, template_id: int, actor: str
) -> None:
    """Forget it: texts like it are refused from then on. Raises NotFound."""
    of = lock_registration(workspace_id, registration_id)
    found = access_template(of, template_id)
    note_change(of, actor, "registration.template_removed", before=_facts(found))
    found.delete()


def access_template(registration: Registration, template_id: int) -> RegisteredTemplate:
    """A template of this registration. Raises NotFound."""
    found = registration.templates.filter(id=template_id).first()
    if found is None:
        raise NotFound("template", template_id)
    return found


def _facts(template: RegisteredTemplate) -> Values:
    return {
        "name": template.name,
        "text": template.text,
        "longest": template.longest,
        **standing_facts(template),
    }


def _check_name(name: str) -> str:
    name = check_length("name", name, most=120)
    if not name or "\0" in name:
        raise FieldError("name", _("is missing"), _("Give it one that your team knows it by."))
    return name


def _check_text(text: str) -> str:
    """As it is compared: lines end in one sign."""
    text = text.replace("\r\n", "\n").strip()
    if not text or "\0" in text:
        mend = _("Copy it as it is registered, with signature and way out.")
        raise FieldError("text", _("is missing"), mend)
    if len(text) > LONGEST_TEXT:
        mend = _("Shorten it to %(most)d characters.") % {"most": LONGEST_TEXT}
        raise FieldError("text", _("is too long"), mend)
    if not any(isinstance(part, str) and part.strip() for part in read_pattern(text, 1).parts):
        mend = _("Words must stand between the places.")
        raise FieldError("text", _("would be any text at all"), mend)
    return text


def _check_places(text: str, longest: int) -> str:
    """No more than it takes to say what differs: each costs time with every text that leaves."""
    sizes = [part.most for part in read_pattern(text, longest).parts if isinstance(part, Place)]
    if len(sizes) > MAX_PLACES or sum(sizes) > LONGEST_TEXT:
        mend = _("Use at most %(count)d places, of %(most)d characters together.") % {
            "count": MAX_PLACES,
            "most": LONGEST_TEXT,
        }
        raise FieldError("text", _("leaves too much open"), mend)
    return text


def _check_longest(longest: int) -> int:
    if not 1 <= longest <= LONGEST_PLACE:
        mend = _("Use 1 to %(most)d.") % {"most": LONGEST_PLACE}
        raise FieldError("longest", _("is out of range."), mend)
    return longest

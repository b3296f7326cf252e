"""Programmes: made, changed, published, paused."""

import re
import secrets
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from textwell.accounts.actions import audit_row
from textwell.accounts.models import Workspace
from textwell.contacts.labels import clean_tags
from textwell.core.errors import FieldError
from textwell.programmes.disclosures import add_ready, language_codes, write_anew
from textwell.programmes.elements import required_elements, stop_word
from textwell.programmes.errors import NotComplete
from textwell.programmes.models import Placement, Programme, ProgrammeState
from textwell.programmes.questions import check_questions
from textwell.programmes.selectors import find_problems
from textwell.programmes.topics import check_offered
from textwell.programmes.types import Problem

FIELDS: Final = (
    "name", "brand", "offer", "terms_url", "privacy_url", "contact", "monthly_count", "countries",
    "asks_twice", "min_age", "welcome", "questions", "tags", "topics", "frame_hosts", "low_codes",
    "starts_at", "ends_at",
)  # fmt: skip
MOST_PROGRAMMES: Final = 200  # of a workspace
OLDEST_GATE: Final = 25
_HOST = re.compile(r"https://(\*\.)?([a-z0-9-]{1,63}\.)+[a-z]{2,24}(:\d{1,5})?")
_WEB: Final = ("https://", "http://")


def create_programme(*, workspace: Workspace, actor: str, **values: Any) -> Programme:
    """A draft with everything that can be filled in: texts in the workspace's language, one placement.

    Raises:
        FieldError: a value cannot be used.
    """
    with translation.override(workspace.language):
        welcome = _("Welcome to %(brand)s! Reply %(stop)s to stop.")
        direct = _("Direct link")
    brand = values.get("brand") or workspace.name[:80]
    language = workspace.language if workspace.language in language_codes() else "en"
    given = {"brand": brand, "countries": [workspace.country], **values}
    with transaction.atomic():
        Workspace.objects.select_for_update().get(id=workspace.id)
        if Programme.objects.filter(workspace_id=workspace.id).count() >= MOST_PROGRAMMES:
            problem = _("There are %(most)d already.") % {"most": MOST_PROGRAMMES}
            raise FieldError("name", problem, _("Change one that has ended."))
        made = Programme(workspace_id=workspace.id)
        if "welcome" not in given:
            stop = stop_word(workspace.country, language)
            given["welcome"] = welcome % {"brand": brand, "stop": stop}
        _set(made, given)
        Placement.objects.create(
            workspace_id=workspace.id, programme=made, name=direct, code=make_code()
        )
        audit_row(made, "programme", actor, "programmes.created", after={"name": made.name})
        _write_ready(made, language, actor)
    return made


def make_code() -> str:
    """What stands in the link of a placement: nobody guesses another's."""
    return secrets.token_urlsafe(8).replace("-", "x").replace("_", "y")


def _write_ready(programme: Programme, language: str, actor: str) -> None:
    for country in programme.countries:
        add_ready(programme=programme, country=country, language=language, actor=actor)


def update_programme(*, programme: Programme, actor: str, **values: Any) -> Programme:
    """Change it; texts that name what changed get a new version.

    Raises:
        FieldError: a value cannot be used.
        NotComplete: it is published, and would lack something that a pack requires.
    """
    with transaction.atomic():
        locked = Programme.objects.select_for_update().get(id=programme.id)
        before = {name: getattr(locked, name) for name in values}
        _set(locked, values)
        changed = [name for name in values if getattr(locked, name) != before[name]]
        if not changed:
            return locked
        write_anew(locked, actor)
        if "countries" in changed:
            workspace = Workspace.objects.get(id=locked.workspace_id)
            language = workspace.language if workspace.language in language_codes() else "en"
            _write_ready(locked, language, actor)
        if locked.state != ProgrammeState.DRAFT and (problems := _new_problems(locked, changed)):
            raise NotComplete(problems)
        audit_row(
            locked, "programme", actor, "programmes.changed",
            before={name: _plain(before[name]) for name in changed},
            after={name: _plain(getattr(locked, name)) for name in changed},
        )  # fmt: skip
    return locked


def _new_problems(programme: Programme, changed: list[str]) -> list[Problem]:
    """What keeps a published programme from such a change: a sender lost since keeps no typing error."""
    is_of_senders = not {"countries", "asks_twice"}.isdisjoint(changed)
    return [each for each in find_problems(programme) if is_of_senders or each.field != "senders"]


def _plain(value: Any) -> Any:  # Any: values of many columns, as JSON holds them
    return value.isoformat() if hasattr(value, "isoformat") else value


def publish_programme(*, programme: Programme, actor: str) -> Programme:
    """Let people join. Twice is once.

    Raises:
        NotComplete: says each element that a pack requires and that is missing.
    """
    with transaction.atomic():
        locked = Programme.objects.select_for_update().get(id=programme.id)
        if problems := find_problems(locked):
            raise NotComplete(problems)
        if locked.state != ProgrammeState.PUBLISHED:
            locked.state = ProgrammeState.PUBLISHED
            locked.save(update_fields=["state"])
            audit_row(locked, "programme", actor, "programmes.published")
    return locked


def pause_programme(*, programme: Programme, actor: str) -> Programme:
    """Nobody joins any more until it is published again; whoever joined stays. Twice is once."""
    with transaction.atomic():
        locked = Programme.objects.select_for_update().get(id=programme.id)
        if locked.state == ProgrammeState.PUBLISHED:
            locked.state = ProgrammeState.PAUSED
            locked.save(update_fields=["state"])
            audit_row(locked, "programme", actor, "programmes.paused")
    return locked


def _set(programme: Programme, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(programme, name, value)
    programme.name = programme.name.strip()
    programme.brand = programme.brand.strip()
    _check_names(programme)
    _check_numbers(programme)
    _check_places(programme)
    programme.tags = clean_tags(programme.tags)
    programme.topics = check_offered(programme.workspace_id, programme.topics)
    programme.questions = check_questions(programme.workspace_id, programme.questions)
    try:
        with transaction.atomic():
            programme.save()
    except IntegrityError as error:
        problem = _("is the name of another programme")
        raise FieldError("name", problem, _("Choose another.")) from error


def _check_names(programme: Programme) -> None:
    if not programme.name:
        raise FieldError("name", _("is missing"), _("Give it one that your team knows it by."))
    for name in ("name", "brand", "offer", "terms_url", "privacy_url", "contact"):
        longest = getattr(Programme._meta.get_field(name), "max_length", 0) or 0  # noqa: SLF001 - Django's public door
        if len(getattr(programme, name)) > longest:
            mend = _("Shorten it to %(most)d characters.") % {"most": longest}
            raise FieldError(name, _("is too long"), mend)
    for name in ("terms_url", "privacy_url"):
        value = getattr(programme, name)
        if value and (not value.startswith(_WEB) or " " in value):
            raise FieldError(name, _("is no web address"), _("Begin it with https://."))
    if len(programme.welcome) > 1000:  # noqa: PLR2004 - more segments than any carrier takes
        mend = _("Shorten it to %(most)d characters.") % {"most": 1000}
        raise FieldError("welcome", _("is too long"), mend)


def _check_numbers(programme: Programme) -> None:
    limits = {"monthly_count": (1, 60), "min_age": (0, OLDEST_GATE), "low_codes": (0, 1_000_000)}
    for name, (least, most) in limits.items():
        if not least <= getattr(programme, name) <= most:
            mend = _("Give a number from %(least)d to %(most)d.") % {"least": least, "most": most}
            raise FieldError(name, _("is outside of its limits"), mend)
    if programme.starts_at and programme.ends_at and programme.ends_at <= programme.starts_at:
        raise FieldError("ends_at", _("is not after the beginning"), _("Choose a later day."))


def _check_places(programme: Programme) -> None:
    programme.countries = list(dict.fromkeys(each.upper() for each in programme.countries))
    for country in programme.countries:
        if len(country) != 2 or required_elements(country) is None:  # noqa: PLR2004 - ISO 3166-1
            problem = _("%(country)s has no rule pack") % {"country": country[:8]}
            raise FieldError("countries", problem, _("Choose another country."))
    programme.frame_hosts = [_host(each) for each in programme.frame_hosts]


def _host(given: str) -> str:
    """An origin that may show the form in a frame."""
    host = given.strip().lower().rstrip("/")
    host = host if "://" in host else f"https://{host}"
    if not _HOST.fullmatch(host):
        problem = _("%(host)s is no site that can show the form") % {"host": given[:80]}
        raise FieldError("frame_hosts", problem, _("Write it like shop.example.com."))
    return host

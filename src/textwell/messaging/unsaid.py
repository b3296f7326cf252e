"""What law has a text say and nobody can add, in words that say the mend."""

from collections.abc import Sequence
from typing import Final

from babel import Locale, UnknownLocaleError
from django.utils.translation import get_language, gettext, to_locale
from django.utils.translation import gettext_lazy as _

from textwell.compliance.wording import Demands
from textwell.core.errors import FieldError

# What a workspace tells of itself, as of compliance.wording.Speaker.
_SETTINGS: Final = {
    "legal_name": _("The legal name of who speaks is missing."),
    "address": _("The postal address of who speaks is missing."),
    "contact": _("A way to reach who speaks is missing."),
}
_REASONS: Final = {
    "label_missing": _("The sender itself must carry the mark of advertising, such as AD-NAME."),
    "label_conflict": _("Two marks of advertising must both stand first."),
    "opt_out_missing": _("Nobody can answer this sender, and no link may stand in the text."),
    "facts_missing": _("The rules could not be read."),
}


def wording_problem(demands: Demands, countries: Sequence[str] = ()) -> FieldError:
    """Why texts to these countries cannot be made lawful. `demands` are not met."""
    if demands.missing:
        field = "speaker"
        problem = " ".join(str(_SETTINGS[name]) for name in demands.missing)
        mend = gettext("Tell it in the settings, under “Who speaks”.")
    elif demands.reason:
        field = "sender"
        problem = str(_REASONS[demands.reason])
        mend = gettext("Choose another sender.")
    else:
        field = "body"
        problem = gettext(
            "The text does not say who speaks or how to stop, and nothing may be added."
        )
        mend = gettext("Say it as in the template that is registered there.")
    if countries:
        form = gettext("%(countries)s: %(problem)s")
        names = ", ".join(country_name(code) for code in countries)
        problem = form % {"countries": names, "problem": problem}
    return FieldError(field, problem, mend)


def country_name(code: str) -> str:
    try:
        locale = Locale.parse(to_locale(get_language() or "en"))
    except (UnknownLocaleError, ValueError):
        locale = Locale("en")
    return str(locale.territories.get(code, code))

"""What a brand is: its name, country, currency, zone and language; and the first run around it."""

import re
from typing import Any

from babel.core import get_global
from babel.numbers import get_territory_currencies, list_currencies
from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from textwell.core.zones import known_zones
from textwell.web.formats import present_locale

Choices = list[tuple[str, str]]
GroupedChoices = list[tuple[str, str | Choices]]
_COUNTRY = re.compile(r"[A-Z]{2}")
_NO_COUNTRIES = frozenset({"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"})
_OWN_REGION = re.compile(r"[a-z]{2,3}(?:-[A-Za-z]{4})?-([A-Z]{2})\b")


def country_choices() -> Choices:
    """Countries by their names in the language of the page."""
    names = present_locale().territories.items()
    known = [(c, n) for c, n in names if _COUNTRY.fullmatch(c) and c not in _NO_COUNTRIES]
    return sorted(known, key=lambda pair: pair[1].casefold())


def currency_choices() -> Choices:
    """Currencies that some country uses now."""
    names = present_locale().currencies
    used = {
        code
        for country in get_global("territory_currencies")
        for code in get_territory_currencies(country)
    }
    return [
        (code, f"{code} · {names.get(code, code)}") for code in sorted(used & list_currencies())
    ]


def zone_choices() -> GroupedChoices:
    """By the first part of their names: a page has all of them in it."""
    groups: dict[str, Choices] = {}
    for zone in sorted(zone for zone in known_zones() if "/" in zone):
        area, _slash, place = zone.partition("/")
        groups.setdefault(area, []).append((zone, place.replace("_", " ")))
    return [("UTC", "UTC"), *groups.items()]


def guess_brand(request: HttpRequest) -> dict[str, str]:
    """Country, currency and language as the browser's languages suggest them."""
    found = _OWN_REGION.search(request.headers.get("Accept-Language", ""))
    country = found[1] if found else ""
    currencies = get_territory_currencies(country) if country else []
    return {
        "country": country,
        "currency": currencies[0] if currencies else "EUR",
        "zone": "UTC",
        "language": translation.get_language() or "en",
    }


class BrandForm(forms.Form):
    brand = forms.CharField(
        label=_("Name of the brand"),
        help_text=_("As your customers know it."),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    country = forms.ChoiceField(
        label=_("Country"), help_text=_("Numbers without a country code are read as its own.")
    )
    currency = forms.ChoiceField(label=_("Currency"))
    zone = forms.ChoiceField(
        label=_("Time zone"), widget=forms.Select(attrs={"data-own-zone": True})
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: dict[str, Choices | GroupedChoices] = {
            "country": [("", str(_("Choose …"))), *country_choices()],
            "currency": currency_choices(),
            "zone": zone_choices(),
        }
        for name, values in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = values


class NewWorkspaceForm(BrandForm):
    is_sandbox = forms.BooleanField(
        label=_("A sandbox, to try and to test"),
        help_text=_(
            "Everything works, and texts reach the simulated carrier alone. A sandbox never becomes"
            " live, since the consent in it is invented."
        ),
        required=False,
    )


class SetupForm(BrandForm):
    is_small = forms.BooleanField(
        label=_("A small business: one screen is enough"),
        help_text=_("Who wrote, reminders of bookings and requests for reviews."),
        required=False,
    )
    name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    password = forms.CharField(
        label=_("Password"),
        help_text=_("Eight characters or more; a sentence is easiest to remember."),
        max_length=1024,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    code = forms.CharField(
        label=_("Set-up code"),
        help_text=_("`textwell run` printed it where it was started."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, needs_code: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not needs_code:
            del self.fields["code"]

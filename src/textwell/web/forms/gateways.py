"""One form per kind of gateway, built from the fields that its provider declares."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from textwell.gateways.models import Gateway
from textwell.gateways.providers.base import FieldKind, Provider, SettingField
from textwell.gateways.selectors import shown_settings
from textwell.gateways.values import SENDER_KINDS
from textwell.web.formats import MICROS

SETTING_PREFIX = "setting_"
SENDER_LABELS = {
    "alphanumeric": _("Name (letters and digits)"),
    "long_code": _("Long number"),
    "short_code": _("Short code"),
    "toll_free": _("Toll-free number"),
    "modem": _("Own SIM (modem or phone)"),
}


class SecretText(forms.Textarea):
    """A secret of many lines: what was entered never goes back into a page."""

    def format_value(self, value: Any) -> None:
        del value


def _pem_field(setting: SettingField, common: dict[str, Any], *, is_new: bool) -> forms.Field:
    attrs = {"rows": 4, "spellcheck": "false", "autocomplete": "off"}
    if setting.is_secret and not is_new:
        attrs["placeholder"] = _("kept as it is")
    widget = (SecretText if setting.is_secret else forms.Textarea)(attrs=attrs)
    return forms.CharField(widget=widget, max_length=setting.maximum, **common)


def _form_field(setting: SettingField, *, is_new: bool) -> forms.Field:
    """The form field of a setting. The action checks; the form only asks and helps."""
    is_secret = setting.is_secret
    common: dict[str, Any] = {  # Any: keyword arguments of many fields
        "label": setting.label,
        "help_text": setting.help,
        "required": setting.is_required and (is_new or not is_secret),
        "initial": setting.default,
    }
    if setting.kind is FieldKind.BOOLEAN:
        return forms.BooleanField(**common | {"required": False})
    if setting.kind is FieldKind.CHOICE:
        return forms.ChoiceField(choices=setting.choices, **common)
    if setting.kind is FieldKind.INTEGER:
        low, high = setting.minimum, setting.maximum
        return forms.IntegerField(min_value=low, max_value=high, **common)
    if setting.is_pem:
        return _pem_field(setting, common, is_new=is_new)
    if is_secret:
        hint = {} if is_new else {"placeholder": _("kept as it is")}
        widget = forms.PasswordInput(attrs={"autocomplete": "new-password", **hint})
        return forms.CharField(widget=widget, strip=False, **common | {"initial": None})
    if setting.kind is FieldKind.URL:
        return forms.CharField(widget=forms.URLInput(), max_length=2000, **common)
    return forms.CharField(max_length=setting.maximum or 500, **common)


def _file_of(setting: SettingField) -> str:
    return f"{SETTING_PREFIX}{setting.name}_file"


def _file_field(setting: SettingField) -> forms.Field:
    label = _("%(field)s, from a file") % {"field": setting.label}
    return forms.FileField(label=label, required=False, max_length=255)


class GatewayForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80)
    segments_per_second = forms.FloatField(
        label=_("Segments a second"), min_value=0.001, initial=100, help_text=_("By your contract.")
    )
    window = forms.IntegerField(
        label=_("Window"), min_value=1, initial=100, help_text=_("Messages in flight at once.")
    )
    price = forms.DecimalField(
        label=_("Price of a segment"),
        min_value=0,
        max_digits=12,
        decimal_places=6,
        initial=Decimal(0),
    )
    currency = forms.CharField(label=_("Currency"), min_length=3, max_length=3, initial="EUR")

    def __init__(
        self, *args: Any, provider: Provider, gateway: Gateway | None = None, **kwargs: Any
    ) -> None:
        self._provider = provider
        if gateway is not None:
            kwargs["initial"] = _initial(gateway)
        super().__init__(*args, **kwargs)
        for setting in provider.fields:
            field = _form_field(setting, is_new=gateway is None)
            self.fields[SETTING_PREFIX + setting.name] = field
            if setting.is_pem:
                self.fields[_file_of(setting)] = _file_field(setting)

    @property
    def setting_fields(self) -> list[Any]:
        return [self[name] for name in self.fields if name.startswith(SETTING_PREFIX)]

    def _setting(self, setting: SettingField) -> Any:
        """What was entered; a file goes before what stands in the field."""
        chosen = self.cleaned_data.get(_file_of(setting)) if setting.is_pem else None
        if chosen is not None:
            return chosen.read().decode("utf-8", "replace")
        return self.cleaned_data[SETTING_PREFIX + setting.name]

    def values(self) -> dict[str, Any]:
        """What `create_gateway` and `update_gateway` take."""
        data = self.cleaned_data
        return {
            "name": data["name"],
            "settings": {s.name: self._setting(s) for s in self._provider.fields},
            "segments_per_second": data["segments_per_second"],
            "window": data["window"],
            "price_micros": int(data["price"] * MICROS),
            "currency": data["currency"].upper(),
        }

    def field_of(self, name: str) -> str | None:
        """The form's name of a field that an action refused; None if the form has none."""
        names = {"price_micros": "price", "prices": "price"}
        for candidate in (SETTING_PREFIX + name, names.get(name, name)):
            if candidate in self.fields:
                return candidate
        return None


def _initial(gateway: Gateway) -> dict[str, Any]:
    settings = {SETTING_PREFIX + n: v for n, v in shown_settings(gateway).items()}
    return {
        **settings,
        "name": gateway.name,
        "segments_per_second": f"{gateway.segments_per_second:.12g}",  # no 100.0
        "window": gateway.window,
        "price": Decimal(gateway.price_micros) / MICROS,
        "currency": gateway.currency,
    }


class SenderForm(forms.Form):
    value = forms.CharField(label=_("Sender"), max_length=21)
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[(kind, SENDER_LABELS[kind]) for kind in SENDER_KINDS]
    )
    country = forms.CharField(
        label=_("Only for country"),
        max_length=2,
        required=False,
        help_text=_("Two letters; empty: every country."),
    )
    segments_per_second = forms.FloatField(
        label=_("Segments a second"),
        required=False,
        min_value=0.01,
        help_text=_("Of this sender alone; empty: as its gateway."),
    )

"""Settings of a gateway: checked against what its provider declares, secrets sealed at rest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from textwell.core.errors import FieldError
from textwell.core.seal import Unsealable, seal, unseal
from textwell.gateways.providers.base import FieldKind, Provider, SettingField

Values = dict[str, Any]  # Any: text, numbers or booleans, as the provider's fields say
_YES: Final = frozenset({"true", "on", "yes", "1"})
_NO: Final = frozenset({"false", "off", "no", "0", ""})


def check_settings(provider: Provider, given: Mapping[str, object]) -> Values:
    """Every field of the provider, typed, with its default where nothing was given.

    Takes numbers and booleans as text too, as forms send them. Raises FieldError.
    """
    known = {field.name: field for field in provider.fields}
    for name in given:
        if name not in known:
            raise FieldError(
                name,
                _("is no setting of this kind of gateway."),
                _("Use: %(names)s.") % {"names": ", ".join(known)},
            )
    values = {name: _read(field, given.get(name)) for name, field in known.items()}
    provider.check(values)
    return values


def _read(field: SettingField, value: object) -> object:
    if (
        isinstance(value, str) and field.kind is not FieldKind.SECRET
    ):  # spaces may belong to a password
        value = value.strip()
    if value is None or (value == "" and field.kind is not FieldKind.BOOLEAN):
        if field.is_required:
            raise FieldError(field.name, _("is missing."), _("Ask the carrier for it."))
        return field.default
    if field.kind is FieldKind.INTEGER:
        return _read_integer(field, value)
    if field.kind is FieldKind.BOOLEAN:
        return _read_boolean(field, value)
    return _read_text(field, value)


def _read_integer(field: SettingField, value: object) -> int:
    try:
        number = int(str(value))
    except ValueError:
        raise FieldError(field.name, _("is no whole number."), _("Use digits alone.")) from None
    low, high = field.minimum, field.maximum
    if (low is not None and number < low) or (high is not None and number > high):
        raise FieldError(
            field.name,
            _("is out of range."),
            _("Use %(low)s to %(high)s.") % {"low": low, "high": high},
        )
    return number


def _read_boolean(field: SettingField, value: object) -> bool:
    word = str(value).lower()
    if word not in _YES | _NO:
        raise FieldError(field.name, _("is neither yes nor no."), _("Use true or false."))
    return word in _YES


def _read_text(field: SettingField, value: object) -> str:
    text = str(value)
    if field.maximum is not None and len(text) > field.maximum:
        raise FieldError(
            field.name,
            _("is too long."),
            _("At most %(count)d characters fit.") % {"count": field.maximum},
        )
    choices = [choice for choice, _label in field.choices]
    if field.kind is FieldKind.CHOICE and text not in choices:
        mend = _("Choose one of: %(choices)s.") % {"choices": ", ".join(choices)}
        raise FieldError(field.name, _("is not among the choices."), mend)
    if field.kind is FieldKind.URL:
        _check_url(field, text)
    return text


def _check_url(field: SettingField, text: str) -> None:
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        mend = _("Begin with https:// or http:// and the name of the machine.")
        raise FieldError(field.name, _("is no web address."), mend)


def merge_settings(
    provider: Provider, stored: Mapping[str, Any], given: Mapping[str, object]
) -> Values:
    """Plain settings with what is given in place of what is stored, checked. Raises FieldError.

    A secret that is given empty stays, unless the field that it goes with was emptied.
    """
    values: dict[str, object] = dict(stored)
    secrets = {field.name: field for field in provider.fields if field.is_secret}
    values |= {n: v for n, v in given.items() if not (n in secrets and v in {None, ""})}
    for name, field in secrets.items():
        if field.goes_with and not given.get(name) and not values.get(field.goes_with):
            values[name] = field.default
    return check_settings(provider, values)


def seal_settings(provider: Provider, values: Mapping[str, Any]) -> Values:
    """As the database keeps them: secrets readable by holders of the signing key alone."""
    secrets = _secret_names(provider)
    return {n: seal(v) if n in secrets and v else v for n, v in values.items()}


def unseal_settings(provider: Provider, stored: Mapping[str, Any]) -> Values:
    """Plain settings, for the connector alone. Raises Unsealable."""
    secrets = _secret_names(provider)
    return {n: unseal(v) if n in secrets and v else v for n, v in stored.items()}


def unseal_kept(
    provider: Provider, stored: Mapping[str, Any], given: Mapping[str, object]
) -> Values:
    """Plain settings that go on to count: without secrets that are given anew or go with nothing.

    Raises FieldError for a secret that is kept and cannot be read.
    """
    gone = {field.name for field in provider.fields if _is_replaced(field, stored, given)}
    kept = {name: value for name, value in stored.items() if name not in gone}
    for problem in list_unreadable(provider, kept):
        raise problem
    return unseal_settings(provider, kept)


def _is_replaced(
    field: SettingField, stored: Mapping[str, Any], given: Mapping[str, object]
) -> bool:
    partner = field.goes_with
    return field.is_secret and bool(
        given.get(field.name) or (partner and not given.get(partner, stored.get(partner)))
    )


def list_unreadable(provider: Provider, stored: Mapping[str, Any]) -> list[FieldError]:
    """Which secrets were sealed with another signing key, each with the mend."""
    return [
        FieldError(
            name,
            _("cannot be read: it was sealed with another signing key."),
            _(
                "Put the old key back (TEXTWELL_SECRET_KEY or secret.key in the data folder),"
                " or enter the secret again."
            ),
        )
        for name in sorted(_secret_names(provider))
        if stored.get(name) and not _is_readable(stored[name])
    ]


def _is_readable(sealed: str) -> bool:
    try:
        unseal(sealed)
    except Unsealable:
        return False
    return True


def hide_secrets(provider: Provider, stored: Mapping[str, Any]) -> Values:
    """Settings to show: secrets left out."""
    secrets = _secret_names(provider)
    return {name: value for name, value in stored.items() if name not in secrets}


def _secret_names(provider: Provider) -> frozenset[str]:
    return frozenset(f.name for f in provider.fields if f.is_secret)

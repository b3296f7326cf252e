"""Invitations, on both sides, and API keys."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from textwell.accounts.keys import MAX_RATE_PER_S
from textwell.accounts.models import Role
from textwell.accounts.types import DoorPurpose, Scope


class InviteForm(forms.Form):
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    role = forms.ChoiceField(label=_("Role"), initial=Role.MARKETER.value)

    def __init__(self, *args: Any, roles: Iterable[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["role"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(role.value, role.label) for role in roles]


class JoinForm(forms.Form):
    name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    password = forms.CharField(
        label=_("Password"),
        help_text=_("Eight characters or more; a sentence is easiest to remember."),
        max_length=1024,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class KeyForm(forms.Form):
    name = forms.CharField(
        label=_("Which program will use it"), max_length=120, widget=forms.TextInput()
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        choices=[(scope.value, scope.value) for scope in Scope],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one.")},
    )


class KeyUseForm(forms.Form):
    """How a key that exists is used."""

    door_purpose = forms.ChoiceField(
        label=_("What texts of other vendors' clients are for"),
        help_text=_(
            "Clients of Twilio and Kannel cannot say it. Marketing needs the person's consent."
        ),
        choices=[
            (DoorPurpose.MARKETING.value, _("Marketing")),
            (DoorPurpose.TRANSACTIONAL.value, _("Transactional")),
            (DoorPurpose.CARE.value, _("Customer care")),
            (DoorPurpose.OTP.value, _("One-time codes")),
        ],
    )
    rate_per_s = forms.IntegerField(
        label=_("Requests a second"),
        help_text=_("Empty or 0: no limit."),
        required=False,
        min_value=0,
        max_value=MAX_RATE_PER_S,
    )

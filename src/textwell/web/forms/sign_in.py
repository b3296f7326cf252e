from django import forms
from django.utils.translation import gettext_lazy as _


class SignInForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=1024,  # argon2 of megabytes would be a free ride for an attacker
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

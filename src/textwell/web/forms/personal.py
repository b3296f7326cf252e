"""What people correct on their own page."""

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from textwell.contacts.models import Contact


class CorrectionForm(forms.Form):
    first_name = forms.CharField(label=_("First name"), max_length=80, required=False)
    last_name = forms.CharField(label=_("Last name"), max_length=80, required=False)
    language = forms.ChoiceField(label=_("Language"), required=False)

    def __init__(self, data: QueryDict | None = None, *, contact: Contact) -> None:
        names = ("first_name", "last_name", "language")
        super().__init__(data, initial={name: getattr(contact, name) for name in names})
        known = dict(settings.LANGUAGES)
        present = contact.language
        choices = [*known.items()]
        if present not in known:  # one of a file, or none: it stays unless they choose
            choices.insert(0, (present, present or "–"))
        field = self.fields["language"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from textwell.accounts.models import Role
from textwell.accounts.workspaces import (
    MAX_ANSWER_MINUTES,
    MAX_APPROVAL_ABOVE,
    MAX_CAP_COUNT,
    MAX_CAP_HOURS,
    MAX_CONSENT_MONTHS,
)
from textwell.web.forms.workspace import zone_choices


class OwnForm(forms.Form):
    name = forms.CharField(label=_("Your name"), max_length=120, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    zone = forms.ChoiceField(label=_("Time zone"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["zone"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = zone_choices()


class CapForm(forms.Form):
    cap_count = forms.IntegerField(
        label=_("Marketing texts a person at most"),
        min_value=0,
        max_value=MAX_CAP_COUNT,
        help_text=_("0: no cap. Four in 168 hours (a week) is a good beginning."),
    )
    cap_hours = forms.IntegerField(label=_("within hours"), min_value=1, max_value=MAX_CAP_HOURS)


class HoursForm(forms.Form):
    law_layer = forms.ChoiceField(
        label=_("Hours for marketing"),
        choices=[
            ("recommended", _("Recommended: not too early, not too late, and what law asks")),
            ("legal", _("What law and carriers ask, and no more")),
        ],
        help_text=_("What law asks cannot be switched off. It holds where each person is."),
    )


class ConsentMonthsForm(forms.Form):
    consent_months = forms.IntegerField(
        label=_("A consent counts for months"),
        min_value=0,
        max_value=MAX_CONSENT_MONTHS,
        help_text=_("0: as long as law has it. Where law has a sooner end, that one holds."),
    )


class SpeakerForm(forms.Form):
    brand = forms.CharField(
        label=_("Name in texts"),
        max_length=20,
        required=False,
        help_text=_("Stands first where the sender does not show it. Empty: the workspace's name."),
    )
    legal_name = forms.CharField(
        label=_("Legal name"),
        max_length=60,
        required=False,
        help_text=_(
            "Some countries ask for it, such as Australia and Japan."
            " Word of orders to Australia needs it too."
        ),
    )
    public_contact = forms.CharField(
        label=_("How people reach you"),
        max_length=120,
        required=False,
        help_text=_("A telephone number, an e-mail or a web address."),
    )
    postal_address = forms.CharField(
        label=_("Postal address"),
        max_length=200,
        required=False,
        help_text=_("Some countries ask for it, such as Canada, for word of orders too."),
    )


class AnswerTimeForm(forms.Form):
    answer_minutes = forms.IntegerField(
        label=_("Answer within minutes"),
        min_value=0,
        max_value=MAX_ANSWER_MINUTES,
        help_text=_("0: no answer time. Whoever waits longer is overdue and stands first."),
    )


class ApprovalForm(forms.Form):
    needs_approval = forms.BooleanField(
        label=_("Campaigns need the approval of a second person"), required=False
    )
    approval_above = forms.IntegerField(
        label=_("Only for more people than"),
        min_value=0,
        max_value=MAX_APPROVAL_ABOVE,
        required=False,
        help_text=_("0: always."),
    )


class LinkHostForm(forms.Form):
    host = forms.CharField(
        label=_("Host name"),
        max_length=300,
        help_text=_(
            "The name alone, such as go.example.com. Its DNS record must lead to this server."
        ),
    )


class DirectoryTokenForm(forms.Form):
    name = forms.CharField(label=_("Which directory will use it"), max_length=120)


class GroupRoleForm(forms.Form):
    role = forms.ChoiceField(choices=Role.choices, required=False)


class WorkspaceForm(forms.Form):
    name = forms.CharField(label=_("Name of the workspace"), max_length=120)

"""What a new campaign asks of a person, once its goal is chosen."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from textwell.campaigns.goals import Asked
from textwell.campaigns.models import ENDING_GOALS, Goal
from textwell.core.clock import now
from textwell.web.forms.kept import KeptLink, KeptMoment, KeptText

EXAMPLES: dict[Goal, Any] = {  # Any: lazy translations
    Goal.DISCOUNT: _lazy("Such as: 20 % off all bread"),
    Goal.PRODUCT: _lazy("Such as: sourdough with walnuts"),
    Goal.EVENT: _lazy("Such as: bread tasting in our shop"),
    Goal.WIN_BACK: _lazy("Such as: a coffee on the house"),
    Goal.NEWS: _lazy("Such as: we are open on Sundays from May on"),
    Goal.SERVICE: _lazy("Such as: your order can be fetched from noon on"),
}


class GoalForm(forms.Form):
    what = KeptText(label=_lazy("In a few words"), max_length=120)
    at = KeptMoment(label=_lazy("When does the offer end?"))
    url = KeptLink(
        label=_lazy("Address where one finds out more"),
        required=False,
        assume_scheme="https",
        max_length=2083,
        help_text=_lazy(
            "Everyone gets a short link of their own to it, so that clicks are counted."
        ),
    )

    def __init__(self, *args: Any, goal: Goal, zone: str, **kwargs: Any) -> None:
        """`zone`: of the workspace, in which the time is meant and the text says it."""
        super().__init__(*args, **kwargs)
        self.fields["what"].help_text = EXAMPLES[goal]
        if goal not in ENDING_GOALS:
            del self.fields["at"]
            return
        self.fields["at"].help_text = _("Time of %(zone)s") % {"zone": zone.replace("_", " ")}
        if goal == Goal.EVENT:
            self.fields["at"].label = _lazy("When does the event begin?")

    def clean_at(self) -> Any:  # Any: a moment, as the field reads it
        at = self.cleaned_data["at"]
        if at <= now():
            raise ValidationError(_("This is past. Give a time to come."))
        return at

    def asked(self) -> Asked:
        data = self.cleaned_data
        return Asked(what=data["what"], at=data.get("at"), url=data["url"])

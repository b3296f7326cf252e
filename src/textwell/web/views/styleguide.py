"""Every component of the pages in its states, for those who build or brand the product."""

from types import SimpleNamespace
from typing import Any, Final

from django import forms
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from textwell.accounts.types import Permission
from textwell.core.ordering import SortedPage
from textwell.gateways.models import Gateway
from textwell.reports.metrics import tell
from textwell.web import charts, words
from textwell.web.access import MemberRequest, member_page
from textwell.web.guide import WORDS, Guide, Step
from textwell.web.needs import Need
from textwell.web.sorting import TEMPLATES
from textwell.web.views.palette import Row

SCHEMES: Final = (
    ("", gettext_lazy("As the system")),
    ("light", gettext_lazy("Light")),
    ("dark", gettext_lazy("Dark")),
)
COLOURS: Final = (
    "ground", "surface", "sunken", "raised", "line", "line-strong", "ink", "ink-2", "ink-3", "accent",
    "accent-soft", "good", "good-soft", "warn", "warn-soft", "bad", "bad-soft", "info", "info-soft",
)  # fmt: skip
DONE_STEPS: Final = 2


class _ExampleForm(forms.Form):
    """One field of each kind, and a fault."""

    example_name = forms.CharField(label=gettext_lazy("Name"))
    example_note = forms.CharField(
        label=gettext_lazy("Text"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("See on a phone what each person gets, and what it costs."),
    )
    example_check = forms.BooleanField(
        label=gettext_lazy("Write Vietnamese without marks"), required=False
    )

    def clean(self) -> None:
        self.add_error(None, _("Correct it and save again."))


def _examples() -> dict[str, Any]:  # Any: what each component takes
    steps = tuple(
        Step(name, label, text, is_done=number < DONE_STEPS, address=reverse("web:styleguide"))
        for number, (name, (label, text)) in enumerate(WORDS.items())
    )
    handed = charts.cumulate([0, 40, 90, 120, 80, 40, 10])
    home = reverse("web:home")
    return {
        "form": _ExampleForm({"example_note": "Chào bạn"}),
        "guide": Guide(steps),
        "sort": TEMPLATES.read("name"),
        "sorted": SortedPage([], "next", "previous"),
        "needs": [
            Need("one", "inbox", "warn", _("Somebody waits"), _("One line that says why."), home)
        ],
        "chart": charts.line_chart({"handed": handed, "delivered": [n * 9 // 10 for n in handed]}),
        "slices": charts.stack({"delivered": 620, "accepted": 90, "waiting": 200, "skipped": 40}),
        "meanings": [tell("delivered", {"delivered": 90, "handed": 100})],
        "claims": words.CLAIMS,
        "simulated": Gateway(provider="simulator"),
        "text": format_html("Chào An 👋 <mark>{}</mark>", "https://x.example/aB3dE6gH"),
        "groups": [(_("Pages"), [Row(_("Home"), home, "house", "g h")])],
        "toasts": [
            SimpleNamespace(level_tag="success", text=_("Saved.")),
            SimpleNamespace(level_tag="error", text=_("Correct it and save again.")),
        ],
        "segments": {1: 0.62, 2: 0.3, 3: 0.08},
    }


@require_safe
@member_page(Permission.MANAGE_WORKSPACE)
def page(request: MemberRequest) -> HttpResponseBase:
    scheme = request.GET.get("scheme", "")
    if scheme not in dict(SCHEMES):
        scheme = ""
    context = _examples() | {"scheme": scheme, "schemes": SCHEMES, "colours": COLOURS}
    return render(request, "styleguide.html", context)

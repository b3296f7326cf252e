"""The compose form: a campaign's values in and out. Everything may be left open in a draft."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from textwell.campaigns.models import Campaign
from textwell.contacts.selectors import list_lists
from textwell.gateways.selectors import list_gateways
from textwell.segments.compiling import COLUMNS
from textwell.segments.figures import tags_in_use
from textwell.web.forms.texts import FIELD_LABELS, TextsForm
from textwell.web.words import PURPOSES

FILTER_ROWS = 3
UTM_NAMES = ("utm_source", "utm_medium", "utm_campaign")
OPERATOR_LABELS = (
    ("is", _("is")),
    ("is_not", _("is not")),
    ("contains", _("contains")),
    ("starts_with", _("begins with")),
    ("gt", _("is more than")),
    ("gte", _("is at least")),
    ("lt", _("is less than")),
    ("lte", _("is at most")),
    ("is_known", _("is known")),
    ("is_empty", _("is not known")),
    ("has", _("has the tag")),
    ("has_not", _("has not the tag")),
)
AUDIENCES = (
    ("all", _("Everybody")),
    ("list", _("A list")),
    ("tag", _("A tag")),
    ("filter", _("A filter")),
)
_LOCAL_TIME = "%Y-%m-%dT%H:%M"


def _moment_field(label: Any, help_text: Any = "") -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_LOCAL_TIME)
    return forms.DateTimeField(
        label=label, required=False, widget=widget, input_formats=[_LOCAL_TIME], help_text=help_text
    )


class RescheduleForm(forms.Form):
    at = forms.DateTimeField(
        label=_("Send at"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_LOCAL_TIME),
        input_formats=[_LOCAL_TIME],
    )


class ComposeForm(TextsForm):
    name = forms.CharField(label=_("Name"), max_length=120, required=False)
    purpose = forms.ChoiceField(label=_("Purpose"), choices=PURPOSES)
    audience_kind = forms.ChoiceField(
        label=_("Who gets it"), choices=AUDIENCES, widget=forms.RadioSelect
    )
    list_id = forms.ChoiceField(label=_("List"), required=False)
    tag = forms.ChoiceField(label=_("Tag"), required=False)
    match = forms.ChoiceField(
        label=_("People for whom"),
        choices=[("all", _("all of these hold")), ("any", _("any of these holds"))],
        required=False,
    )
    replace_characters = forms.BooleanField(
        label=_("Replace characters that cost segments by plain ones"), required=False
    )
    unaccent = forms.BooleanField(label=_("Write Vietnamese without marks"), required=False)
    link_1 = forms.URLField(label=_("Link"), required=False, assume_scheme="https", max_length=2000)
    link_2 = forms.URLField(
        label=_("Second link"), required=False, assume_scheme="https", max_length=2000
    )
    utm_source = forms.CharField(label="utm_source", required=False, max_length=100)
    utm_medium = forms.CharField(label="utm_medium", required=False, max_length=100)
    utm_campaign = forms.CharField(label="utm_campaign", required=False, max_length=100)
    route = forms.ChoiceField(label=_("Sender"), required=False)
    scheduled_at = _moment_field(_("Send at"), _("Empty: as soon as you launch."))
    expires_at = _moment_field(_("Not later than"))
    validity_hours = forms.IntegerField(
        label=_("Hours the carrier may try"), min_value=1, max_value=72
    )
    cap_count = forms.IntegerField(label=_("Texts a person at most"), min_value=0, max_value=100)
    cap_hours = forms.IntegerField(label=_("within hours"), min_value=1, max_value=8760)

    def __init__(self, *args: Any, workspace_id: int, **kwargs: Any) -> None:
        super().__init__(*args, workspace_id=workspace_id, **kwargs)
        self._workspace_id = workspace_id
        none = [("", "–")]
        self._put_choices("list_id", none + [(str(x.id), x.name) for x in list_lists(workspace_id)])
        tags = sorted({*tags_in_use(workspace_id), self.initial.get("tag") or ""} - {""})
        self._put_choices("tag", none + [(tag, tag) for tag in tags])
        self._put_choices("route", [*none, *self._routes()])
        own = self.own_fields
        built_in = [(name, FIELD_LABELS[name]) for name in COLUMNS if name in FIELD_LABELS]
        for row in range(1, FILTER_ROWS + 1):
            self.fields[f"field_{row}"] = forms.ChoiceField(
                label=_("Field"), choices=[*none, *built_in, *own], required=False
            )
            self.fields[f"op_{row}"] = forms.ChoiceField(
                label=_("Comparison"), choices=OPERATOR_LABELS, required=False
            )
            self.fields[f"value_{row}"] = forms.CharField(
                label=_("Value"), required=False, max_length=200
            )

    def _put_choices(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def _routes(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Senders by gateway; each once, whatever its countries."""
        groups = []
        for gateway in list_gateways(self._workspace_id):
            values = sorted({s.value for s in gateway.senders.all() if s.is_active})
            groups.append((gateway.name, [(f"{gateway.id}|{value}", value) for value in values]))
        return groups

    utm_names = UTM_NAMES

    @property
    def filter_rows(self) -> list[tuple[Any, Any, Any]]:
        names = [(f"field_{n}", f"op_{n}", f"value_{n}") for n in range(1, FILTER_ROWS + 1)]
        return [(self[field], self[op], self[value]) for field, op, value in names]

    def values(self) -> dict[str, Any]:
        """What `create_campaign` and `update_campaign` take."""
        data = self.cleaned_data
        gateway_id, _bar, sender = data["route"].partition("|")
        plain = ("name", "purpose", "unaccent", "replace_characters", "scheduled_at", "expires_at")
        numbers = ("validity_hours", "cap_count", "cap_hours")
        return {
            **{name: data[name] for name in (*plain, *numbers)},
            "body": data["body"].replace("\r\n", "\n"),
            "fallbacks": self.fallbacks(),
            "versions": self.versions(),
            "audience": self._audience(),
            "gateway_id": int(gateway_id) if gateway_id else None,
            "sender": sender,
            "links": [{"url": data[f"link_{n}"]} for n in (1, 2) if data[f"link_{n}"]],
            "utm": {name: data[name] for name in UTM_NAMES if data[name]},
        }

    def _audience(self) -> dict[str, Any]:
        data = self.cleaned_data
        kind = data["audience_kind"]
        if kind == "all":
            return {"all": True}
        if kind == "list":
            return {"list_id": int(data["list_id"])} if data["list_id"] else {}
        if kind == "tag":
            return {"tag": data["tag"]} if data["tag"] else {}
        rows = [
            {"field": data[f"field_{n}"], "op": data[f"op_{n}"], "value": data[f"value_{n}"]}
            for n in range(1, FILTER_ROWS + 1)
            if data[f"field_{n}"]
        ]
        return {"filters": rows, "match": data["match"] or "all"} if rows else {}


def initial_of(campaign: Campaign) -> dict[str, Any]:
    """A campaign as the form shows it."""
    audience = campaign.audience or {"all": True}
    kinds = (("all", "all"), ("list_id", "list"), ("tag", "tag"), ("filters", "filter"))
    plain = ("name", "purpose", "body", "unaccent", "replace_characters", "scheduled_at")
    more = ("expires_at", "validity_hours", "cap_count", "cap_hours", "fallbacks", "versions")
    links = {f"link_{n}": link.get("url", "") for n, link in enumerate(campaign.links, start=1)}
    return {
        **{name: getattr(campaign, name) for name in (*plain, *more)},
        **links,
        **campaign.utm,
        "audience_kind": next((kind for key, kind in kinds if audience.get(key)), "all"),
        "list_id": str(audience.get("list_id", "")),
        "tag": audience.get("tag", ""),
        "match": audience.get("match", "all"),
        "route": f"{campaign.gateway_id}|{campaign.sender}" if campaign.gateway_id else "",
        **_filter_initial(audience),
    }


def _filter_initial(audience: Mapping[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for n, row in enumerate(audience.get("filters") or [], start=1):
        values |= {f"field_{n}": row["field"], f"op_{n}": row["op"], f"value_{n}": row.get("value")}
    return values

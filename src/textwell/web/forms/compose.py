"""The compose form: a campaign's values in and out. Everything may be left open in a draft."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from textwell.accounts.models import Workspace
from textwell.campaigns.goals import Asked, write_fallbacks, write_text
from textwell.campaigns.models import MOST_HELD_OUT, Campaign, Goal, Metric
from textwell.campaigns.types import Problem
from textwell.campaigns.values import UTM_NAMES
from textwell.consent.topics import list_names
from textwell.contacts.models import FieldKind
from textwell.contacts.selectors import list_lists
from textwell.contacts.tracked.selectors import list_recent_names
from textwell.core.errors import FieldError, TextwellError
from textwell.gateways.selectors import list_gateways, list_retired
from textwell.segments.compiling import COLUMNS
from textwell.segments.figures import tags_in_use
from textwell.web.forms.filters import (
    INPUTS,
    LEAST_ROWS,
    MOST_CHARACTERS,
    MOST_ROWS_WITH_INPUTS,
    OPERATOR_LABELS,
    TRUTHS,
    Known,
    count_rows,
    describe,
    read_row,
    show_row,
)
from textwell.web.forms.kept import KeptLink, KeptMoment, KeptText
from textwell.web.forms.texts import FIELD_LABELS, MOST_LINKS, TextsForm, link_label
from textwell.web.inviting import invitation_help
from textwell.web.words import PURPOSES

AUDIENCES = (
    ("all", _("Everybody")),
    ("list", _("A list")),
    ("tag", _("A tag")),
    ("filter", _("A filter")),
)
LEAST_LINKS = 2
NONE = ("", "–")


class RescheduleForm(forms.Form):
    at = KeptMoment(label=_("Send at"))


@dataclass(frozen=True, slots=True)
class FilterRow:
    """One condition as the page shows it: inputs, or a sentence that can only be removed."""

    inputs: dict[str, Any]  # bound fields by name; none for a sentence
    kept: Any  # the hidden input with the stored condition; None in a new row
    removal: Any = None
    sentence: str = ""


class FieldSelect(forms.Select):
    """Marks the fields of kind yes/no: the style sheet shows their own input."""

    def __init__(self, *, choices: Any, truths: frozenset[str]) -> None:
        super().__init__(choices=choices)
        self._truths = truths

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(*args, **kwargs)
        if str(option["value"]) in self._truths:
            option["attrs"]["data-kind"] = "boolean"
        return option


class ComposeForm(TextsForm):
    name = KeptText(label=_("Name"), max_length=120, required=False)
    purpose = forms.ChoiceField(label=_("Purpose"), choices=PURPOSES)
    goal = forms.ChoiceField(label=_("Goal"), choices=[NONE, *Goal.choices], required=False)
    goal_at = KeptMoment(
        label=_("End of the offer or start of the event"),
        required=False,
        help_text=_("Nothing is sent from then on."),
    )
    metric = forms.ChoiceField(
        label=_("Measured by"), choices=[NONE, *Metric.choices], required=False
    )
    metric_event = KeptText(
        label=_("Name of the event"),
        max_length=100,
        required=False,
        help_text=_("As it is sent to Textwell, such as: order_completed"),
    )
    holdout_percent = forms.IntegerField(
        label=_("Held out, percent"),
        min_value=0,
        max_value=MOST_HELD_OUT,
        required=False,
        help_text=_("Left out by lot, to compare with. 0: nobody."),
    )
    audience_kind = forms.ChoiceField(
        label=_("Who gets it"), choices=AUDIENCES, widget=forms.RadioSelect, required=False
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
    route = forms.ChoiceField(label=_("Sender"), required=False)
    scheduled_at = KeptMoment(
        label=_("Send at"), required=False, help_text=_("Empty: as soon as you launch.")
    )
    expires_at = KeptMoment(label=_("Not later than"), required=False)
    validity_hours = forms.IntegerField(
        label=_("Hours the carrier may try"), min_value=1, max_value=168
    )
    cap_count = forms.IntegerField(label=_("Texts a person at most"), min_value=0, max_value=1000)
    cap_hours = forms.IntegerField(label=_("within hours"), min_value=1, max_value=8760)

    def __init__(self, *args: Any, workspace_id: int, **kwargs: Any) -> None:
        super().__init__(*args, workspace_id=workspace_id, **kwargs)
        self._workspace_id = workspace_id
        self.fields["purpose"].help_text = invitation_help()
        self._put_audience_choices()
        self._add_scope()
        self._put_choices("route", [NONE, *self._routes()])
        self._add_filter_rows()
        self._add_links()
        self.fields["metric_event"].widget.attrs["list"] = "event-names"
        for name in UTM_NAMES:
            self.fields[name] = KeptText(label=name, required=False, max_length=100)
        self._keep_stored()

    def _put_audience_choices(self) -> None:
        lists = [(str(each.id), each.name) for each in list_lists(self._workspace_id)]
        stored = self.initial.get("list_id") or ""
        gone = [(stored, f"#{stored}")] if stored and stored not in dict(lists) else []
        self._put_choices("list_id", [NONE, *lists, *gone])
        tags = sorted({*tags_in_use(self._workspace_id), self.initial.get("tag") or ""} - {""})
        self._put_choices("tag", [NONE, *((tag, tag) for tag in tags)])
        built_in = [(name, FIELD_LABELS[name]) for name in COLUMNS if name in FIELD_LABELS]
        self._lists = [NONE, *lists]
        self._fields = [NONE, *built_in, ("list", _("List")), *self.own_fields]
        self._known = Known(
            frozenset(dict(self._fields)) - {""},
            frozenset(dict(self._lists)),
            frozenset(name for name, kind in self.own_kinds.items() if kind == FieldKind.BOOLEAN),
        )

    def _add_scope(self) -> None:
        """Topic and brand, each where the workspace has one; what is stored is always there."""
        for name, label, known in zip(
            ("topic", "brand"),
            (_("Topic"), _("Brand")),
            list_names(self._workspace_id),
            strict=True,
        ):
            stored = self.initial.get(name) or ""
            gone = [(stored, stored)] if stored and stored not in dict(known) else []
            if known or gone:
                choices = [NONE, *known, *gone]
                self.fields[name] = forms.ChoiceField(label=label, choices=choices, required=False)

    @property
    def scope(self) -> list[Any]:
        return [self[name] for name in ("topic", "brand") if name in self.fields]

    def _add_filter_rows(self) -> None:
        stored: list[dict[str, Any]] = self.initial.get("filters") or []
        if self.is_bound:
            self._row_count = count_rows(self.data)
        else:
            self._row_count = max(LEAST_ROWS, len(stored) + 1)
        for row in range(1, self._row_count + 1):
            condition = stored[row - 1] if row <= len(stored) else None
            self._add_filter_row(row, condition)

    def _add_filter_row(self, row: int, condition: dict[str, Any] | None) -> None:
        """Inputs for a condition, or where they cannot hold it, a sentence. Sent is what was shown."""
        if self.is_bound:
            has_kept = f"kept_{row}" in self.data
            has_inputs = not has_kept or f"field_{row}" in self.data
        else:
            has_kept = condition is not None
            shown = show_row(condition, self._known) if condition is not None else {}
            has_inputs = not has_kept or (shown is not None and row <= MOST_ROWS_WITH_INPUTS)
            shown_values = {f"{name}_{row}": text for name, text in (shown or {}).items()}
            self.initial = {**self.initial, **shown_values}
        if has_kept:
            self.fields[f"kept_{row}"] = forms.JSONField(
                widget=forms.HiddenInput, required=False, initial=condition
            )
        if not has_inputs:
            self.fields[f"drop_{row}"] = forms.BooleanField(label=_("Remove"), required=False)
            return
        choices = {
            "field": self._fields,
            "op": OPERATOR_LABELS,
            "list": self._lists,
            "truth": TRUTHS,
        }
        labels = {
            "field": _("Field"),
            "op": _("Comparison"),
            "value": _("Value"),
            "until": _("Up to"),
            "list": _("List"),
            "truth": _("Yes or no"),
        }
        for name in INPUTS:
            self.fields[f"{name}_{row}"] = (
                forms.ChoiceField(label=labels[name], choices=choices[name], required=False)
                if name in choices
                else forms.CharField(label=labels[name], required=False, max_length=MOST_CHARACTERS)
            )
        self.fields[f"field_{row}"].widget = FieldSelect(
            choices=self._fields, truths=self._known.truths
        )

    def _add_links(self) -> None:
        stored: list[dict[str, str]] = self.initial.get("links") or []
        if self.is_bound:
            sent = [n for n in range(1, MOST_LINKS + 1) if f"link_{n}" in self.data]
            count = max([LEAST_LINKS, *sent])
        else:
            count = max(LEAST_LINKS, min(len(stored) + 1, MOST_LINKS))
        self.link_names = [f"link_{number}" for number in range(1, count + 1)]
        for number, name in enumerate(self.link_names, start=1):
            self.fields[name] = KeptLink(
                label=link_label(number),
                required=False,
                assume_scheme="https",
                max_length=2083,
            )

    @property
    def links(self) -> list[tuple[str, Any]]:
        """What stands in a text for it, and its input."""
        return [(name.removesuffix("_1"), self[name]) for name in self.link_names]

    def event_names(self) -> list[str]:
        return list_recent_names(self._workspace_id)

    @property
    def opens_goal(self) -> bool:
        names = ("goal", "goal_at", "metric", "metric_event", "holdout_percent")
        return any(self[name].value() or self[name].errors for name in names)

    @property
    def utms(self) -> list[Any]:
        return [self[name] for name in UTM_NAMES]

    @property
    def opens_utms(self) -> bool:
        return bool(self.initial.get("utm")) or any(field.errors for field in self.utms)

    def _put_choices(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def _routes(self) -> list[tuple[str, Any]]:
        """Senders by gateway, each once, whatever its countries; what is stored is always there."""
        groups: list[tuple[str, Any]] = []
        names = {}
        for gateway in list_gateways(self._workspace_id):
            names[str(gateway.id)] = gateway.name
            values = sorted({s.value for s in gateway.senders.all() if s.is_active})
            groups.append((gateway.name, [(f"{gateway.id}|{value}", value) for value in values]))
        stored = self.initial.get("route") or ""
        if stored and stored not in {route for _name, group in groups for route, _value in group}:
            gateway_id, _bar, sender = stored.partition("|")
            names |= {str(gateway.id): gateway.name for gateway in list_retired(self._workspace_id)}
            parts = (names.get(gateway_id, f"#{gateway_id}" if gateway_id else ""), sender)
            groups.append((stored, " · ".join(part or "–" for part in parts)))
        return groups

    utm_names = UTM_NAMES

    @property
    def filter_rows(self) -> list[FilterRow]:
        return [self._filter_row(row) for row in range(1, self._row_count + 1)]

    def _filter_row(self, row: int) -> FilterRow:
        kept = self[f"kept_{row}"] if f"kept_{row}" in self.fields else None
        if f"field_{row}" in self.fields:
            return FilterRow({name: self[f"{name}_{row}"] for name in INPUTS}, kept)
        condition = self._kept_condition(row)
        labels = {name: label for name, label in self._fields if name}
        sentence = describe(condition, labels) if isinstance(condition, dict) else ""
        return FilterRow({}, kept, self[f"drop_{row}"], sentence)

    def _kept_condition(self, row: int) -> Any:
        """The stored condition that a row carries; Any: JSON, whatever was sent."""
        if not self.is_bound:
            return self.fields[f"kept_{row}"].initial
        self.is_valid()  # reads what was sent
        return self.cleaned_data.get(f"kept_{row}")

    def first_text(self, language: str) -> dict[str, Any]:
        """The text of its goal in that language, if it has a goal and there is a catalog.

        It names the moment that is sent beside it; one that cannot be read is left open.
        """
        goal = self.data.get("goal", "")
        if goal not in Goal.values or language.lower() not in dict(settings.LANGUAGES):
            return {}
        workspace = Workspace.objects.get(id=self._workspace_id)
        url = next((self.data[name] for name in self.link_names if self.data.get(name)), "")
        at = None if self.errors.get("goal_at") else self.cleaned_data["goal_at"]
        asked = Asked(self.data.get("name", ""), at, url)
        return {
            "language": language,
            "body": write_text(workspace, Goal(goal), asked, language=language.lower()),
            "fallbacks": write_fallbacks(language.lower()),
        }

    def values(self) -> dict[str, Any]:
        """What `create_campaign` and `update_campaign` take."""
        data = self.cleaned_data
        gateway_id, _bar, sender = data["route"].partition("|")
        plain = ("name", "purpose", "unaccent", "replace_characters", "scheduled_at", "expires_at")
        goal = ("goal", "goal_at", "metric", "metric_event")
        numbers = ("validity_hours", "cap_count", "cap_hours")
        return {
            **{name: data[name] for name in (*plain, *goal, *numbers)},
            # A page that did not show them changes nothing of what is stored.
            **{
                name: data[name]
                for name in ("topic", "brand")
                if {name} <= {*self.fields} & {*self.data}
            },
            "holdout_percent": data["holdout_percent"] or 0,
            "body": data["body"],
            "fallbacks": self.fallbacks(),
            "versions": self.versions(),
            "audience": self._audience(),
            "gateway_id": int(gateway_id) if gateway_id else None,
            "sender": sender,
            "links": [{"url": data[name]} for name in self.link_names if data[name]],
            "utm": self._utm(),
        }

    def refuse(self, error: TextwellError) -> None:
        """Say what is wrong beside its input, where it has one, else above the form."""
        name = self._input_of(error.field) if isinstance(error, FieldError) else None
        if name is None or not isinstance(error, FieldError):
            self.add_error(None, str(error))
        else:
            self.add_error(name, error.sentences)

    def problems(self) -> list[Problem]:
        """What cannot be read of the inputs, in words for the list of what speaks against a launch."""
        return [
            Problem(_part_of(name), f"{self.fields[name].label}: {error}", "")
            for name, errors in self.errors.items()
            if name in self.fields
            for error in errors
        ]

    def _input_of(self, field: str) -> str | None:
        kind, _dot, rest = field.partition(".")
        if kind == "links" and rest:
            filled = [name for name in self.link_names if self.cleaned_data.get(name)]
            return filled[int(rest.partition(".")[0])]
        name = rest if kind in {"utm", "audience"} else field
        return name if name in self.fields else None

    def _utm(self) -> dict[str, str]:
        stored = self.initial.get("utm") or {}
        given = {name: self.cleaned_data[name] for name in UTM_NAMES}
        return {name: value for name, value in given.items() if value or name in stored}

    def _audience(self) -> dict[str, Any]:
        data = self.cleaned_data
        kind = data["audience_kind"]
        if not kind:
            return {}
        if kind == "all":
            return {"all": True}
        if kind == "list":
            return {"list_id": int(data["list_id"])} if data["list_id"] else {}
        if kind == "tag":
            return {"tag": data["tag"]} if data["tag"] else {}
        found = (self._read_row(row) for row in range(1, self._row_count + 1))
        rows = [condition for condition in found if condition is not None]
        if not rows:
            return {}
        match = data["match"] or "all"
        says_nothing = self.initial.get("filters") and not self.initial.get("match")
        return {"filters": rows} | ({} if says_nothing and match == "all" else {"match": match})

    def _read_row(self, row: int) -> Any:
        """The condition of a row, None for none; Any: JSON."""
        data = self.cleaned_data
        kept = data.get(f"kept_{row}")
        if f"drop_{row}" in self.fields:
            return None if data[f"drop_{row}"] else kept
        given = {name: data[f"{name}_{row}"] for name in INPUTS}
        return read_row(given, kept if isinstance(kept, dict) else None, self._known)


def _part_of(name: str) -> str:
    """The field of a campaign that an input belongs to, as far as the page tells them apart."""
    if name in {"goal", "goal_at", "metric", "metric_event", "holdout_percent"}:
        return "goal"
    kinds = {"link": "links", "utm": "utm", "name": "name", "body": "body", "route": "sender"}
    times = ("scheduled", "expires", "validity", "cap")
    kind = name.partition("_")[0]
    return kinds.get(kind, "scheduled_at" if kind in times else "audience")


def initial_of(campaign: Campaign) -> dict[str, Any]:
    """A campaign as the form shows it. An audience that is not chosen stays so."""
    audience = campaign.audience
    kinds = (("all", "all"), ("list_id", "list"), ("tag", "tag"), ("filters", "filter"))
    plain = (
        "name",
        "purpose",
        "topic",
        "brand",
        "body",
        "unaccent",
        "replace_characters",
        "scheduled_at",
    )
    goal = ("goal", "goal_at", "metric", "metric_event", "holdout_percent")
    more = ("expires_at", "validity_hours", "cap_count", "cap_hours", "fallbacks", "versions")
    links = {f"link_{n}": link.get("url", "") for n, link in enumerate(campaign.links, start=1)}
    route = f"{campaign.gateway_id or ''}|{campaign.sender}"
    return {
        **{name: getattr(campaign, name) for name in (*plain, *goal, *more, "links", "utm")},
        **links,
        **campaign.utm,
        "audience_kind": next((kind for key, kind in kinds if audience.get(key)), ""),
        "list_id": str(audience.get("list_id", "")),
        "tag": audience.get("tag", ""),
        "match": audience.get("match", ""),
        "filters": audience.get("filters") or [],
        "route": "" if route == "|" else route,
    }

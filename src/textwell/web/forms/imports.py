"""Forms of an import: the file, then what its columns mean and what is true of the whole file."""

from datetime import datetime
from typing import Any, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from textwell.contacts.imports.actions import first_values
from textwell.contacts.imports.mapping import FIELDS
from textwell.contacts.models import ImportRun
from textwell.contacts.selectors import list_fields, list_lists
from textwell.core.masks import mask_text
from textwell.web.forms.workspace import country_choices

COLUMN_PREFIX = "column_"
NEW = "new"
_LONGEST_SHOWN = 40
_NEW_FIELDS: dict[str, Any] = {  # Any: lazy translations
    "text": _("New field: text"),
    "number": _("New field: number"),
    "date": _("New field: date"),
    "boolean": _("New field: yes or no"),
}
_FIRST_YEAR = 1992  # of the first text message
_LOCAL_TIME = "%Y-%m-%dT%H:%M"
TARGETS: dict[str, Any] = {  # Any: lazy translations
    "msisdn": _("Number"),
    "first_name": _("First name"),
    "last_name": _("Last name"),
    "email": _("E-mail address"),
    "language": _("Language"),
    "zone": _("Time zone"),
    "external_id": _("External id"),
    "tags": _("Tags"),
    "consent": _("Consent: yes or no"),
    "opted_out": _("Opted out: yes or no"),
    "consent_source": _("Consent: where it was given"),
    "consent_at": _("Consent: when"),
    "consent_wording": _("Consent: what the person was shown"),
}


BASES: Final = (
    ("", _("Not known")),
    ("express_written", _("In writing: on a form, by a text or an e-mail")),
    ("express", _("In so many words, as on the phone")),
    ("soft", _("By giving their number at a purchase")),
    ("implied", _("By doing business with you")),
)


def _shorten(value: str) -> str:
    return value if len(value) <= _LONGEST_SHOWN else f"{value[: _LONGEST_SHOWN - 1]}…"


def _put_countries(form: forms.Form) -> None:
    """In the language of the page; a dash where none need be chosen."""
    region = form.fields["region"]
    assert isinstance(region, forms.ChoiceField)
    region.choices = [*([] if region.required else [("", "–")]), *country_choices()]


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("CSV file"),
        help_text=_("With a header line. You see what would happen before anything is stored."),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv"}),
    )
    region = forms.ChoiceField(label=_("Country of numbers without a country code"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _put_countries(self)


class ConsentForm(forms.Form):
    """The proof of consent that holds for everybody who comes in together."""

    source = forms.CharField(
        label=_("Where consent was given"),
        max_length=200,
        required=False,
        help_text=_("A form, a shop, a page: so that it can be proved."),
    )
    given_at = forms.DateTimeField(
        label=_("When"),
        required=False,
        input_formats=[_LOCAL_TIME],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_LOCAL_TIME),
    )
    wording = forms.CharField(
        label=_("What people were shown"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    basis = forms.ChoiceField(
        label=_("How they said yes"),
        choices=BASES,
        required=False,
        help_text=_("Some countries, as the USA, ask for a yes in writing."),
    )

    def proof(self) -> dict[str, str]:
        """As `set_mapping` takes it; empty when nothing is given."""
        given_at = self.cleaned_data["given_at"]
        proof = {name: str(self.cleaned_data[name]) for name in ("source", "wording")}
        proof["given_at"] = given_at.isoformat() if given_at else ""
        basis = {"basis": self.cleaned_data["basis"]} if self.cleaned_data["basis"] else {}
        return proof | basis if any(proof.values()) else {}


class OptInForm(ConsentForm):
    """The proof of one person's consent, all of it compulsory."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["given_at"].initial = timezone.localtime
        for name in ("source", "given_at", "wording"):
            self.fields[name].required = True
        self.fields["wording"].label = _("What the person agreed to, word for word")

    def clean_given_at(self) -> datetime:
        given_at: datetime = self.cleaned_data["given_at"]
        if given_at.year < _FIRST_YEAR:  # also one that no database can give back in every zone
            raise forms.ValidationError(_("Give the time of the consent."))
        return given_at


class PasteForm(ConsentForm):
    """People as lines; here the proof is compulsory."""

    people = forms.CharField(
        label=_("Numbers, or names and numbers, one person a line"),
        max_length=2_000_000,
        widget=forms.Textarea(
            attrs={
                "rows": 6,
                "class": "tall",
                "placeholder": "Linh Nguyễn 090 123 45 67\n+84 91 234 56 78",
            }
        ),
    )
    region = forms.ChoiceField(label=_("Country of numbers without a country code"))
    field_order = ("people", "region", "source", "given_at", "wording", "basis")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _put_countries(self)
        for name in ("source", "given_at", "wording"):
            self.fields[name].required = True


class MappingForm(ConsentForm):
    """One choice for each column of the file, and the consent that holds for every row."""

    region = forms.ChoiceField(label=_("Country of numbers without a country code"), required=False)
    list_id = forms.ChoiceField(label=_("Put them on a list"), required=False)
    new_list = forms.CharField(label=_("Name of the new list"), max_length=120, required=False)

    def __init__(self, *args: Any, run: ImportRun, **kwargs: Any) -> None:
        self._run = run
        kwargs["initial"] = _initial(run)
        super().__init__(*args, **kwargs)
        _put_countries(self)
        lists = self.fields["list_id"]
        assert isinstance(lists, forms.ChoiceField)
        known = [(str(x.id), x.name) for x in list_lists(run.workspace_id)]
        lists.choices = [("", "–"), *known, (NEW, _("New list …"))]
        own = [(f"fields.{f.name}", f.label) for f in list_fields(run.workspace_id)]
        new = [(f"{NEW}:{kind}", label) for kind, label in _NEW_FIELDS.items()]
        targets = [("", _("leave out")), *((name, TARGETS[name]) for name in FIELDS), *own, *new]
        values = first_values(run)
        for place, column in enumerate(run.header):
            self.fields[f"{COLUMN_PREFIX}{place}"] = forms.ChoiceField(
                label=column or "–",
                choices=targets,
                required=False,
                help_text=" · ".join(_shorten(mask_text(value)) for value in values[column]),
            )

    @property
    def column_fields(self) -> list[Any]:
        return [self[f"{COLUMN_PREFIX}{place}"] for place in range(len(self._run.header))]

    def values(self) -> dict[str, Any]:
        """What `set_mapping` takes."""
        data = self.cleaned_data
        chosen = [data[f"{COLUMN_PREFIX}{place}"] for place in range(len(self._run.header))]
        pairs = zip(self._run.header, chosen, strict=True)
        return {
            "mapping": {column: field for column, field in pairs if field},
            "consent": self.proof(),
            "region": data["region"],
            "list_id": int(data["list_id"]) if data["list_id"].isdigit() else None,
        }

    @property
    def new_list_name(self) -> str:
        """Of the list that is to be made; empty for none."""
        is_new = self.cleaned_data["list_id"] == NEW
        return str(self.cleaned_data["new_list"]).strip() if is_new else ""

    def clean(self) -> dict[str, Any]:
        """Two columns for one field: which should count?"""
        data: dict[str, Any] = super().clean() or {}
        chosen = [v for name, v in data.items() if name.startswith(COLUMN_PREFIX) and v]
        if data.get("list_id") == NEW and not data.get("new_list", "").strip():
            self.add_error("new_list", _("Give the new list a name."))
        old = [field for field in chosen if not field.startswith(f"{NEW}:")]
        doubled = sorted({field for field in old if old.count(field) > 1})
        if doubled:
            label = TARGETS.get(doubled[0], doubled[0].removeprefix("fields."))
            text = _("“%(field)s” is chosen for two columns. Leave one of them out.")
            raise forms.ValidationError(text % {"field": label})
        return data


def _initial(run: ImportRun) -> dict[str, Any]:
    columns = {f"{COLUMN_PREFIX}{n}": run.mapping.get(c, "") for n, c in enumerate(run.header)}
    given_at = run.consent.get("given_at")
    return {
        **columns,
        "region": run.region,
        "list_id": str(run.list_id or ""),
        "source": run.consent.get("source", ""),
        "wording": run.consent.get("wording", ""),
        "basis": run.consent.get("basis", ""),
        "given_at": datetime.fromisoformat(given_at) if given_at else None,
    }

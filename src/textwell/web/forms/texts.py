"""A text with its versions in a form: what each uses, asks for, and is stored as."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from textwell.contacts.selectors import list_fields
from textwell.messaging.compose import BUILT_IN_FIELDS
from textwell.messaging.errors import TemplateRefused
from textwell.messaging.render import compile_template
from textwell.web.formats import language_name
from textwell.web.forms.kept import Kept, KeptLines, many_lines, one_line

# Languages of which a version can be added; the API takes any.
LANGUAGES = (
    "ar", "bn", "cs", "da", "de", "el", "en", "es", "fa", "fi", "fil", "fr", "he", "hi", "hu", "id",
    "it", "ja", "km", "ko", "lo", "ms", "my", "nb", "nl", "pl", "pt", "pt-BR", "ro", "ru", "sv", "th",
    "tr", "uk", "ur", "vi", "zh-Hans", "zh-Hant",
)  # fmt: skip
MOST_LINKS = 9
_LINK_LABELS = {1: _("Link"), 2: _("Second link")}
_NAMES = re.compile(r"fallback_names(\..*)?")  # beside the fallbacks: which of them are shown
FIELD_LABELS: dict[str, Any] = {  # Any: lazy translations
    "first_name": _("First name"),
    "last_name": _("Last name"),
    "language": _("Language"),
    "country": _("Country of the number"),
    "operator": _("Operator"),
    "email": _("E-mail address"),
    "external_id": _("External id"),
    "zone": _("Time zone"),
    "msisdn": _("Number"),
    "created_at": _("Added on"),
    "tags": _("Tags"),
    "consent_ends_in": _("Days until consent ends"),
}


def link_label(number: int) -> Any:  # Any: a lazy translation
    return _LINK_LABELS.get(number, format_lazy("{} {}", _LINK_LABELS[1], number))


def used_fields(body: str) -> tuple[tuple[str, ...], frozenset[str]]:
    """Fields that may stand in the text, and those with a `default`; none while it cannot be read."""
    try:
        template = compile_template(body)
    except TemplateRefused:
        return (), frozenset()
    return template.shown_fields, template.defaulted


@dataclass(frozen=True, slots=True)
class TextPart:
    """One text of a campaign as the page shows it: the main one, or the one in another language."""

    language: str  # "" is the main text
    body: str
    fallback_rows: list[tuple[str, Any, str]]  # name, label, value of each field that it uses
    unused: dict[str, str]  # fallbacks of fields that it does not use: kept, not shown
    defaulted: frozenset[str]  # fields for which the text itself has something

    @property
    def suffix(self) -> str:
        """Of the ids of its inputs."""
        return f"-{self.language}" if self.language else ""

    @property
    def area_id(self) -> str:
        return f"version-{self.language}" if self.language else "id_body"

    @property
    def prefix(self) -> str:
        """Of the names of its fallbacks."""
        return f"fallback.{self.language}." if self.language else "fallback_"

    @property
    def names_input(self) -> str:
        return f"fallback_names.{self.language}" if self.language else "fallback_names"

    @property
    def shown_names(self) -> str:
        return ",".join(name for name, _label, _value in self.fallback_rows)


class TextsForm(forms.Form):
    """A main text and its versions; `then` and `add_language` add and remove one."""

    body = KeptLines(
        label=_("Text"),
        required=False,
        strip=False,
        max_length=4000,
        widget=forms.Textarea(
            attrs={
                "rows": 6,
                "spellcheck": "true",
                "data-prefix": "fallback_",
                "data-holds": "fallbacks",
            }
        ),
    )

    _added = ""  # the language of which a version is being added

    def __init__(self, *args: Any, workspace_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._keep_stored()
        own = list_fields(workspace_id)
        self.own_fields = [(field.name, field.label) for field in own]
        self.own_kinds = {field.name: field.kind for field in own}
        built_in = [(name, FIELD_LABELS[name]) for name in BUILT_IN_FIELDS]
        self.text_fields = [*built_in, *self.own_fields]

    def _keep_stored(self) -> None:
        """Tell the fields what is stored."""
        for name, field in self.fields.items():
            if isinstance(field, Kept):
                field.stored = self.initial.get(name)

    @property
    def body_text(self) -> str:
        """As written so far, valid or not."""
        return str(self["body"].value() or "")

    @property
    def parts(self) -> list[TextPart]:
        """The main text and its versions, each with the fallbacks that it needs."""
        main = self._part("", self.body_text, self.fallbacks(), {})
        return [
            main,
            *(
                self._part(v["language"], v["body"], v.get("fallbacks") or {}, self.fallbacks())
                for v in self.versions()
            ),
        ]

    def _part(
        self, language: str, body: str, given: Mapping[str, str], else_: Mapping[str, str]
    ) -> TextPart:
        labels = dict(self.text_fields)
        used, defaulted = used_fields(body)
        rows = [(n, labels.get(n, n), given.get(n, else_.get(n, ""))) for n in used]
        unused = {name: value for name, value in given.items() if name not in used}
        return TextPart(language, body, rows, unused, defaulted)

    @property
    def free_languages(self) -> list[tuple[str, str]]:
        """Languages of which there is no version yet, by name."""
        taken = {version["language"] for version in self.versions()}
        free = [(tag, language_name(tag)) for tag in LANGUAGES if tag not in taken]
        return sorted(free, key=lambda pair: pair[1])

    def versions(self) -> list[dict[str, Any]]:
        """Texts in other languages as a campaign stores them, with what is asked for beside them."""
        if not self.is_bound:
            found: list[dict[str, Any]] = self.initial.get("versions", [])
            return found
        tags = [tag for tag in self.data.get("version_languages", "").split(",") if tag]
        verb, _colon, tag = self.data.get("then", "").partition(":")
        if verb == "remove":
            tags = [other for other in tags if other != tag]
        added = self.data.get("add_language", "")
        if verb == "add" and added in LANGUAGES:
            tags.append(added)
            self._added = added
        return [self._version(tag) for tag in dict.fromkeys(tags)]

    def first_text(self, language: str) -> dict[str, Any]:
        """What a version that is just added begins with; empty for nothing."""
        del language
        return {}

    def _version(self, tag: str) -> dict[str, Any]:
        """As sent. What only repeats the main text's fallbacks is left to them, as it was."""
        every: list[dict[str, Any]] = self.initial.get("versions", [])
        stored = next((version for version in every if version["language"] == tag), None)
        kept = (stored or {}).get("body", "")
        body = many_lines(str(self.data.get(f"version-{tag}", "")))
        known = (stored or {}).get("fallbacks") or {}
        main = self.fallbacks()
        own = {
            name: value
            for name, value in self._named(f"fallback.{tag}.", known).items()
            if name in known or value != main.get(name)
        }
        version = {"language": tag, "body": kept if body == many_lines(kept) else body[:4000]}
        if not own and stored is not None and "fallbacks" not in stored:
            return version
        if stored is None and not version["body"] and tag == self._added:
            return self.first_text(tag) or version | {"fallbacks": own}
        return version | {"fallbacks": own}

    def fallbacks(self) -> dict[str, str]:
        stored: dict[str, str] = self.initial.get("fallbacks", {})
        return self._named("fallback_", stored) if self.is_bound else stored

    def _named(self, prefix: str, stored: Mapping[str, str]) -> dict[str, str]:
        """Fallbacks as sent: those of shown fields, and those that the page only carries along."""
        given = {}
        for start in (f"unused.{prefix}", prefix):  # what is shown wins
            for key, value in self.data.items():
                if key.startswith(start) and not _NAMES.fullmatch(key):
                    given[key.removeprefix(start)] = str(value)
        kept = {
            name: stored[name]
            for name, value in given.items()
            if name in stored and one_line(value) == one_line(stored[name])
        }
        return {name: value[:200] for name, value in given.items() if value.strip()} | kept

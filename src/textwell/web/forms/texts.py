"""A text with its versions in a form: what each uses, asks for, and is stored as."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from textwell.contacts.selectors import list_fields
from textwell.messaging.compose import BUILT_IN_FIELDS
from textwell.messaging.errors import TemplateRefused
from textwell.messaging.render import compile_template
from textwell.web.formats import language_name

# Languages of which a version can be added; the API takes any.
LANGUAGES = (
    "ar", "bn", "cs", "da", "de", "el", "en", "es", "fa", "fi", "fil", "fr", "he", "hi", "hu", "id",
    "it", "ja", "km", "ko", "lo", "ms", "my", "nb", "nl", "pl", "pt", "pt-BR", "ro", "ru", "sv", "th",
    "tr", "uk", "ur", "vi", "zh-Hans", "zh-Hant",
)  # fmt: skip
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
}


def used_fields(body: str) -> tuple[str, ...]:
    """Fields that may stand in the text; none while it cannot be read."""
    try:
        return compile_template(body).shown_fields
    except TemplateRefused:
        return ()


@dataclass(frozen=True, slots=True)
class TextPart:
    """One text of a campaign as the page shows it: the main one, or the one in another language."""

    language: str  # "" is the main text
    body: str
    fallback_rows: list[tuple[str, Any, str]]  # name, label, value of each field that it uses

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

    body = forms.CharField(
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

    def __init__(self, *args: Any, workspace_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own_fields = [(field.name, field.label) for field in list_fields(workspace_id)]
        built_in = [(name, FIELD_LABELS[name]) for name in BUILT_IN_FIELDS]
        self.text_fields = [*built_in, *self.own_fields]

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
                self._part(v["language"], v["body"], v["fallbacks"], self.fallbacks())
                for v in self.versions()
            ),
        ]

    def _part(
        self, language: str, body: str, given: Mapping[str, str], else_: Mapping[str, str]
    ) -> TextPart:
        labels = dict(self.text_fields)
        rows = [(n, labels.get(n, n), given.get(n) or else_.get(n, "")) for n in used_fields(body)]
        return TextPart(language, body, rows)

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
        return [
            {
                "language": tag,
                "body": str(self.data.get(f"version-{tag}", "")).replace("\r\n", "\n")[:4000],
                "fallbacks": self._named(f"fallback.{tag}."),
            }
            for tag in dict.fromkeys(tags)
        ]

    def fallbacks(self) -> dict[str, str]:
        if not self.is_bound:
            found: dict[str, str] = self.initial.get("fallbacks", {})
            return found
        return self._named("fallback_")

    def _named(self, prefix: str) -> dict[str, str]:
        return {
            name.removeprefix(prefix): str(value)[:200]
            for name, value in self.data.items()
            if name.startswith(prefix)
            and not name.startswith("fallback_names")
            and str(value).strip()
        }

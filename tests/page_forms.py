"""What a browser sends when a form of a page is saved without a touch."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit

from django.test import Client
from django.urls import Resolver404, resolve

from addresses import PATTERNS, methods_of, page_path


class _Reader(HTMLParser):
    def __init__(self, form_id: str) -> None:
        super().__init__()
        self._form_id = form_id
        self._is_inside = False
        self._select: tuple[str, list[tuple[str, bool]]] | None = None
        self._area: tuple[str, str] | None = None
        self.sent: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._is_inside = given.get("id") == self._form_id
        if tag == "option" and self._select is not None:
            self._select[1].append((given.get("value", ""), "selected" in given))
        is_ours = given["form"] == self._form_id if "form" in given else self._is_inside
        if not is_ours or not given.get("name"):
            return
        if tag == "select":
            self._select = (given["name"], [])
        elif tag == "textarea":
            self._area = (given["name"], "")
        elif tag == "input":
            self._input(given)

    def _input(self, given: dict[str, str]) -> None:
        kind, value = given.get("type", "text"), given.get("value", "")
        if kind in {"checkbox", "radio"}:
            if "checked" in given:
                self.sent[given["name"]] = value or "on"
        elif kind == "hidden":
            self.sent[given["name"]] = value
        else:  # of one line
            line = value.replace("\r", "").replace("\n", "")
            self.sent[given["name"]] = line.strip() if kind == "url" else line

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area = (self._area[0], self._area[1] + data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._is_inside = False
        elif tag == "select" and self._select is not None:
            (name, options), self._select = self._select, None
            chosen = [value for value, is_chosen in options if is_chosen]
            self.sent[name] = (chosen or [value for value, _ in options] or [""])[0]
        elif tag == "textarea" and self._area is not None:
            (name, text), self._area = self._area, None
            lines = text.removeprefix("\n").replace("\r\n", "\n").replace("\r", "\n")
            self.sent[name] = lines.replace("\n", "\r\n")


def untouched(page: str, form_id: str) -> dict[str, str]:
    """Names and values that the form sends as it stands on the page."""
    reader = _Reader(form_id)
    reader.feed(page)
    return reader.sent


@dataclass
class PageForm:
    """A form as a page has it: where it goes, and what can be typed or chosen in it."""

    action: str = ""
    method: str = "get"
    fields: dict[str, str] = field(default_factory=dict)  # as it stands
    texts: dict[str, str] = field(default_factory=dict)  # of these, what is typed: kind of input


class _Forms(HTMLParser):
    """Every form of a page. A field outside of it names it by `form`."""

    def __init__(self) -> None:
        super().__init__()
        self.by_id: dict[str, PageForm] = {}
        self.found: list[PageForm] = []
        self._here: PageForm | None = None
        self._area: tuple[PageForm, str] | None = None
        self._select: tuple[PageForm, str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._here = self.by_id.setdefault(given.get("id") or f" {len(self.found)}", PageForm())
            self._here.action = given.get("action", "")
            self._here.method = given.get("method", "get").lower()
            self.found.append(self._here)
        form, name = self._here, given.get("name", "")
        if "form" in given:
            form = self.by_id.setdefault(given["form"], PageForm())
        if form is None:
            return
        if tag == "option" and self._select and ("selected" in given or not self._chosen()):
            self._select[0].fields[self._select[1]] = given.get("value", "")
        if not name or name == "csrfmiddlewaretoken" or "disabled" in given:
            return
        if tag == "select":
            self._select = (form, name)
            form.fields.setdefault(name, "")
        elif tag == "textarea":
            self._area = (form, name)
            form.fields[name], form.texts[name] = "", "textarea"
        elif tag == "input":
            _add_input(form, given)

    def _chosen(self) -> str:
        assert self._select
        return self._select[0].fields[self._select[1]]

    def handle_data(self, data: str) -> None:
        if self._area:
            self._area[0].fields[self._area[1]] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._here = None
        elif tag == "textarea" and self._area:
            form, name = self._area
            form.fields[name] = form.fields[name].removeprefix("\n")
            self._area = None
        elif tag == "select":
            self._select = None


def _add_input(form: PageForm, given: dict[str, str]) -> None:
    name, kind = given["name"], given.get("type", "text")
    if kind in {"checkbox", "radio"}:
        if "checked" in given:
            form.fields[name] = given.get("value", "on")
        return
    form.fields[name] = given.get("value", "")
    if kind not in {"hidden", "password", "file", "submit", "button"}:
        form.texts[name] = kind


def forms_on(page: str) -> list[PageForm]:
    reader = _Forms()
    reader.feed(page)
    return reader.found


def forms_of(
    client: Client, ids: Mapping[str, int | str], start: str = ""
) -> dict[str, list[PageForm]]:
    """Of all that this person sees: forms that are posted, by the name of the page that takes them.

    `start` is the beginning of the names of the pages that are looked at.
    """
    found: dict[str, list[PageForm]] = {}
    for pattern in PATTERNS:
        is_page = "GET" in methods_of(pattern) and hasattr(pattern.callback, "permission")
        if not is_page or not str(pattern.name).startswith(start):
            continue
        path = page_path(pattern, {**ids, "kind": "simulator"})
        answer = client.get(path)
        if answer.streaming or answer.status_code != 200:
            continue
        for form in forms_on(answer.content.decode()):
            form.action = form.action or path
            name = _name_of(form.action)
            if form.method != "post" or name is None:
                continue
            known = found.setdefault(name, [])
            if all(sorted(each.fields) != sorted(form.fields) for each in known):
                known.append(form)
    return found


def _name_of(action: str) -> str | None:
    """The name of the page that a form goes to; None for what is no page of ours."""
    try:
        return str(resolve(urlsplit(action).path).url_name)
    except Resolver404:
        return None

"""What a browser sends when a form of a page is saved without a touch."""

import re
from collections.abc import Mapping
from html.parser import HTMLParser

from django.test import Client
from django.urls import Resolver404, resolve

from addresses import PATTERNS, methods_of, page_path

Form = dict[str, str]


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


_FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.DOTALL)
_ACTION = re.compile(r"\baction=\"([^\"]*)\"")
_NAMED = re.compile(r"<(?:input|select|textarea)\b[^>]*>")
_NAME, _VALUE = re.compile(r"\bname=\"([^\"]+)\""), re.compile(r"\bvalue=\"([^\"]*)\"")


def forms_of(client: Client, ids: Mapping[str, int | str]) -> dict[str, Form]:
    """Of all that this person sees: fields that are sent to a page, by the name of that page."""
    found: dict[str, Form] = {}
    for pattern in PATTERNS:
        if "GET" not in methods_of(pattern) or not hasattr(pattern.callback, "permission"):
            continue
        path = page_path(pattern, {**ids, "kind": "simulator"})
        answer = client.get(path)
        if answer.streaming or answer.status_code != 200:
            continue
        for attributes, inner in _FORM.findall(answer.content.decode()):
            action = _ACTION.search(attributes)
            try:
                name = str(resolve(action[1] if action and action[1] else path).url_name)
            except Resolver404:
                continue
            found.setdefault(name, {}).update(_fields(inner))
    return found


def _fields(inner: str) -> Form:
    found: Form = {}
    for tag in _NAMED.findall(inner):
        name, value = _NAME.search(tag), _VALUE.search(tag)
        if name and name[1] != "csrfmiddlewaretoken":
            found[name[1]] = value[1] if value else ""
    return found

"""What a browser sends when a form of a page is saved without a touch."""

from html.parser import HTMLParser


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

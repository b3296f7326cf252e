"""The HTTP API from its OpenAPI document: a page for each tag."""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from docs_made.writing import code, described, start_django, table

Json = dict[str, Any]  # Any: JSON values
DEEPEST = 2
EVERYWHERE = {"400", "401", "403", "404", "409", "413", "422", "429", "503"}


@cache
def document() -> Json:
    start_django()
    from textwell.api.app import api

    schema = api.get_openapi_schema(path_prefix="/api/v1/")
    whole: Json = json.loads(json.dumps(schema, default=str))
    return whole


def operations() -> Iterator[tuple[str, str, Json]]:
    """(method, path, operation) of all, in the document's order."""
    for path, methods in document()["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def tags() -> list[str]:
    return sorted({tag for _method, _path, operation in operations() for tag in operation["tags"]})


def api_index() -> str:
    """Every tag with its operations, linked to their pages."""
    rows = []
    for tag in tags():
        own = [each for each in operations() if tag in each[2]["tags"]]
        rows.append((f"[{tag}](api/{tag.lower().replace(' ', '-')}.md)", len(own)))
    return table(["page", "operations"], rows)


def api(*words: str) -> str:
    """The operations of one tag, which may be several words."""
    tag = " ".join(words)
    own = [each for each in operations() if tag in each[2]["tags"]]
    return "\n".join(_operation(*each) for each in own)


def _operation(method: str, path: str, operation: Json) -> str:
    short = path.removeprefix("/api/v1")
    name = f"{method} {short}"
    text = described(name, (operation.get("description") or "").partition("Scope:")[0])
    scope = operation["security"][0]["ApiKey"][0] if operation.get("security") else ""
    parts = [f"## `{name}`", text]
    if scope:
        parts.append(f"Scope: `{scope}`. Name for generated clients: `{operation['operationId']}`.")
    parts += _parameters(operation) + _body(operation) + _answers(operation)
    return "\n\n".join(parts) + "\n"


def _parameters(operation: Json) -> list[str]:
    rows = [
        (code(each["name"]), each["in"], _kind(each["schema"]), _notes(each, each["schema"]))
        for each in operation["parameters"]
        if each["name"] != "Idempotency-Key"
    ]
    return [table(["parameter", "in", "type", "what"], rows)] if rows else []


def _body(operation: Json) -> list[str]:
    found = []
    for media, given in operation.get("requestBody", {}).get("content", {}).items():
        rows = list(_fields(given["schema"]))
        if rows:
            found.append(f"The body, `{media}`:\n\n" + table(["field", "type", "what"], rows))
        if "example" in given:
            found.append(_example(given["example"]))
    return found


def _answers(operation: Json) -> list[str]:
    found = []
    for status, answer in operation["responses"].items():
        if status in EVERYWHERE:
            continue
        found.append(f"Answer **{status}**: {answer['description']}.")
        content = answer.get("content", {}).values()
        found += [_example(given["example"]) for given in content if "example" in given]
    return found


def _example(value: object) -> str:
    text = json.dumps(value, indent=2, ensure_ascii=False)
    return f"```json\n{text}\n```"


def _resolved(schema: Json) -> Json:
    """The schema behind a reference, or behind 'this or null'."""
    if "$ref" in schema:
        found: Json = document()["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
        return found
    choices = [each for each in schema.get("anyOf", []) if each.get("type") != "null"]
    choices += schema.get("allOf", [])
    return _resolved(choices[0]) if len(choices) == 1 else schema


def _fields(schema: Json, before: str = "", depth: int = 1) -> Iterator[tuple[str, str, str]]:
    whole = _resolved(schema)
    for name, field in whole.get("properties", {}).items():
        is_needed = name in whole.get("required", [])
        what = _notes({**field, "required": is_needed}, field)
        yield code(before + name), _kind(field), what
        inner = _resolved(field)
        items = _resolved(inner["items"]) if "items" in inner else inner
        if depth < DEEPEST and "properties" in items:
            mark = "[]." if items is not inner else "."
            yield from _fields(items, f"{before}{name}{mark}", depth + 1)


def _kind(schema: Json) -> str:
    inner = _resolved(schema)
    if "enum" in inner:
        return " or ".join(code(value) for value in inner["enum"])
    if "const" in inner:
        return code(inner["const"])
    if "anyOf" in inner:
        kinds = [_kind(each) for each in inner["anyOf"] if each.get("type") != "null"]
        return " or ".join(dict.fromkeys(kinds))
    if inner.get("type") == "array":
        return f"list of {_kind(inner.get('items', {}))}"
    return str(inner.get("format") or inner.get("type") or "any")


def _notes(given: Json, schema: Json) -> str:
    """Whether it is needed, what it means, its bounds."""
    inner = _resolved(schema)
    text = given.get("description") or inner.get("description", "")
    notes = ["**Needed.**"] if given.get("required") else []
    notes.append(" ".join(text.split()))
    notes += _bounds(inner)
    default = schema.get("default")
    if default not in (None, "", [], {}):
        notes.append(f"Without it: `{json.dumps(default)}`.")
    return " ".join(filter(None, notes))


def _bounds(schema: Json) -> list[str]:
    least, most = schema.get("minimum"), schema.get("maximum")
    notes = [f"{least} to {most}."] if least is not None and most is not None else []
    if "maxLength" in schema:
        notes.append(f"At most {schema['maxLength']} characters.")
    if "maxItems" in schema:
        notes.append(f"At most {schema['maxItems']}.")
    return notes

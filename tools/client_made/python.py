"""`textwell.client.schemas` and `.calls`."""

import re
import textwrap
from collections.abc import Iterable, Iterator

from client_made.operations import Json, Operation, operations_of, ref_name, shown_schemas

_SIMPLE = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
_NOTE = "Written by `make fix`: do not edit."


def schemas_text(document: Json) -> str:
    names = shown_schemas(document)
    head = (
        f'"""What the API takes and gives. {_NOTE}"""\n\n'
        "from __future__ import annotations\n\n"
        "from typing import Any, Literal, NotRequired, TypedDict\n"
    )
    aliases = [name for name, schema in names.items() if "properties" not in schema]
    words = "".join(f"{name} = {type_of(names[name])}\n" for name in aliases)
    classes = [_typed_dict(name, names[name]) for name in names if name not in aliases]
    return "\n\n".join([f"{head}\n{words}", *classes])


def _typed_dict(name: str, schema: Json) -> str:
    required = schema.get("required", ())
    lines = [f"class {name}(TypedDict):"]
    if about := schema.get("description", ""):
        lines += [_docstring(about), ""]
    for field, given in schema["properties"].items():
        kind = type_of(given)
        lines.append(f"    {field}: {kind if field in required else f'NotRequired[{kind}]'}")
    return "\n".join(lines) + "\n"


def type_of(schema: Json, prefix: str = "") -> str:
    """The type of a JSON value as Python has it; `prefix` stands before names of schemas."""
    if name := ref_name(schema):
        return prefix + name
    for key in ("anyOf", "oneOf"):
        if key in schema:
            return " | ".join(dict.fromkeys(type_of(each, prefix) for each in schema[key]))
    if "allOf" in schema:
        return type_of(schema["allOf"][0], prefix)
    if "const" in schema:
        return f"Literal[{schema['const']!r}]"
    if "enum" in schema:
        return f"Literal[{', '.join(map(repr, schema['enum']))}]"
    kind = schema.get("type")
    if kind == "array":
        return f"list[{type_of(schema.get('items', {}), prefix)}]"
    if kind == "object":
        more = schema.get("additionalProperties")
        return f"dict[str, {type_of(more, prefix) if isinstance(more, dict) else 'Any'}]"
    return _SIMPLE.get(str(kind), "Any")


def calls_text(document: Json) -> str:
    operations = list(operations_of(document))
    bodies = "\n\n".join(_function(each) for each in operations)
    kinds = "Any, Literal" if "Literal[" in bodies else "Any"
    used = [name for name in kinds.split(", ") if re.search(rf"\b{name}\b", bodies)]
    typing = f"from typing import {', '.join(used)}\n\n" if used else ""
    return (
        f'"""Every operation of the API, by its name there. {_NOTE}"""\n\n'
        "from __future__ import annotations\n\n"
        f"{typing}"
        "from textwell.client import schemas\n"
        "from textwell.client.call import Call, Listing, Upload, part\n\n"
        f"OPERATIONS = {len(operations)}\n\n\n{bodies}"
    )


def _function(each: Operation) -> str:
    takes = ", ".join(_parameters(each))
    lines = [
        f"def {each.name}({takes}) -> {_returned(each)}:",
        _docstring(f"{each.method} {each.path}, scope {each.scope}. {each.about}"),
        f"    return {_kind(each)}({', '.join(_arguments(each))})",
    ]
    return "\n".join(lines) + "\n"


def _parameters(each: Operation) -> Iterator[str]:
    for parameter in each.in_path:
        yield f"{parameter['name']}: {type_of(parameter['schema'])}"
    if each.body is not None:
        kind = type_of(each.body, "schemas.")
        yield f"body: {kind}" if each.is_body_required else f"body: {kind} = None"
    if each.upload is not None:
        yield "upload: Upload"
    if each.in_query:
        yield "*"
    for parameter in sorted(each.in_query, key=lambda given: not given.get("required")):
        kind = type_of(parameter["schema"])
        if parameter.get("required"):
            yield f"{parameter['name']}: {kind}"
        else:
            is_open = "None" in kind.split(" | ")
            yield f"{parameter['name']}: {kind if is_open else f'{kind} | None'} = None"


def _arguments(each: Operation) -> Iterator[str]:
    yield f'"{each.method}"'
    path = re.sub(r"\{(\w+)\}", r"{part(\1)}", each.path)
    yield f'f"{path}"' if each.in_path else f'"{path}"'
    if each.in_query:
        names = ", ".join(f'"{given["name"]}": {given["name"]}' for given in each.in_query)
        yield f"query={{{names}}}"
    if each.body is not None:
        yield "body=body"
    if each.upload is not None:
        yield "upload=upload"


def _kind(each: Operation) -> str:
    return "Listing" if each.item else "Call"


def _returned(each: Operation) -> str:
    if each.item:
        return f"Listing[schemas.{each.item}]"
    if each.is_file:
        return "Call[bytes]"
    return f"Call[{type_of(each.answer, 'schemas.') if each.answer is not None else 'None'}]"


def _docstring(text: str) -> str:
    first, *rest = _sentences(text)
    lines = [f'    """{first}']
    if rest:
        lines += ["", *(f"    {line}" for line in rest)]
        return "\n".join([*lines, '    """'])
    return f'{lines[0]}"""'


def _sentences(text: str) -> list[str]:
    """The first sentence, and the rest in lines."""
    plain = " ".join(text.replace("\\", "\\\\").replace('"""', "'''").split())
    first, _stop, rest = plain.partition(". ")
    whole: Iterable[str] = textwrap.wrap(rest, 92)
    return [first.rstrip(".") + ".", *whole]

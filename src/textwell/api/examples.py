"""Examples of the OpenAPI document: what a body, an answer or a parameter looks like.

A field's own example comes first, then the one of its name here, then a value of its type. Names mean
the same thing everywhere in the API, so that one example of each is enough.
"""

from typing import Any, Final

JsonObject = dict[str, Any]  # Any: JSON values

DEEPEST: Final = 6  # of examples within examples
_MOMENT: Final = "2026-11-24T09:00:00Z"
_BY_NAME: Final[JsonObject] = {
    "actor": "key:12",
    "asked": "human",
    "audience": {"tag": "vip"},
    "body": "Hi {{ first_name }}, 20 % off until Sunday.",
    "channel": "sms",
    "click_country": "FR",
    "code": "",
    "content_hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "country": "FR",
    "currency": "EUR",
    "decided_by": "user:3",
    "delimiter": ",",
    "device": "iOS",
    "email": "linh@example.com",
    "encoding": "gsm7",
    "event_id": "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W",
    "external_id": "customer-17",
    "field": "to",
    "fallbacks": {"first_name": "friend"},
    "filename": "people.csv",
    "first_name": "Linh",
    "header": ["Phone", "Name"],
    "intent": "opt_out",
    "is_granted": True,
    "label": "City",
    "lane": "bulk",
    "language": "fr",
    "last_name": "Nguyễn",
    "last_status": 204,
    "limit": 50,
    "lifted_by": "user:3",
    "local_value": "Paris",
    "mapping": {"Phone": "msisdn", "Name": "first_name"},
    "match": "all",
    "mend": "Correct it and send it again.",
    "name": "Spring sale",
    "next": "90117",
    "operator": "Orange",
    "place_source": "numbers",
    "problem": "is missing",
    "purpose": "marketing",
    "reaction": "clicked",
    "reason": "",
    "region": "FR",
    "secret": "whsec_…",
    "sender": "TEXTWELL",
    "since": _MOMENT,
    "source": "web form /spring",
    "state": "delivered",
    "term": "delivered",
    "terms": {"delivered": 3, "waiting": 1},
    "text": "Hi Linh, 20 % off until Sunday.",
    "title": "Something given cannot be used.",
    "until": _MOMENT,
    "utm": {"utm_source": "sms"},
    "url": "https://example.com/hooks/textwell",
    "value": "Orange",
    "verdict": "allow",
    "who_mends": "marketer",
    "wording": "Yes, send me offers by SMS.",
    "zone": "Europe/Paris",
}


def add_examples(operation: JsonObject, schemas: JsonObject) -> None:
    """Give each parameter, body and answer of an operation an example, where it has none."""
    for parameter in operation.get("parameters", ()):
        if "example" not in parameter:
            parameter["example"] = find_example(
                parameter["schema"], schemas, name=parameter["name"], is_whole=True
            )
    for media in operation.get("requestBody", {}).get("content", {}).values():
        media["example"] = find_example(media["schema"], schemas)
    for answer in operation["responses"].values():
        for media in answer.get("content", {}).values():
            media.setdefault("example", find_example(media["schema"], schemas, is_whole=True))


def find_example(
    schema: JsonObject,
    schemas: JsonObject,
    *,
    name: str = "",
    is_whole: bool = False,
    depth: int = 0,
) -> Any:  # Any: a JSON value
    """A value that fits `schema`; None where there is none to show.

    An object shows the fields that must be there and those with examples of their own; `is_whole`
    shows every field, as answers have them.
    """
    if "$ref" in schema:
        schema = schemas[schema["$ref"].rsplit("/", 1)[-1]]
    if schema.get("examples"):
        return schema["examples"][0]
    for word in ("const", "default"):
        if schema.get(word) is not None:
            return schema[word]
    if schema.get("enum"):
        return schema["enum"][0]
    if "anyOf" in schema:
        branches = schema["anyOf"]
        if depth > 0 and not is_whole:
            return None
        return find_example(branches[0], schemas, name=name, is_whole=is_whole, depth=depth)
    if "properties" in schema and depth < DEEPEST:
        return _object(schema, schemas, is_whole=is_whole, depth=depth)
    return _by_type(schema, schemas, name=name, is_whole=is_whole, depth=depth)


def _object(schema: JsonObject, schemas: JsonObject, *, is_whole: bool, depth: int) -> JsonObject:
    shown = {}
    for name, each in schema["properties"].items():
        if not (is_whole or name in schema.get("required", ()) or "examples" in each):
            continue
        value = find_example(each, schemas, name=name, is_whole=is_whole, depth=depth + 1)
        if value is not None or (is_whole and name in schema.get("required", ())):
            shown[name] = value
    return shown


def _by_type(
    schema: JsonObject, schemas: JsonObject, *, name: str, is_whole: bool, depth: int
) -> Any:  # Any: a JSON value
    kind, named = schema.get("type", ""), _BY_NAME.get(name)
    if named is not None and _KINDS.get(type(named)) == kind:
        return named
    if kind == "array":
        item = (
            find_example(schema.get("items", {}), schemas, is_whole=is_whole, depth=depth + 1)
            if depth < DEEPEST
            else None
        )
        return [] if item is None else [item]
    if kind == "string":
        return _MOMENT if schema.get("format") == "date-time" else ""
    if kind in {"integer", "number"}:
        return schema.get("minimum", 1)
    return {"boolean": True, "object": {}}.get(kind)


_KINDS: Final = {str: "string", int: "integer", bool: "boolean", list: "array", dict: "object"}

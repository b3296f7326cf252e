"""The operations of the OpenAPI document, as values."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]  # Any: JSON values
_JSON = "application/json"
_PAGE = "Page_"


@dataclass(frozen=True)
class Operation:
    """`answer` and `body` are schemas; `answer` None: no content; `is_file`: octets."""

    name: str
    method: str
    path: str
    scope: str
    about: str
    in_path: tuple[Json, ...]
    in_query: tuple[Json, ...]
    body: Json | None
    is_body_required: bool
    upload: tuple[str, ...] | None  # names of the fields beside the file
    answer: Json | None
    is_file: bool

    @property
    def item(self) -> str | None:
        """The schema of one item, of an operation that is answered page by page."""
        name = ref_name(self.answer or {})
        return name.removeprefix(_PAGE).strip("_") if name.startswith(_PAGE) else None


def ref_name(schema: Json) -> str:
    """The name of the schema that is referred to; "" if none is."""
    return str(schema.get("$ref", "")).rpartition("/")[2]


def operations_of(document: Json) -> Iterator[Operation]:
    """In the order of their names."""
    found = [
        _operation(method, path, details)
        for path, methods in document["paths"].items()
        for method, details in methods.items()
    ]
    yield from sorted(found, key=lambda each: each.name)


def shown_schemas(document: Json) -> dict[str, Json]:
    """All but pages, which are one generic type."""
    schemas: dict[str, Json] = document["components"]["schemas"]
    return {name: each for name, each in sorted(schemas.items()) if not name.startswith(_PAGE)}


def _operation(method: str, path: str, details: Json) -> Operation:
    parameters = details["parameters"]
    content = details.get("requestBody", {}).get("content", {})
    upload = None
    if "multipart/form-data" in content:
        names = content["multipart/form-data"]["schema"]["properties"]
        upload = tuple(name for name in names if name != "file")
    status = next(each for each in map(str, details["responses"]) if each.startswith("2"))
    answers = {str(code): each for code, each in details["responses"].items()}[status]
    given = answers.get("content", {})
    return Operation(
        name=details["operationId"],
        method=method.upper(),
        path=path,
        scope=details["security"][0]["ApiKey"][0],
        about=" ".join(details.get("description", "").partition("\n\nScope:")[0].split()),
        in_path=tuple(each for each in parameters if each["in"] == "path"),
        in_query=tuple(each for each in parameters if each["in"] == "query"),
        body=content[_JSON]["schema"] if _JSON in content else None,
        is_body_required=details.get("requestBody", {}).get("required", False),
        upload=upload,
        answer=given[_JSON]["schema"] if _JSON in given else None,
        is_file=bool(given) and _JSON not in given,
    )

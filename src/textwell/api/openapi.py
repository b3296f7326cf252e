"""The OpenAPI 3.1 document: what ninja writes, completed by scopes, problems, keys and examples."""

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from textwell.api.auth import ApiKey
from textwell.api.descriptions import add_descriptions
from textwell.api.examples import JsonObject, add_examples
from textwell.api.figures import add_figures
from textwell.api.idempotency import HEADER
from textwell.api.problems import MEDIA_TYPE, TYPE_PREFIX
from textwell.api.schemas.base import Problem

_PROBLEM_REF = {"$ref": "#/components/schemas/Problem"}
_KINDS = {
    400: "malformed",
    401: "unauthenticated",
    403: "forbidden",
    404: "not_found",
    409: "conflict",
    413: "too_large",
    429: "too_many_requests",
    503: "unavailable",
}


class Document(OpenAPISchema):
    """The document of one API."""

    def __init__(self, api: NinjaAPI, path_prefix: str) -> None:
        super().__init__(api, path_prefix)
        self["components"]["schemas"]["Problem"] = Problem.model_json_schema(
            ref_template="#/components/schemas/{model}"
        )
        definitions = self["components"]["schemas"]["Problem"].pop("$defs", {})
        self["components"]["schemas"].update(definitions)
        self["components"]["headers"] = {
            "RateLimit-Policy": _header(_POLICY, "string", is_always=False),
            "RateLimit": _header(_LEFT, "string", is_always=False),
        }
        add_descriptions(self["components"]["schemas"])
        add_figures(self["components"]["schemas"])
        for operation in self._operations():
            add_examples(operation, self["components"]["schemas"])

    def _operations(self) -> list[JsonObject]:
        return [each for path in self["paths"].values() for each in path.values()]

    def operation_details(self, operation: Operation) -> JsonObject:
        details: JsonObject = super().operation_details(operation)
        for auth in operation.auth_callbacks:
            if isinstance(auth, ApiKey):
                details["security"] = [{"ApiKey": [auth.scope.value]}]
                scope = f"Scope: `{auth.scope.value}`."
                details["description"] = "\n\n".join(
                    filter(None, [details.get("description", ""), scope])
                )
        if "POST" in operation.methods:
            details["parameters"].append(_idempotency_parameter())
        answers = _problem_responses(operation, details) | details["responses"]  # its own words win
        for answer in answers.values():
            answer["headers"] = {**answer.get("headers", {}), **_RATE_HEADERS}
        details["responses"] = dict(sorted(answers.items()))
        return details


def _idempotency_parameter() -> JsonObject:
    return {
        "in": "header",
        "name": HEADER,
        "required": False,
        "description": "The same key and body: the same answer, and nothing is done twice.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255},
        "example": "0b9f6c1e-6a3c-4f6e-9a55-1f6a2f6b7c10",
    }


def _problem_responses(operation: Operation, details: JsonObject) -> dict[int, JsonObject]:
    found = {401: "No valid API key", 403: "The key lacks the scope", 422: "A value cannot be used"}
    found[429] = "The key made more requests than its rate"
    found[503] = "A store cannot be reached: send the same again"
    if "{" in operation.path:
        found[404] = "No such thing in this workspace"
    if "requestBody" in details:
        found |= {400: "The body cannot be read", 413: "The body is too large"}
    if set(operation.methods) & {"POST", "PATCH", "DELETE"}:
        found[409] = "The present state, or the Idempotency-Key, does not allow it"
    return {status: _problem(status, text) for status, text in sorted(found.items())}


def _problem(status: int, text: str, kind: str = "") -> JsonObject:
    media: JsonObject = {"schema": _PROBLEM_REF}
    kind = kind or _KINDS.get(status, "")
    if kind:  # 422 has a whole example of its own, with fields
        media["example"] = {"type": TYPE_PREFIX + kind, "title": text, "status": status}
    answer: JsonObject = {"description": text, "content": {MEDIA_TYPE: media}}
    if status in _HEADERS:
        answer["headers"] = _HEADERS[status]
    return answer


def _header(text: str, kind: str, *, is_always: bool) -> JsonObject:
    return {"description": text, "required": is_always, "schema": {"type": kind}}


_RATE_HEADERS: JsonObject = {
    name: {"$ref": f"#/components/headers/{name}"} for name in ("RateLimit-Policy", "RateLimit")
}
_POLICY = 'Of a key with a rate: `"key";q=100;w=1`, q requests in w seconds.'
_LEFT = (
    'Of a key with a rate: `"key";r=42;t=1`, r requests left, and t seconds until all are again.'
)
_WAIT = "Seconds after which to send it again."
_HEADERS: dict[int, JsonObject] = {
    401: {"WWW-Authenticate": _header("How to send a key.", "string", is_always=True)},
    409: {"Retry-After": _header(_WAIT, "integer", is_always=False)},
    429: {"Retry-After": _header(_WAIT, "integer", is_always=True)},
    503: {"Retry-After": _header(_WAIT, "integer", is_always=True)},
}
# For operations that name a list elsewhere than in their path.
NAMES_A_LIST: JsonObject = {
    "responses": {404: _problem(404, "No such list in this workspace")},
}
NAMES_A_REPLY: JsonObject = {
    "responses": {404: _problem(404, "No such reply in this workspace")},
}
# For what goes by the stream.
NEEDS_THE_STREAM: JsonObject = {
    "responses": {
        503: _problem(
            503,
            "The stream, or another store, does not store now: send the same again, each item "
            "counts once",
            "stream_unavailable",
        )
    },
}
# For what a workspace may have one of, or none.
MAY_BE_NONE: JsonObject = {
    "responses": {404: _problem(404, "The workspace has none")},
}

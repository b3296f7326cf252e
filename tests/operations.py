"""Every operation of the API, as its document tells of it, and an address and a body for each."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from textwell.api.app import api

_PLACES: Final[dict[str, int | str]] = {"version": "FR@2031-01-01"}  # of no world's rows
_MOMENTS: Final[dict[str, int | str]] = {"at": "2026-01-15T09:30:00Z"}  # those that must be given


@dataclass(frozen=True, eq=False)
class Operation:
    name: str  # campaigns_launch
    method: str  # POST
    path: str  # /campaigns/{campaign_id}/launch
    scope: str
    details: Any  # Any: JSON of the document

    def address(self, ids: Mapping[str, int | str]) -> str:
        """Its path with these values in its places, and what it must be asked by."""
        ids = _PLACES | dict(ids)
        path = re.sub(r"{(\w+)}", lambda found: str(ids[found[1]]), self.path)
        needed = [each["name"] for each in self.details["parameters"] if each.get("required")]
        given = _MOMENTS | dict(ids)
        query = urlencode({name: given[name] for name in needed if name in self.query})
        return f"{path}?{query}" if query else path

    @property
    def places(self) -> list[str]:
        return re.findall(r"{(\w+)}", self.path)

    @property
    def query(self) -> list[str]:
        """Names that it reads from the query."""
        given = self.details["parameters"]
        return [each["name"] for each in given if each["in"] == "query"]

    def body(self) -> Any:  # Any: JSON
        """The example of its body; None where it takes none, or a file."""
        media = self.details.get("requestBody", {}).get("content", {})
        example = media.get("application/json", {}).get("example")
        return json.loads(json.dumps(example, default=str))


def operations() -> list[Operation]:
    document = api.get_openapi_schema(path_prefix="/api/v1/")
    return [
        Operation(
            details["operationId"], method.upper(), path.removeprefix("/api/v1"),
            details["security"][0]["ApiKey"][0], details,
        )
        for path, methods in document["paths"].items()
        for method, details in methods.items()
    ]  # fmt: skip


OPERATIONS = operations()

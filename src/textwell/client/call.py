"""One operation of the API with its values, and the request that it is. Pure."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypedDict, TypeVar
from urllib.parse import quote, urlencode

T = TypeVar("T")
Scalar = str | int | float | bool | None
_NAME = "Idempotency-Key"


class Page(TypedDict, Generic[T]):
    """Some items of a list; `next` is where the next page begins, None on the last one."""

    items: list[T]
    next: str | None


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that is sent, with the fields beside it."""

    content: bytes
    name: str
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Request:
    """`target` is the path with its query."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes | None


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """What is asked, answered by a T.

    A POST has an idempotency key of its own from the start: however often the same value is done, also
    by another process that was given `key`, the deed is done once. To do it twice, make two.
    """

    method: str
    path: str
    query: Mapping[str, Scalar] = field(default_factory=dict)
    body: Any = None  # a JSON value
    upload: Upload | None = None
    key: str = ""

    def __post_init__(self) -> None:
        if self.method == "POST" and not self.key:
            object.__setattr__(self, "key", secrets.token_urlsafe(24))

    def request(self) -> Request:
        """The same octets each time but for the boundaries of a file, which the key does not cover."""
        given = {name: _text(value) for name, value in self.query.items() if value is not None}
        target = f"{self.path}?{urlencode(given)}" if given else self.path
        headers = {"Accept": "application/json"}
        if self.key:
            headers[_NAME] = self.key
        body = None
        if self.upload is not None:
            body, headers["Content-Type"] = _multipart(self.upload)
        elif self.body is not None:
            body = json.dumps(self.body, ensure_ascii=False).encode()
            headers["Content-Type"] = "application/json"
        return Request(self.method, target, headers, body)


@dataclass(frozen=True, slots=True)
class Listing(Call[Page[T]]):
    """A call that is answered page by page."""

    def after(self, cursor: str) -> Listing[T]:
        """The page that begins there."""
        return replace(self, query={**self.query, "after": cursor})


def part(value: object) -> str:
    """A value as one piece of a path."""
    return quote(str(value), safe="")


def _text(value: Scalar) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _multipart(upload: Upload) -> tuple[bytes, str]:
    boundary = secrets.token_hex(16)
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in upload.fields.items()
    ]
    name = quote(upload.name, safe=" .()-_")
    parts += [
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'.encode(),
        b"Content-Type: application/octet-stream\r\n\r\n",
        upload.content,
        f"\r\n--{boundary}--\r\n".encode(),
    ]
    return b"".join(parts), f"multipart/form-data; boundary={boundary}"

"""A usual call as the reference would read it; None for whatever needs the reference itself."""

from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import Any

import orjson
from django.conf import settings
from django.http.request import split_domain_port, validate_host
from pydantic import ValidationError

from textwell.accounts.secrets import hash_secret
from textwell.accounts.selectors import split_key
from textwell.accounts.types import KeyHolder
from textwell.api.idempotency import LONGEST_KEY, AskedRequest, hash_json
from textwell.api.schemas.messages import NewMessage
from textwell.api.sending import ReadMessage, read_message, refuse_places
from textwell.core.errors import FieldError

Environ = dict[str, Any]  # Any: WSGI's values are of many types

PATH = "/api/v1/messages"
CONTENT_TYPE = "application/json; charset=utf-8"  # of the answer
LONGEST_BODY = 16_384  # octets; a text of 1,600 characters is less
_MOST_DIGITS = 9  # of a length; Python reads no number of thousands
_ESCAPED_NULL = b"\\u0000"


@dataclass(slots=True)
class Answer:
    """A 202: what the caller gets, and may get again."""

    content: bytes
    location: str


@dataclass(slots=True)
class Call:
    """One call; `ledger` fills what it finds."""

    environ: Environ
    prefix: str
    secret_hash: str
    key: str | None
    body_hash: str
    read: ReadMessage
    holder: KeyHolder | None = None
    answer: Answer | None = None
    is_in_doubt: bool = False  # the commit was tried, and nobody knows its outcome

    def asked(self) -> AskedRequest:
        """For the lock and the row of its Idempotency-Key, which it has."""
        assert self.holder is not None
        assert self.key is not None
        return AskedRequest(self.holder.api_key_id, self.key, PATH, self.body_hash)


def is_for_here(environ: Environ) -> bool:
    """The operation, by its plain address."""
    return (
        environ.get("PATH_INFO") == PATH
        and environ.get("REQUEST_METHOD") == "POST"
        and not environ.get("QUERY_STRING")
        and not environ.get("SCRIPT_NAME")
    )


def read_call(environ: Environ) -> Call | None:
    """The call, if nothing about it is unusual; its body can be read again by the complete way."""
    parts, key = _credentials(environ), environ.get("HTTP_IDEMPOTENCY_KEY")
    if parts is None or not _is_usual(environ):
        return None
    if key is not None and not 0 < len(key) <= LONGEST_KEY:
        return None
    body = _take_body(environ)
    if body is None or _ESCAPED_NULL in body:
        return None
    read = _read_body(body)
    if read is None:
        return None
    body_hash = hash_json(body) if key is not None else ""
    return Call(environ, parts[0], hash_secret(parts[1]), key, body_hash, read)


def _credentials(environ: Environ) -> tuple[str, str] | None:
    kind, _space, token = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    return split_key(token) if kind.lower() == "bearer" else None


def _is_usual(environ: Environ) -> bool:
    kind = environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
    return (
        kind == "application/json"
        and "HTTP_COOKIE" not in environ
        and _is_our_host(environ.get("HTTP_HOST", ""))
    )


@lru_cache(maxsize=1_000)
def _is_our_host(host: str) -> bool:
    domain, _port = split_domain_port(host)
    return bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)


def _take_body(environ: Environ) -> bytes | None:
    length = environ.get("CONTENT_LENGTH") or ""
    if not length.isdecimal() or len(length) > _MOST_DIGITS or not 0 < int(length) <= LONGEST_BODY:
        return None
    body: bytes = environ["wsgi.input"].read(int(length))
    environ["wsgi.input"] = BytesIO(body)
    return body


def _read_body(body: bytes) -> ReadMessage | None:
    try:
        new = NewMessage.model_validate(orjson.loads(body))
        if new.links or new.consent is not None or new.send_at is not None:
            return None
        refuse_places(new)
        return read_message(new, str)
    except (orjson.JSONDecodeError, ValidationError, FieldError):
        return None

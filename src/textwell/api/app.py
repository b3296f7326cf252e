"""The HTTP API, version 1: one NinjaAPI, found by `config.urls` under /api/v1."""

import json
from functools import cache
from typing import Any

import orjson
from django.http import HttpRequest
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.parser import Parser
from ninja.renderers import BaseRenderer

import textwell
from textwell.api.border import guard_border, keep_to_rate
from textwell.api.idempotency import once_per_key
from textwell.api.numbers import name_operation, note_numbers
from textwell.api.openapi import Document
from textwell.api.problems import add_handlers
from textwell.api.routes import (
    approvals,
    audit,
    campaigns,
    contacts,
    ending,
    erasures,
    events,
    filters,
    gateways,
    hosts,
    imports,
    inbox,
    keys,
    law,
    lists,
    members,
    messages,
    page_links,
    programmes,
    promises,
    registered_texts,
    registers,
    registrations,
    reports,
    sharing,
    signing,
    suppressions,
    tags,
    templates,
    topics,
    unknown,
    webhooks,
    workspace,
)

DESCRIPTION = """Everything that the pages do, for programs.

**Keys.** Send `Authorization: Bearer tw_<prefix>_<secret>`. Each operation names the scope it needs.

**Errors** are `application/problem+json` (RFC 9457); `errors` names the field, the problem and what
mends it.

**Pages.** Lists take `after` and `limit`; `next` of the answer is the next `after`, null at the end.

**Once only.** Every POST takes an `Idempotency-Key`: the same key and body give the same answer, with
`Idempotency-Replayed: true`; another body gives 409; while the first still runs, 409 with
`Retry-After`. Answers 429 and 5xx are not kept: send the same again. Keys are kept for seven days.

**Rates.** Answers to a key with a rate have `RateLimit-Policy` and `RateLimit`; beyond it 429 with
`Retry-After`.

**Numbers** of people are masked unless the key has `contacts:numbers`. Reading full ones leaves an entry in
the audit log: one for each key, operation and day, and for each reason given in the header `Textwell-Reason`.

**Money** is in millionths of the currency, **times** are RFC 3339 with an offset, **ids** are integers.
"""


class _OrjsonParser(Parser):
    def parse_body(self, request: HttpRequest) -> Any:
        return orjson.loads(request.body)  # Any: JSON of any form, checked by the schema


class _OrjsonRenderer(BaseRenderer):
    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:  # noqa: ARG002 - ninja's signature
        try:
            return orjson.dumps(data, default=str, option=orjson.OPT_NON_STR_KEYS)
        except TypeError:  # a whole number beyond 64 bits, which JSON and PostgreSQL hold
            return json.dumps(data, default=str).encode()


class _Api(NinjaAPI):
    def get_openapi_operation_id(self, operation: Operation) -> str:
        """`campaigns_launch`: names of methods in generated clients."""
        return name_operation(operation)

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """Written once per process: it takes a second. Not to be changed by its reader."""
        prefix = self.get_root_path(path_params or {}) if path_prefix is None else path_prefix
        return _write_document(self, prefix)


@cache
def _write_document(api: NinjaAPI, path_prefix: str) -> Document:
    return Document(api, path_prefix)


def _build() -> NinjaAPI:
    api = _Api(
        title="Textwell API",
        version=getattr(textwell, "__version__", "1"),
        description=DESCRIPTION,
        urls_namespace="api-v1",
        openapi_url="/openapi.json",
        docs_url=None,  # Swagger's page needs scripts from elsewhere, which our policy refuses
        parser=_OrjsonParser(),
        renderer=_OrjsonRenderer(),
    )
    api.add_decorator(guard_border, mode="view")  # the first: it asks the operation itself
    api.add_decorator(note_numbers, mode="view")
    api.add_decorator(once_per_key, mode="view")
    api.add_decorator(keep_to_rate, mode="view")  # the last: it is asked before all others
    add_handlers(api)
    api.add_router("", contacts.router)
    api.add_router("", erasures.router)
    api.add_router("", page_links.router)
    api.add_router("/contacts/filters", filters.router)
    api.add_router("/contacts/ending-consents", ending.router)
    api.add_router("/suppressions", suppressions.router)
    api.add_router("/lists", lists.router)
    api.add_router("/tags", tags.router)
    api.add_router("", topics.router)
    api.add_router("/imports", imports.router)
    api.add_router("/campaigns", campaigns.router)
    api.add_router("/campaigns", approvals.router)
    api.add_router("/campaigns", reports.router)
    api.add_router("/campaigns", unknown.router)
    api.add_router("/programmes", programmes.router)
    api.add_router("/templates", templates.router)
    api.add_router("/messages", messages.router)
    api.add_router("/inbox", inbox.router)
    api.add_router("/events", events.router)
    api.add_router("/gateways", gateways.router)
    api.add_router("/law", law.router)
    api.add_router("/registers", registers.router)
    api.add_router("/registrations", registrations.router)
    api.add_router("/registrations", registered_texts.router)
    api.add_router("/webhooks", webhooks.router)
    api.add_router("", members.router)
    api.add_router("/keys", keys.router)
    api.add_router("/audit", audit.router)
    api.add_router("/workspace", hosts.router)
    api.add_router("/workspace", sharing.router)
    api.add_router("/workspace", signing.router)
    api.add_router("", promises.router)
    api.add_router("", workspace.router)
    return api


api = _build()

"""A client of the HTTP API: typed calls, retries, cursors, problems and webhooks.

    from textwell.client import Client, calls

    with Client("https://sms.example.com", "tw_…") as client:
        taken = client.do(calls.messages_send_message({"to": "+84901234567", "body": "Hi."}))
        for person in client.items(calls.contacts_list_people(tag="bread")):
            ...

Needs nothing but Python; `textwell.client.aio` has the same for asyncio, over aiohttp. Knows nothing
of the server's code. `calls` and `schemas` are written from the OpenAPI document by `make fix`.
"""

from textwell.client.call import Call, Listing, Page, Upload
from textwell.client.errors import (
    ApiError,
    Conflict,
    FieldProblem,
    Forbidden,
    Invalid,
    NoAnswer,
    NotFound,
    TooManyRequests,
    Unauthenticated,
    Unavailable,
)
from textwell.client.retrying import Retries
from textwell.client.sync import Client
from textwell.client.webhooks import WebhookRefused, verify_webhook

__all__ = [
    "ApiError",
    "Call",
    "Client",
    "Conflict",
    "FieldProblem",
    "Forbidden",
    "Invalid",
    "Listing",
    "NoAnswer",
    "NotFound",
    "Page",
    "Retries",
    "TooManyRequests",
    "Unauthenticated",
    "Unavailable",
    "Upload",
    "WebhookRefused",
    "verify_webhook",
]

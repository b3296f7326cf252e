"""Whatever changes data by a person's or a program's wish can come to an audit entry.

Every page that takes a form, every operation of the API and of the doors that is no GET, and every
command is walked: what it may reach is read from the source. The exceptions stand here, with the
reason for each; one that is none any more fails too. That an entry is right is for the tests of each
action.
"""

import inspect
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import pytest
from django.urls import URLPattern

from addresses import PATTERNS
from calls import Place, reached
from textwell.api.app import api
from textwell.api.doors.urls import urlpatterns as vendor_patterns
from textwell.api.scim.urls import urlpatterns as scim_patterns
from textwell.cli.main import command_names

door_patterns = [*vendor_patterns, *scim_patterns]
ENTRIES: set[Place] = {
    ("textwell.accounts.actions", "record_audit"),
    ("textwell.accounts.actions", "audit_person"),
}
PAGES = {
    "sign_in": "the session alone changes; attempts are counted by the throttle",
    "sign_out": "the session alone changes",
    "account_login": "the session alone changes; attempts are counted by the throttle",
    "account_logout": "the session alone changes",
    "campaigns.preview": "nothing changes: the form is only too long for an address",
    "campaigns.forecast": "nothing changes: the form is only too long for an address",
    "campaigns.count": "nothing changes: the form is only too long for an address",
    "law.pack": "nothing changes: a pack's file does not fit into an address",
    "inbox.count": "nothing changes: a person’s text does not belong into an address",
    "saml_acs": "what the provider posted is kept until the next request, which reads it",
    "settings.choose": "the session alone changes: which workspace one looks at",
}
OPERATIONS = {
    "POST /campaigns/{int:campaign_id}/preview": "nothing changes",
    "POST /inbox/threads/{int:thread_id}/read": "a look is no change: who looked first is nobody’s question",
    "POST /law/packs/impact": "nothing changes: a pack's file does not fit into an address",
    "POST /law/packs/{version}/withdrawal-impact": "nothing changes: asked as of `/law/packs/impact`",
    "POST /events": "what a program reports is stored as it came, with its source and time",
}
DOORS = {
    "^2010-04-01/": "answers that there is no such address",
    "^segment/": "answers that there is no such address",
    "^cgi-bin/": "answers that there is no such address",
    "2010-04-01/Accounts/<str:account>.json": "nothing changes",
    "": "answers that there is no such address",
    "^v2/ServiceProviderConfig/?$": "nothing changes",
    "^v2/ResourceTypes/?$": "nothing changes",
    "^v2/ResourceTypes/(?P<key>[^/]+)/?$": "nothing changes",
    "^v2/Schemas/?$": "nothing changes",
    "^v2/Schemas/(?P<key>[^/]+)/?$": "nothing changes",
}
COMMANDS = {
    "audit": "reads the log",
    "consent": "reads the ledger, and signs its roots: no person's wish",
    "doctor": "changes nothing",
    "explain": "changes nothing",
    "inspect": "changes nothing",
    "openapi": "changes nothing",
    "proof": "reads proofs, and signs those that are due: no person's wish",
    "quarantine": "items that are no rows of any workspace yet",
    "promise": "reads a file",
    "receipt": "reads a file",
    "run": "starts the roles; what they do is done by them",
    "simulate": "plays the carrier; our data is not its",
}


# What every request to the API goes through. A command that names the API sends none.
_REQUESTS: frozenset[Place] = frozenset({("textwell.api.app", "_build")})


def leaves_an_entry(
    function: Callable[..., Any],  # Any: view, operation, command
    *,
    but: frozenset[Place] = frozenset(),
) -> bool:
    return not ENTRIES.isdisjoint(reached(function, but=but) - but)


def takes_forms(pattern: URLPattern) -> bool:
    view = inspect.unwrap(pattern.callback)
    source = inspect.getsource(view)
    return "@require_POST" in source or '"POST"' in source


def our_pages() -> list[URLPattern]:
    ours = [p for p in PATTERNS if inspect.unwrap(p.callback).__module__.startswith("textwell")]
    return [pattern for pattern in ours if takes_forms(pattern)]


def operations() -> Iterator[tuple[str, Callable[..., Any]]]:
    for prefix, router in api._routers:
        for path, view in router.path_operations.items():
            for operation in view.operations:
                for method in set(operation.methods) - {"GET"}:
                    yield f"{method} {prefix}{path}", operation.view_func


OPERATION_LIST = sorted(operations(), key=lambda pair: pair[0])


def test_the_walk_finds_the_pages_and_operations() -> None:
    assert {"campaigns.launch", "settings", "stop_all", "imports.act"} <= {
        pattern.name for pattern in our_pages()
    }
    assert {"POST /stop-all", "PUT /workspace/cap", "DELETE /webhooks/{int:endpoint_id}"} <= {
        name for name, _function in OPERATION_LIST
    }


def test_what_changes_nothing_is_seen_to_leave_no_entry() -> None:
    reads = next(p for p in PATTERNS if p.name == "campaigns.report")

    assert not leaves_an_entry(reads.callback)


@pytest.mark.parametrize("pattern", our_pages(), ids=lambda p: p.name)
def test_a_page_that_takes_a_form_leaves_an_entry(pattern: URLPattern) -> None:
    assert leaves_an_entry(pattern.callback) is (pattern.name not in PAGES)


@pytest.mark.parametrize(
    ("name", "function"), OPERATION_LIST, ids=[name for name, _function in OPERATION_LIST]
)
def test_an_operation_of_the_api_leaves_an_entry(name: str, function: Callable[..., Any]) -> None:
    assert leaves_an_entry(function) is (name not in OPERATIONS)


@pytest.mark.parametrize("pattern", door_patterns, ids=lambda p: str(p.pattern))
def test_a_door_leaves_an_entry(pattern: URLPattern) -> None:
    assert leaves_an_entry(pattern.callback) is (str(pattern.pattern) not in DOORS)


@pytest.mark.parametrize("name", command_names())
def test_a_command_leaves_an_entry(name: str) -> None:
    module = import_module(f"textwell.cli.{name.replace('-', '_')}")
    callbacks = [module.command, *getattr(module.command, "commands", {}).values()]

    found = any(
        leaves_an_entry(each.callback, but=_REQUESTS) for each in callbacks if each.callback
    )

    assert found is (name not in COMMANDS)


@pytest.mark.parametrize("table", [PAGES, OPERATIONS, DOORS, COMMANDS])
def test_an_exception_is_still_there(table: dict[str, str]) -> None:
    known = {
        *(str(pattern.name) for pattern in our_pages()),
        *(name for name, _function in OPERATION_LIST),
        *(str(pattern.pattern) for pattern in door_patterns),
        *command_names(),
    }

    assert set(table) <= known

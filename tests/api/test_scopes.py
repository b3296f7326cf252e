"""Every operation, a key without its scope, and a key of another workspace: nothing is changed."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from api.conftest import Program
from content import content_of
from operations import OPERATIONS, Operation
from textwell.accounts.models import Workspace
from textwell.accounts.types import Scope
from world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(workspace: Workspace) -> World:
    """Something of every kind, for the places in paths."""
    return make_world(workspace=workspace, mark="quixotl", number="+33612345678")


def ask(program: Program, operation: Operation, world: World) -> Any:  # Any: Django's response
    path = operation.address(world.ids)
    if operation.method == "GET":
        return program.get(path)
    if "multipart/form-data" in operation.details.get("requestBody", {}).get("content", {}):
        file = SimpleUploadedFile("a.pdf", b"%PDF-1.7")
        return program.client.post(f"/api/v1{path}", {"file": file}, **program.headers())
    return program.send(operation.method.lower(), path, operation.body())


def test_every_operation_needs_a_key(world: World) -> None:
    client = Client()

    statuses = {
        each.name: client.generic(
            each.method, f"/api/v1{each.address(world.ids)}", "{}", "application/json"
        ).status_code
        for each in OPERATIONS
    }

    assert {name: status for name, status in statuses.items() if status != 401} == {}


def test_every_operation_refuses_a_key_without_its_scope_by_name(
    workspace: Workspace, world: World
) -> None:
    others = {
        scope: Program(workspace, [each.value for each in Scope if each.value != scope])
        for scope in {operation.scope for operation in OPERATIONS}
    }
    before = content_of(workspace.id)

    answers = {each: ask(others[each.scope], each, world) for each in OPERATIONS}

    refusals = {op.name: (a.status_code, a.json().get("scope")) for op, a in answers.items()}
    assert refusals == {each.name: (403, each.scope) for each in OPERATIONS}
    assert content_of(workspace.id) == before


def test_every_scope_is_asked_for() -> None:
    besides = {"contacts:numbers", "campaigns:without_consent"}  # in the answer, of a launch

    assert {each.scope for each in OPERATIONS} == {each.value for each in Scope} - besides


def test_what_belongs_to_another_workspace_is_not_there(
    workspace: Workspace, world: World, stranger: Program
) -> None:
    # A pack is the whole installation's: 403, as it is asked first who owns all of it.
    asked = [each for each in OPERATIONS if each.places not in ([], ["version"])]
    before = content_of(workspace.id)

    answers = {each.name: ask(stranger, each, world) for each in asked}

    found = {
        name: (a.status_code, a.content[:200])
        for name, a in answers.items()
        if a.status_code != 404
    }
    assert found == {}
    assert content_of(workspace.id) == before

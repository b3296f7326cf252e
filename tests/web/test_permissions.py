"""Every page, every role that may not have it, and every workspace that it does not belong to."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import URLPattern

from addresses import PATTERNS, address_of, methods_of, page_path
from builders import make_member, make_owner, make_workspace
from content import content_of, unknown_tables
from textwell.accounts.models import Role, User, Workspace
from textwell.accounts.policy import ROLE_PERMISSIONS
from textwell.accounts.types import Permission
from textwell.web.own_urls import DOOR, OWN
from web.page_permissions import FORMS, PAGES
from world import World, make_world

SignIn = Callable[[User], Client]
PUBLIC = {"sign_in", "sign_out", "invitation"}
PUBLIC |= {p.name for p in DOOR}
# Pages about the account of whoever is signed in: no permission of a workspace is asked.
ABOUT_ONESELF = {
    "settings.security",
    "settings.sessions.end",
    "settings.sessions.end_others",
} | {p.name for p in OWN}


@pytest.fixture
def world(workspace: Workspace) -> World:
    """Something of every kind, for the places in addresses."""
    return make_world(workspace=workspace, mark="quixotl", number="+33612345678")


def test_every_page_but_the_door_asks_for_a_permission() -> None:
    open_pages = {p.name for p in PATTERNS if not hasattr(p.callback, "permission")}
    own_pages = {p.name for p in PATTERNS if hasattr(p.callback, "is_own")}

    assert open_pages - own_pages == PUBLIC
    assert own_pages == ABOUT_ONESELF


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda p: p.name)
def test_a_stranger_never_sees_a_page(pattern: URLPattern, client: Client, db: None) -> None:
    if pattern.name in PUBLIC:
        return
    path = address_of(pattern)

    answers = [client.get(path), client.post(path)]

    seen = {(a.status_code, a.headers.get("Location", "").split("?")[0]) for a in answers}
    assert seen - {(405, "")} == {(302, "/sign-in")}


def test_every_page_asks_for_what_it_is_known_to_ask_for() -> None:
    asked = {p.name: p.callback.permission for p in PATTERNS if hasattr(p.callback, "permission")}

    assert asked == PAGES


def test_every_table_is_known_to_belong_to_a_workspace_or_not(db: None) -> None:
    assert unknown_tables() == set()


@pytest.mark.parametrize("role", [role for role in Role if role != Role.OWNER])
def test_a_role_without_the_permission_changes_nothing(
    role: Role, workspace: Workspace, world: World, client_of: SignIn
) -> None:
    client = client_of(make_member(workspace=workspace, role=role))
    before = content_of(workspace.id)
    denied = [p for p in PATTERNS if PAGES.get(p.name) in set(Permission) - ROLE_PERMISSIONS[role]]

    statuses = {
        (p.name, method): client.generic(method, page_path(p, world.ids)).status_code
        for p in denied
        for method in methods_of(p)
    }

    assert statuses
    assert {asked: status for asked, status in statuses.items() if status != 403} == {}
    assert content_of(workspace.id) == before


@pytest.mark.parametrize(("asked", "form"), FORMS)
def test_a_form_that_asks_for_more_than_its_page_changes_nothing(
    asked: tuple[str, Permission],
    form: dict[str, str],
    workspace: Workspace,
    world: World,
    client_of: SignIn,
) -> None:
    name, permission = asked
    (path,) = [page_path(p, world.ids) for p in PATTERNS if p.name == name]
    denied = [
        client_of(make_member(workspace=workspace, role=role))
        for role in Role
        if permission not in ROLE_PERMISSIONS[role]
    ]
    before = content_of(workspace.id)

    statuses = {client.post(path, form).status_code for client in denied}

    assert statuses == {403}
    assert content_of(workspace.id) == before


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_belongs_to_another_workspace_is_not_there(
    method: str, workspace: Workspace, world: World, client_of: SignIn
) -> None:
    stranger = client_of(make_owner(workspace=make_workspace(name="Other")))
    before = content_of(workspace.id)
    asked = [p for p in PATTERNS if of_one_thing(p) and method in methods_of(p)]

    statuses = {
        p.name: stranger.generic(method, page_path(p, world.ids)).status_code for p in asked
    }

    named = re.findall(r"<int:(\w+)>", " ".join(str(p.pattern) for p in asked))
    assert {*named} <= world.ids.keys(), "give the world something of that kind"
    assert {name: status for name, status in statuses.items() if status != 404} == {}
    assert content_of(workspace.id) == before


def of_one_thing(pattern: URLPattern) -> bool:
    """Whether its address names something of a workspace."""
    return "<int:" in str(pattern.pattern) and pattern.name not in ABOUT_ONESELF


VERBS = (
    "pause", "resume", "cancel", "launch", "copy", "test", "opt_out", "stop", "choose", "end",
    "paste", "hide", "change", "rename", "delete", "save", "sample", "remove",
)  # fmt: skip


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda p: p.name)
def test_no_change_comes_by_get(pattern: URLPattern, owner_client: Client) -> None:
    if not pattern.name.endswith(VERBS) or pattern.name == "gateways.choose":
        return
    assert owner_client.get(address_of(pattern)).status_code == 405

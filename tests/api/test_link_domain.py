"""A workspace's link domain, through the API."""

from collections.abc import Callable

import pytest

from api.conftest import Program
from builders import make_workspace
from textwell.core.settings import load_settings
from textwell.links import hosts as actions
from textwell.links.host_check import HostFound
from textwell.links.hosts import set_link_host
from textwell.links.models import LinkHost

pytestmark = pytest.mark.django_db
PATH = "/workspace/link-domain"


def test_it_is_set_checked_changed_and_given_up(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "check_host", lambda _host, _proof: HostFound(True))

    made = program.send("put", PATH, {"host": "Go.Shop.vn"}).json()
    checked = program.post(f"{PATH}/check").json()
    changed = program.send("patch", PATH, {"host": "link.shop.vn"}).json()
    gone = program.send("delete", PATH, None)

    ours = load_settings().link_url + "/"
    states = [(each["host"], each["state"], each["prefix"]) for each in (made, checked, changed)]
    assert states == [
        ("go.shop.vn", "unchecked", ours),
        ("go.shop.vn", "good", "https://go.shop.vn/"),
        ("link.shop.vn", "unchecked", ours),
    ]
    assert (gone.status_code, program.get(PATH).status_code) == (204, 404)


def test_a_change_of_nothing_leaves_it(program: Program) -> None:
    program.send("put", PATH, {"host": "go.shop.vn"})

    assert program.send("patch", PATH, {}).json()["host"] == "go.shop.vn"


def test_a_failing_check_says_why_and_the_mend(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = HostFound(False, "wrong_server", {"status": "404"})
    monkeypatch.setattr(actions, "check_host", lambda _host, _proof: found)
    program.send("put", PATH, {"host": "go.shop.vn"})

    answer = program.post(f"{PATH}/check").json()

    assert (answer["state"], answer["is_used"], answer["code"]) == (
        "failing",
        False,
        "wrong_server",
    )
    problem = "Another server answers at go.shop.vn (status 404), not the edge."
    assert answer["problem"] == problem
    assert answer["mend"].startswith("Let the proxy at 127.0.0.1 take go.shop.vn too")


def test_a_name_of_another_workspace_is_refused_with_field_and_mend(program: Program) -> None:
    set_link_host(workspace=make_workspace(name="Other"), host="go.shop.vn", actor="user:9")

    answer = program.send("put", PATH, {"host": "go.shop.vn"})

    assert answer.status_code == 422
    assert answer.json()["errors"] == [
        {
            "field": "host",
            "problem": "is the link domain of another workspace",
            "mend": "Take another name, or have it removed there.",
        }
    ]
    assert program.get(PATH).status_code == 404


@pytest.mark.parametrize(
    ("method", "path"), [("put", ""), ("patch", ""), ("delete", ""), ("post", "/check")]
)
def test_a_key_without_the_scope_may_not(
    program_with: Callable[..., Program], method: str, path: str
) -> None:
    program = program_with("campaigns:read", "campaigns:write")
    set_link_host(workspace=program.workspace, host="go.shop.vn", actor="user:7")

    assert program.send(method, PATH + path, {"host": "x.shop.vn"}).status_code == 403
    assert LinkHost.objects.get().host == "go.shop.vn"

"""A whole process tree, killed where it hurts."""

import json
import os
import signal
import urllib.error
import urllib.request

import pytest

from runtime.conftest import Tree
from textwell.runtime.rolelist import ROLES, find_role
from textwell.runtime.stores import find_stores
from textwell.runtime.stores.process import command_line, is_alive, wait_until
from textwell.runtime.supervisor import LONGEST_PAUSE_S, STEADY_S, next_pause

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]

START_S = 60


def ask(url: str) -> str:
    try:
        with urllib.request.urlopen(url, timeout=3) as answer:
            return str(answer.read().decode())
    except urllib.error.HTTPError as refused:
        with refused:
            return str(refused.read().decode())
    except OSError:
        return ""


def is_ready(tree: Tree, role: str) -> bool:
    answer = ask(tree.url(find_role(role).metrics_offset, "/readyz"))
    return bool(answer) and bool(json.loads(answer)["ready"])


def wait_for(tree: Tree, *roles: str) -> None:
    for role in roles:
        is_up = wait_until(lambda role=role: is_ready(tree, role), timeout_s=START_S, every_s=0.2)
        assert is_up, f"{role} is not ready:\n{tree.log.read_text()[-3000:]}"


def children(tree: Tree) -> dict[int, str]:
    """Process ids of everything that runs for this tree's supervisor, with their command lines."""
    found = {}
    for entry in os.listdir("/proc"):  # noqa: PTH208 - names are all we need
        if entry.isdigit() and f"TEXTWELL_DATA={tree.settings.data}" in environment(int(entry)):
            found[int(entry)] = command_line(int(entry))
    return found


def environment(pid: int) -> str:
    try:
        with open(f"/proc/{pid}/environ", "rb") as file:  # noqa: PTH123 - a line of a loop
            return file.read().replace(b"\0", b"\n").decode(errors="replace")
    except OSError:
        return ""


def role_pids(tree: Tree, role: str) -> list[int]:
    return [pid for pid, line in children(tree).items() if f" --role {role} " in f"{line.strip()} "]


def test_everything_starts_and_ends_on_sigterm(first_tree: Tree) -> None:
    wait_for(first_tree, *(role.name for role in ROLES))
    pages = [ask(first_tree.url(role.metrics_offset, "/metrics")) for role in ROLES]

    first_tree.process.terminate()
    code = first_tree.process.wait(40)

    assert code == 0
    assert ["textwell_role_started_seconds" in page for page in pages] == [True] * len(ROLES)
    assert [store.pid() for store in find_stores(first_tree.settings).members] == [None, None]
    assert wait_until(lambda: children(first_tree) == {}, timeout_s=5), children(first_tree)
    assert "Warning" not in first_tree.log.read_text()


def test_a_killed_role_is_started_again_and_counted(tree: Tree) -> None:
    wait_for(tree, "worker")
    [before] = role_pids(tree, "worker")

    os.kill(before, signal.SIGKILL)

    assert wait_until(lambda: not is_alive(before), timeout_s=5)
    wait_for(tree, "worker")
    assert role_pids(tree, "worker") != [before]
    page = ask(tree.url(0, "/metrics"))
    assert 'textwell_role_restarts_total{role="worker"} 1.0' in page


def test_roles_leave_and_are_started_again_when_the_fork_server_is_killed(tree: Tree) -> None:
    wait_for(tree, "worker", "scheduler")
    [server] = [pid for pid, line in children(tree).items() if "fork server" in line]
    before = role_pids(tree, "worker")

    os.kill(server, signal.SIGKILL)

    def is_another() -> bool:
        return len(role_pids(tree, "worker")) == 1 and role_pids(tree, "worker") != before

    assert wait_until(is_another, timeout_s=40, every_s=0.2), children(tree)
    wait_for(tree, "worker", "scheduler")


def test_a_killed_store_is_started_again_under_running_roles(tree: Tree) -> None:
    wait_for(tree, "scheduler")
    [pid] = [s.pid() for s in find_stores(tree.settings).members if s.name == "postgres"]
    assert pid is not None

    os.kill(pid, signal.SIGKILL)

    assert wait_until(lambda: not is_alive(pid), timeout_s=5)
    wait_for(tree, "scheduler")
    assert wait_until(lambda: find_stores(tree.settings).dead() == [], timeout_s=20)


def test_roles_leave_when_the_supervisor_is_killed(tree: Tree) -> None:
    wait_for(tree, "web", "edge", "connector")

    tree.process.kill()
    tree.process.wait()

    def none_left() -> bool:
        return not [line for line in children(tree).values() if "textwell" in line]

    assert wait_until(none_left, timeout_s=40, every_s=0.2), children(tree)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_during_the_start_leaves_no_store_behind(tree: Tree, number: signal.Signals) -> None:
    [postgres, _nats] = find_stores(tree.settings).members
    assert wait_until(lambda: postgres.pid() is not None, timeout_s=START_S)

    for _each in range(2):  # as make passes it on
        os.killpg(tree.process.pid, number)

    assert tree.process.wait(60) == 128 + number
    assert wait_until(lambda: children(tree) == {}, timeout_s=5), children(tree)
    assert "Traceback" not in tree.log.read_text()


def test_roles_that_are_just_starting_leave_at_once(tree: Tree) -> None:
    """The forked worker of `web` imports for a second or more, and hears the signal meanwhile."""
    assert wait_until(lambda: len(role_pids(tree, "web")) > 1, timeout_s=START_S, every_s=0.05)

    tree.process.terminate()

    assert tree.process.wait(60) == 0
    assert "refused to gracefully stop" not in tree.log.read_text()
    assert "role killed" not in tree.log.read_text()


@pytest.mark.parametrize(
    ("what", "pause_s", "ran_s", "expected"),
    [
        ("the first death", 0.0, 1.0, 0.5),
        ("the second death", 0.5, 1.0, 1.0),
        ("the pause has a limit", 25.0, 1.0, LONGEST_PAUSE_S),
        ("a steady run forgives", 30.0, STEADY_S, 0.0),
    ],
)
def test_the_pause_before_a_restart(
    what: str, pause_s: float, ran_s: float, expected: float
) -> None:
    assert next_pause(pause_s, ran_s=ran_s) == expected, what

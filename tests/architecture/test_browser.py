"""The finder that `make browser` and the browser tests share."""

from pathlib import Path

import browser
import pytest


@pytest.fixture
def nothing_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(browser, "_playwright_browser", lambda: None)
    monkeypatch.setattr(browser, "attempt", lambda *_command: False)


@pytest.mark.parametrize("name", browser.NAMES)
def test_any_usual_browser_of_the_path_is_found(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    program = tmp_path / name
    program.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert browser.find_browser() == str(program)


def test_without_one_in_the_path_it_is_playwrights_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(browser, "_playwright_browser", lambda: "/own/chrome")

    assert browser.find_browser() == "/own/chrome"


@pytest.mark.parametrize(("value", "code"), [("true", 1), ("", 0)])
def test_a_missing_browser_fails_in_ci_alone(
    nothing_found: None, monkeypatch: pytest.MonkeyPatch, value: str, code: int
) -> None:
    monkeypatch.setenv("CI", value)

    assert browser.main() == code

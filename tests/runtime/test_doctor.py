from pathlib import Path

import pytest
from click.testing import CliRunner

from builders import make_gateway, make_workspace
from textwell.cli.main import command
from textwell.core.bus import Bus
from textwell.core.settings import Settings
from textwell.runtime.doctor import examine
from textwell.runtime.doctor.machine import check_disk, check_settings


def levels(settings: Settings, subject: str) -> list[str]:
    return [found.level for found in examine(settings) if found.subject == subject]


def test_without_stores_each_line_says_what_is_wrong_and_the_mend(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "none", metrics_port=1)
    found = {finding.subject: finding for finding in examine(settings)}

    assert (found["postgres"].level, found["nats"].level) == ("bad", "bad")
    assert found["postgres"].mend.startswith("textwell run starts it")
    assert all(finding.mend for finding in found.values() if finding.level != "ok")
    assert not (tmp_path / "none").exists()


@pytest.mark.django_db(transaction=True)
def test_running_stores_are_fine_but_for_the_test_runs_haste(bus: Bus, conf: Settings) -> None:
    found = list(examine(conf))

    assert [each.subject for each in found if each.level == "ok"].count("stream DLR") == 1
    bad = [each.text for each in found if each.level == "bad"]
    assert bad == [
        "fsync is off: a power cut loses messages",
        "synchronous_commit is off: a power cut loses messages",
        "full_page_writes is off: a power cut loses messages",
        "does not sync every message to disk",
    ]


@pytest.mark.django_db(transaction=True)
def test_a_gateway_that_nobody_serves_is_named(bus: Bus, conf: Settings) -> None:
    make_gateway(workspace=make_workspace(), name="Orange")

    assert levels(conf, "gateway Orange") == ["bad"]


def test_open_doors_are_pointed_out() -> None:
    settings = Settings(bind_host="0.0.0.0", debug=True, public_url="http://sms.example.com")

    mends = [found.mend for found in check_settings(settings) if found.level != "ok"]
    assert [mend.split()[0] for mend in mends] == ["Unset", "Put", "Set"]


def test_a_key_that_others_can_read_is_bad(tmp_path: Path) -> None:
    key = tmp_path / "secret.key"
    key.write_text("k" * 40)
    key.chmod(0o644)

    [found] = [f for f in check_settings(Settings(data=tmp_path)) if f.level == "bad"]
    assert found.mend == f"chmod 600 {key}"


def test_room_on_the_disk_is_told(tmp_path: Path) -> None:
    [found] = check_disk(Settings(data=tmp_path / "not" / "yet"))

    assert f"free at {tmp_path}" in found.text


def test_the_command_fails_when_something_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "textwell.core.settings.load_settings", lambda: Settings(data=tmp_path, metrics_port=1)
    )
    shown = CliRunner().invoke(command, ["doctor"])

    assert (shown.exit_code, "BAD   postgres: does not answer" in shown.output) == (1, True)

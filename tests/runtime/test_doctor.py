import os
import re
import socket
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine

from builders import make_foreign_seal, make_gateway, make_owner, make_workspace
from mmdb import write_mmdb
from textwell.accounts.actions import record_audit
from textwell.core.bus import Bus
from textwell.core.clock import now
from textwell.core.metrics import serve_metrics
from textwell.core.settings import Settings
from textwell.gateways.models import GatewayHealth
from textwell.links.models import LinkHost
from textwell.messaging.models import Batch
from textwell.runtime.doctor import Finding, examine, machine
from textwell.runtime.doctor.bus import check_streams
from textwell.runtime.doctor.database import check_past
from textwell.runtime.doctor.gateways import check_gateways
from textwell.runtime.doctor.geo import check_geo
from textwell.runtime.doctor.hosts import check_link_hosts
from textwell.runtime.doctor.machine import check_disk, check_ports, check_roles, check_settings
from textwell.runtime.ports import free_ports
from textwell.runtime.rolelist import ROLES, SUPERVISOR_OFFSET


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


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["active", "paused"])
def test_a_gateway_whose_secret_cannot_be_read_has_the_mend_without_a_connector(state: str) -> None:
    stored = {"password": make_foreign_seal("secret")}
    make_gateway(workspace=make_workspace(), name="Orange", settings=stored, state=state)

    assert list(check_gateways()) == [
        Finding(
            "bad",
            "gateway Orange",
            "password cannot be read: it was sealed with another signing key",
            "Put the old key back (TEXTWELL_SECRET_KEY or secret.key in the data folder),"
            " or enter the secret again.",
        )
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("provider", "settings", "simulator", "text"),
    [
        ("smpp", {"host": "smsc.example.com"}, True,
         "stands in a sandbox and leads out of it: it is never connected, its texts wait"),
        ("simulator", {"port": 2775}, True,
         "stands in a sandbox and leads out of it: it is never connected, its texts wait"),
        ("simulator", {}, False,
         "stands in a sandbox, and the simulated carrier is switched off: its texts wait"),
        ("simulator", {}, True, "no connector serves it"),
    ],
)  # fmt: skip
def test_what_a_sandbox_keeps_from_being_connected_is_told(
    provider: str,
    settings: dict[str, object],
    *,
    simulator: bool,
    text: str,
    monkeypatch: pytest.MonkeyPatch,
    conf: Settings,
) -> None:
    monkeypatch.setattr(conf, "simulator", simulator)
    workspace = make_workspace(is_sandbox=True)
    make_gateway(workspace=workspace, name="Orange", provider=provider, settings=settings)

    (found,) = check_gateways()

    assert (found.level, found.subject, found.text) == ("bad", "gateway Orange", text)
    assert found.mend


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("error", "text"),
    [
        ("", "no connector serves it"),  # it left in order a moment ago
        ("Nobody listens at a, port 1.", "is not connected: Nobody listens at a, port 1."),
    ],
)
def test_a_gateway_whose_connector_has_left_is_not_blamed(error: str, text: str) -> None:
    gateway = make_gateway(workspace=make_workspace(), name="Orange")
    GatewayHealth.objects.create(gateway=gateway, seen_at=now(), last_error=error)

    (found,) = check_gateways()

    assert found.text == text


@pytest.mark.django_db
def test_settings_of_before_that_are_not_used_now_are_told_with_the_mend() -> None:
    stored = {"host": "smsc.example", "data_coding": 4}
    make_gateway(workspace=make_workspace(), name="Orange", provider="smpp", settings=stored)

    _unserved, told = check_gateways()

    assert (told.level, told.subject) == ("warn", "gateway Orange")
    assert told.text == (
        "Data coding 4 does not mean the GSM alphabet, so plain texts go with 0."
        " Give 0, or with a message class 16 to 19 or 240 to 243"
    )


@pytest.mark.django_db
def test_texts_that_cannot_be_read_are_told_at_their_gateway() -> None:
    gateway = make_gateway(workspace=make_workspace(), name="Orange")
    for problem in ("", "LookupError: campaign 7 is gone"):
        Batch.objects.create(
            workspace_id=gateway.workspace_id, gateway_id=gateway.id, lane="bulk", due_at=now(),
            first_message_id=5, last_message_id=9, marked_id=4, state="leased", problem=problem,
        )  # fmt: skip

    _unserved, told = check_gateways()

    assert (told.level, told.subject) == ("bad", "gateway Orange")
    assert told.text == (
        "batches of texts that cannot be read wait (1): LookupError: campaign 7 is gone"
    )


@pytest.mark.django_db
def test_a_gateway_of_a_kind_that_is_not_installed_is_named() -> None:
    make_gateway(workspace=make_workspace(), name="Orange", provider="pigeon")

    (found,) = check_gateways()

    assert (found.level, found.text) == ("bad", "its kind pigeon is not installed here")
    assert found.mend.startswith("Install the version of Textwell that has it")


@pytest.mark.django_db
def test_a_clock_behind_what_was_written_is_pointed_out() -> None:
    with time_machine.travel(datetime(2031, 5, 6, 7, 8, tzinfo=UTC), tick=False):
        record_audit(workspace_id=1, actor="system", action="gateway.broken")
        assert list(check_past()) == []

    (found,) = check_past()

    assert (found.level, found.subject) == ("warn", "clock")
    assert found.text == (
        "the newest change in the audit log is of 2031-05-06 07:08 UTC, which is to come:"
        " the clock is behind, or was ahead then"
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "level", "text"),
    [
        ({}, "warn", "was never checked, so no link begins with it"),
        (
            {"state": "failing", "problem": "timeout"},
            "warn",
            "No answer from go.shop.vn within 5 seconds",
        ),
        (
            {"state": "good", "problem": "http_only"},
            "warn",
            "It answers over http only, so its links begin with http://",
        ),
        (
            {"state": "good", "checked_at": datetime(2026, 11, 26, tzinfo=UTC)},
            "ok",
            "links arrived when it was checked, 2026-11-26",
        ),
    ],
)
def test_a_link_domain_stands_by_its_last_check(
    values: dict[str, object], level: str, text: str
) -> None:
    LinkHost.objects.create(workspace_id=1, host="go.shop.vn", **values)
    LinkHost.objects.create(
        workspace_id=1, host="old.shop.vn", retired_at=datetime(2026, 1, 1, tzinfo=UTC)
    )

    (found,) = check_link_hosts()

    assert (found.level, found.subject, found.text) == (level, "link domain go.shop.vn", text)
    assert bool(found.mend) is (level != "ok")


@pytest.mark.parametrize(
    ("what", "up", "subjects"),
    [
        ("nothing runs", set(), [("warn", "roles")]),
        ("one role alone", {"web"}, [("warn", "role edge, ingest, connector, worker, scheduler")]),
        ("one ended under textwell run", {"all", "web", "edge", "connector", "worker",
          "scheduler"}, [("bad", "role ingest")]),
    ],
)  # fmt: skip
def test_roles_that_do_not_answer_are_one_line(
    what: str, up: set[str], subjects: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    answering = {role.metrics_offset for role in ROLES if role.name in up}
    answering |= {SUPERVISOR_OFFSET} if "all" in up else set()
    monkeypatch.setattr(
        machine,
        "_ask",
        lambda _conf, offset, _page: {"ready": True} if offset in answering else None,
    )

    found = [each for each in check_roles(Settings()) if each.level != "ok"]

    assert [(each.level, each.subject) for each in found] == subjects
    assert "textwell run" in found[0].mend + found[0].text


def test_open_doors_are_pointed_out() -> None:
    settings = Settings(bind_host="0.0.0.0", debug=True, public_url="http://sms.example.com")

    mends = [found.mend for found in check_settings(settings) if found.level != "ok"]
    assert [mend.split()[0] for mend in mends] == ["Unset", "Put", "Set"]


def test_a_geo_file_is_fine_old_missing_or_none_at_all(tmp_path: Path) -> None:
    texas = {"203.0.113.0/24": {"country": {"iso_code": "US"}}}
    day_s = 86_400
    fresh = write_mmdb(tmp_path / "fresh", texas, built_at=int(time.time()) - 2 * day_s)
    old = write_mmdb(tmp_path / "old", texas, built_at=int(time.time()) - 91 * day_s)
    (tmp_path / "text").write_text("country,region")
    paths = [fresh, old, tmp_path / "none", tmp_path / "text", tmp_path]

    found = [next(check_geo(Settings(geo_file=str(path)))) for path in paths]

    assert [each.level for each in found] == ["ok", "warn", "bad", "bad", "bad"]
    assert found[0].text == f"Test-City, 2 days old, in {fresh}"
    assert list(check_geo(Settings())) == []


def test_a_key_that_may_be_guessed_is_pointed_out() -> None:
    found = [[*check_settings(Settings(secret_key=key))][-1] for key in ("k" * 31, "k" * 32)]

    assert [each.level for each in found] == ["warn", "ok"]
    assert found[0].text == "TEXTWELL_SECRET_KEY has 31 characters: it may be guessed"


def test_a_key_that_others_can_read_is_bad(tmp_path: Path) -> None:
    key = tmp_path / "secret.key"
    key.write_text("k" * 40)
    key.chmod(0o644)

    [found] = [f for f in check_settings(Settings(data=tmp_path)) if f.level == "bad"]
    assert found.mend == f"chmod 600 {key}"


def test_a_key_that_cannot_be_read_has_the_mend(tmp_path: Path) -> None:
    (tmp_path / "secret.key").mkdir(mode=0o700)

    [found] = [f for f in check_settings(Settings(data=tmp_path)) if f.level == "bad"]
    assert found.text.endswith("secret.key cannot be used: Is a directory")
    assert found.mend.startswith("Give the file and its folder to the user")


def test_a_data_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.touch()

    assert [each.text for each in check_disk(Settings(data=path / "sub"))] == [
        f"{path} is no folder"
    ]


def test_room_on_the_disk_is_told(tmp_path: Path) -> None:
    [found] = check_disk(Settings(data=tmp_path / "not" / "yet"))

    assert f"free under {tmp_path}" in found.text


def run_doctor(folder: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    environment = os.environ | free_ports() | {"TEXTWELL_DATA": str(folder)} | variables
    return subprocess.run(
        [sys.executable, "-m", "textwell.cli.main", "doctor"],
        env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def test_every_bad_setting_is_a_finding_and_the_other_checks_are_made(tmp_path: Path) -> None:
    shown = run_doctor(
        tmp_path,
        TEXTWELL_WEB_PORT="99999",
        TEXTWELL_RAW_IP_DAYS="-5",
        TEXTWELL_NATS_REPLICAS="0",
        TEXTWELL_LINK_URL="ftp//bad",
        TEXTWELL_WEBPORT="80",
    )

    begins = [line.split(" must ")[0].split(" Input")[0] for line in shown.stdout.splitlines()]
    for name in ("WEB_PORT", "RAW_IP_DAYS", "NATS_REPLICAS", "LINK_URL"):
        assert f"BAD   settings: TEXTWELL_{name}" in begins, shown.stdout + shown.stderr
    assert "look  settings: TEXTWELL_WEBPORT is no setting: nobody reads it" in shown.stdout
    assert "BAD   postgres: does not run" in shown.stdout
    assert shown.returncode == 1


def test_a_port_of_another_program_is_found(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        shown = run_doctor(tmp_path, TEXTWELL_EDGE_PORT=str(port))

    assert f"BAD   ports edge: TEXTWELL_EDGE_PORT: port {port} is taken" in shown.stdout


def test_a_role_whose_stores_keep_it_waiting_has_its_own_port(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(machine, "ASK_S", 0.2)
    ready = threading.Event()

    def readiness() -> dict[str, str]:
        ready.wait()
        return {}

    server = serve_metrics(0, readiness)
    [ingest] = [role for role in ROLES if role.name == "ingest"]

    settings = Settings(metrics_port=server.port - ingest.metrics_offset)
    shown = [found.subject for found in check_ports(settings)]
    ready.set()
    server.close()

    assert "ports ingest" not in shown


@pytest.mark.django_db(transaction=True)
def test_an_installation_without_an_owner_is_told_how_to_get_one(bus: Bus, conf: Settings) -> None:
    assert levels(conf, "owner") == ["warn"]
    make_owner(workspace=make_workspace())
    assert levels(conf, "owner") == ["ok"]


@pytest.mark.django_db(transaction=True)
def test_the_version_of_nats_is_shown_as_it_is_written(bus: Bus, conf: Settings) -> None:
    found = [
        each.text
        for each in check_streams(conf.model_copy(update={"nats_url": conf.nats_address()}))
    ]

    assert re.match(r"answers, version \d+\.\d+\.\d+; whether", found[0])


def test_the_command_fails_when_something_is_wrong(tmp_path: Path) -> None:
    shown = run_doctor(tmp_path)

    assert (shown.returncode, "BAD   postgres: does not run" in shown.stdout) == (1, True)

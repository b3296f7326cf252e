import errno
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from textwell.core import settings as settings_module
from textwell.core.errors import FieldError
from textwell.core.settings import Settings, load_settings, unknown_variables


def load(monkeypatch: pytest.MonkeyPatch, folder: Path, **variables: str) -> Settings:
    monkeypatch.setenv("TEXTWELL_DATA", str(folder))
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return load_settings.__wrapped__()


def test_the_environment_wins_over_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "textwell.env").write_text("TEXTWELL_WEB_PORT=81\nTEXTWELL_EDGE_PORT=82\n")

    settings = load(monkeypatch, tmp_path, TEXTWELL_WEB_PORT="91")

    assert (settings.web_port, settings.edge_port) == (91, 82)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TEXTWELL_WEB_PORT", "eighty"),
        ("TEXTWELL_LOG_FORMAT", "xml"),
        ("TEXTWELL_NATS_REPLICAS", "three"),
        ("TEXTWELL_NATS_REPLICAS", "0"),
        ("TEXTWELL_WEB_PORT", "99999"),
        ("TEXTWELL_METRICS_PORT", "65530"),
        ("TEXTWELL_RAW_IP_DAYS", "-5"),
        ("TEXTWELL_LINK_URL", "ftp//bad"),
        ("TEXTWELL_PUBLIC_URL", "https://"),
        ("TEXTWELL_MAIL_URL", "pigeon://a"),
        ("DATABASE_URL", "mysql://a/b"),
        ("NATS_URL", "nats://a:4222,http://b"),
        ("NATS_URL", "nats://a:99999"),
    ],
)
def test_a_value_that_cannot_be_used_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, value: str
) -> None:
    with pytest.raises(FieldError, match=name) as caught:
        load(monkeypatch, tmp_path, **{name: value})

    assert caught.value.field == name


@pytest.mark.parametrize(
    ("what", "problem"),
    [("folder", "cannot be read: Is a directory."), ("octets", "is not written in UTF-8.")],
)
def test_a_file_of_settings_that_cannot_be_read_is_named_and_the_rest_counts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, what: str, problem: str
) -> None:
    path = tmp_path / "textwell.env"
    if what == "folder":
        path.mkdir()
    else:
        path.write_bytes(b"TEXTWELL_MAIL_FROM=Caf\xe9")

    with pytest.raises(FieldError) as caught:
        load(monkeypatch, tmp_path, TEXTWELL_WEB_PORT="91")
    monkeypatch.setattr(settings_module, "_leniency", [True])

    assert (caught.value.field, caught.value.problem) == (str(path), problem)
    assert load(monkeypatch, tmp_path, TEXTWELL_WEB_PORT="91").web_port == 91
    assert unknown_variables() == []


def test_a_list_that_is_no_json_says_how(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(FieldError, match="TEXTWELL_ALLOWED_HOSTS") as caught:
        load(monkeypatch, tmp_path, TEXTWELL_ALLOWED_HOSTS="a,b")

    assert caught.value.problem == 'is no list; a list is written ["one", "two"].'


def test_the_signing_key_is_made_once_and_kept_to_ourselves(tmp_path: Path) -> None:
    first = Settings(data=tmp_path).secret_key_value()

    assert Settings(data=tmp_path).secret_key_value() == first
    assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600
    assert len(first) == 64


def keys_of_eight(folder: Path) -> set[str]:
    """What eight that start at once have for a key."""
    start = threading.Barrier(8)

    def ask(_number: int) -> str:
        start.wait()
        return Settings(data=folder).secret_key_value()

    with ThreadPoolExecutor(8) as pool:
        return set(pool.map(ask, range(8)))


def test_processes_that_start_at_once_have_one_signing_key(tmp_path: Path) -> None:
    keys = keys_of_eight(tmp_path / "new")

    assert len(keys) == 1
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["secret.key"]


def test_a_key_that_an_operator_wrote_is_used_as_it_stands(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_text("of an operator's own making\n")

    assert Settings(data=tmp_path).secret_key_value() == "of an operator's own making\n"


def test_a_file_system_without_hard_links_keeps_one_key_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", refuse)

    keys = keys_of_eight(tmp_path / "new")

    assert [len(key) for key in keys] == [64]
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["secret.key"]


def test_the_key_has_its_name_only_when_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_number: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(FieldError, match="cannot be used: No space left on device"):
        Settings(data=tmp_path).secret_key_value()

    assert list(tmp_path.iterdir()) == []


def test_a_key_file_that_cannot_be_read_is_named_with_the_mend(tmp_path: Path) -> None:
    (tmp_path / "secret.key").mkdir()

    with pytest.raises(FieldError, match="to the user that runs Textwell") as caught:
        Settings(data=tmp_path).secret_key_value()

    assert caught.value.problem.endswith("secret.key cannot be used: Is a directory.")


def test_an_empty_key_file_is_refused_with_the_mend(tmp_path: Path) -> None:
    (tmp_path / "secret.key").touch()

    with pytest.raises(FieldError, match="Put the old key back from a backup") as caught:
        Settings(data=tmp_path).secret_key_value()

    assert caught.value.problem == f"is not set, and {tmp_path}/secret.key is empty."


def test_the_addresses_follow_the_ports_unless_they_are_set() -> None:
    moved = Settings(web_port=8300, edge_port=8301)
    public = Settings(web_port=8300, public_url="https://sms.example.com")

    assert (moved.public_url, moved.link_url) == ("http://127.0.0.1:8300", "http://127.0.0.1:8301")
    assert public.public_url == "https://sms.example.com"


def test_a_list_is_read_from_json(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings = load(monkeypatch, tmp_path, TEXTWELL_ALLOWED_HOSTS='["a.test", "b.test"]')

    assert settings.allowed_hosts == ["a.test", "b.test"]


def test_several_servers_of_nats_are_fine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    servers = "nats://a:4222, tls://b:4222,c"

    assert load(monkeypatch, tmp_path, NATS_URL=servers).nats_url == servers


def test_a_misspelt_variable_is_named_with_what_was_meant(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TEXTWELL_DATA", str(tmp_path))
    monkeypatch.setenv("TEXTWELL_WEBPORT", "80")
    monkeypatch.setenv("TEXTWELL_PARENT", "1")
    (tmp_path / "textwell.env").write_text("TEXTWELL_QQ=1\n")

    assert unknown_variables() == [("TEXTWELL_QQ", ""), ("TEXTWELL_WEBPORT", "TEXTWELL_WEB_PORT")]

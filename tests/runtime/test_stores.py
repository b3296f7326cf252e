import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from runtime.conftest import REAL, stop_all
from textwell.core.settings import Settings
from textwell.core.stores import SOCKET_PATH_LIMIT, socket_dir
from textwell.runtime.stores import StoreFailed, Stores, find_stores, open_stores
from textwell.runtime.stores.process import is_alive, wait_until


def write_row(settings: Settings) -> None:
    with psycopg.connect(settings.dsn()) as connection:
        connection.execute("CREATE TABLE bread (loaves int)")
        connection.execute("INSERT INTO bread VALUES (3)")


def read_rows(settings: Settings) -> list[tuple[int, ...]]:
    with psycopg.connect(settings.dsn()) as connection:
        return connection.execute("SELECT loaves FROM bread").fetchall()


def kill(stores: Stores, name: str) -> None:
    """kill -9, and wait until the process is gone."""
    [pid] = [store.pid() for store in stores.members if store.name == name]
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    assert wait_until(lambda: not is_alive(pid), timeout_s=5)


def test_rows_are_there_after_a_stop_and_a_second_start(own: Settings, own_stores: Stores) -> None:
    write_row(own)
    stopped = own_stores.close()

    own_stores.start()

    assert (stopped, read_rows(own)) == (True, [(3,)])


def test_a_killed_postgres_is_started_again_with_its_rows(
    own: Settings, own_stores: Stores
) -> None:
    write_row(own)
    kill(own_stores, "postgres")
    dead = own_stores.dead()

    own_stores.start()

    assert (dead, own_stores.dead(), read_rows(own)) == (["postgres"], [], [(3,)])


def test_a_killed_nats_is_started_again_at_its_port(own: Settings, own_stores: Stores) -> None:
    address = own.nats_address()
    kill(own_stores, "nats")

    own_stores.start()

    assert (own_stores.dead(), own.nats_address()) == ([], address)


def test_a_running_store_is_found_again_and_not_started_twice(
    own: Settings, own_stores: Stores
) -> None:
    before = [store.pid() for store in own_stores.members]

    second = open_stores(own, REAL)

    assert [store.pid() for store in second.members] == before
    assert second.close() is False
    assert own_stores.dead() == []


def test_stores_outlive_a_killed_process_and_are_taken_over(own: Settings) -> None:
    program = (
        "import os\n"
        "from textwell.core.settings import load_settings\n"
        "from textwell.runtime.stores import open_stores\n"
        "open_stores(load_settings())\n"
        "os.kill(os.getpid(), 9)\n"
    )
    environment = os.environ | {"TEXTWELL_DATA": str(own.data)}
    subprocess.run([sys.executable, "-c", program], env=environment, check=False)
    left = [store.pid() for store in find_stores(own).members]

    taken = open_stores(own)

    assert [store.pid() for store in taken.members] == left
    assert None not in left
    assert taken.close() is True
    assert taken.dead() == ["postgres", "nats"]


def test_a_pid_file_whose_number_now_belongs_to_another_program_is_ignored(
    own: Settings, own_stores: Stores
) -> None:
    own_stores.close()
    pid_file = own.data_dir / "pg" / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n{own.data_dir}/pg\n0\n5432\n\n\n0 0\nready\n")
    (own.data_dir / "nats" / "nats.pid").write_text(str(os.getpid()))

    own_stores.start()

    assert own_stores.dead() == []


def test_a_data_folder_with_a_long_path_gets_a_short_socket(tmp_path: Path) -> None:
    data = tmp_path / ("long" * 30)
    settings = Settings(data=data)
    opened = open_stores(settings, REAL)
    write_row(settings)

    assert len(str(socket_dir(data))) < SOCKET_PATH_LIMIT
    assert read_rows(settings) == [(3,)]
    opened.close()
    stop_all(settings)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives its rights away")
def test_as_root_postgres_runs_as_somebody_else_below_a_closed_folder(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    settings = Settings(data=tmp_path / "data")

    opened = open_stores(settings, REAL)

    assert opened.dead() == []
    assert (settings.data_dir / "pg").stat().st_uid != 0
    opened.close()


def test_a_foreign_folder_in_the_place_of_the_data_is_refused(own: Settings) -> None:
    (own.data_dir / "pg").mkdir()
    (own.data_dir / "pg" / "precious.txt").write_text("mine")

    with pytest.raises(StoreFailed, match="holds no PostgreSQL data"):
        open_stores(own, REAL)

    assert (own.data_dir / "pg" / "precious.txt").read_text() == "mine"


def test_with_stores_of_the_operator_nothing_is_started(tmp_path: Path) -> None:
    settings = Settings(
        data=tmp_path, DATABASE_URL="postgresql://u@db.example/x", NATS_URL="nats://bus.example"
    )

    opened = open_stores(settings)

    assert (opened.members, opened.close(), list(tmp_path.iterdir())) == ((), False, [])

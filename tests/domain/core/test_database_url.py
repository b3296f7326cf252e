"""Django and libpq read one URL alike, and reach one database."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from django.db.utils import ConnectionHandler

from textwell.core.database_url import checked_database_url, django_database
from textwell.core.settings import Settings
from textwell.core.stores import socket_dir

ASK = "SELECT current_database(), current_user, current_setting('application_name')"


@pytest.fixture(scope="module")
def folder(conf: Settings, django_db_setup: None) -> Iterator[str]:
    """The socket of the run's own PostgreSQL, which also has a role and database of a rare name."""
    with psycopg.connect(conf.dsn(), autocommit=True) as connection:
        connection.execute('CREATE ROLE "w%w" LOGIN')
        connection.execute('CREATE DATABASE "w%w" TEMPLATE template0')
        yield str(socket_dir(conf.data_dir))
        connection.execute('DROP DATABASE "w%w" WITH (FORCE)')
        connection.execute('DROP ROLE "w%w"')


def ask_django(url: str) -> tuple[object, ...]:
    opened = ConnectionHandler({"default": django_database(url)})["default"]
    with opened.temporary_connection() as cursor:
        cursor.execute(ASK)
        return tuple(cursor.fetchone())


def ask_libpq(url: str) -> tuple[object, ...]:
    with psycopg.connect(url) as connection:
        return connection.execute(ASK).fetchone() or ()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("what", "url", "database", "user"),
    [
        ("socket in the query", "postgresql://textwell@/textwell?host={path}", "textwell", "textwell"),
        ("socket as host", "postgresql://textwell@{coded}/textwell", "textwell", "textwell"),
        ("codes in names", "postgres://%77%25w@{coded}/%77%25w", "w%w", "w%w"),
        ("all in the query", "postgresql:///?host={path}&dbname=textwell&user=w%25w", "textwell", "w%w"),
        ("several hosts", "postgresql://textwell@%2Fnowhere,{coded}/textwell", "textwell", "textwell"),
        ("hosts and ports", "postgresql://textwell@{coded}:1,{coded}:5432/textwell", "textwell",
         "textwell"),
        ("no database", "postgresql://w%25w@{coded}", "w%w", "w%w"),
        ("options", "postgresql://textwell@{coded}/textwell?application_name=mine&connect_timeout=3",
         "textwell", "textwell"),
    ],
)  # fmt: skip
def test_django_and_libpq_reach_the_same_database(
    folder: str, what: str, url: str, database: str, user: str
) -> None:
    url = url.format(path=folder, coded=quote(folder, safe=""))

    assert ask_django(url) == ask_libpq(url)
    assert ask_libpq(url)[:2] == (database, user)


@pytest.mark.django_db
def test_the_environment_names_the_database_that_the_url_does_not(
    folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGDATABASE", "w%w")
    url = f"postgresql://textwell@{quote(folder, safe='')}"

    assert ask_django(url) == ask_libpq(url) == ("w%w", "textwell", "")


@pytest.mark.django_db
def test_a_service_names_the_database(
    folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "services").write_text(f"[sms]\nhost={folder}\ndbname=w%w\nuser=textwell\n")
    monkeypatch.setitem(os.environ, "PGSERVICEFILE", str(tmp_path / "services"))

    assert ask_django("postgresql:///?service=sms") == ask_libpq("postgresql:///?service=sms")


def test_a_password_and_an_option_are_taken_along() -> None:
    found = django_database("postgresql://bob:p%40ss@db.example:5433/sms?sslmode=require")

    assert (found["HOST"], found["PORT"], found["PASSWORD"]) == ("db.example", "5433", "p@ss")
    assert found["OPTIONS"] == {"sslmode": "require"}


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("mysql://bob@db/sms", "must begin with postgresql://"),
        ("postgresql://bob:100%sure@db/sms", "has a % that begins no code; % itself is written %25"),
        ("postgresql://bob:hush@db/sms?ssl=on", 'cannot be read: invalid URI query parameter: "ssl"'),
        ("postgresql://bob:hush@[::1/sms", 'URI: "DATABASE_URL"'),
        ("postgresql://bob:hush/em@db/sms", "in user and password @ is written %40, / %2F, : %3A"),
        ("postgresql://bob:a@hush@db/sms", "in user and password @ is written %40, / %2F, : %3A"),
    ],
)  # fmt: skip
def test_what_libpq_cannot_read_is_refused_without_the_password(url: str, problem: str) -> None:
    with pytest.raises(ValueError, match=f"{re.escape(problem)}$") as caught:
        checked_database_url(url)

    assert "hush" not in str(caught.value)

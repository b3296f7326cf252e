"""DATABASE_URL as libpq reads it, for Django too: both reach the same database."""

from typing import Any

SCHEMES = ("postgresql://", "postgres://")


def checked_database_url(url: str) -> str:
    """The URL; ValueError, without its password, if libpq cannot read it."""
    import psycopg
    from psycopg.conninfo import conninfo_to_dict

    if not url.startswith(SCHEMES):
        raise ValueError("must begin with postgresql://")
    try:
        values = conninfo_to_dict(url)
    except psycopg.ProgrammingError as error:
        if "percent-encoded" in str(error):  # libpq shows what it cannot read: perhaps the password
            raise ValueError("has a % that begins no code; % itself is written %25") from None
        told = str(error).strip().replace(url, "DATABASE_URL")
        raise ValueError(f"cannot be read: {told}") from None
    hosts, ports = str(values.get("host", "")), str(values.get("port", ""))
    numbers = ports.replace(",", "")
    if "@" in hosts or (numbers and not numbers.isdecimal()):
        # Perhaps a part of the password: it is not shown.
        raise ValueError(
            "has a host or port that cannot be one; in user and password @ is written %40, / %2F, : %3A"
        )
    return url


def django_database(url: str) -> dict[str, Any]:  # Any: Django's settings are of every kind
    """Django's settings of the database that libpq reaches by this URL."""
    from psycopg.conninfo import conninfo_to_dict

    values = conninfo_to_dict(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": values.pop("dbname", "") or _default_name(values),
        "USER": values.pop("user", ""),
        "PASSWORD": values.pop("password", ""),
        "HOST": values.pop("host", ""),
        "PORT": values.pop("port", ""),
        "CONN_MAX_AGE": 300,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": values,
    }


def _default_name(values: dict[str, Any]) -> str:
    """What libpq takes where the URL names no database, and Django wants to be told."""
    from psycopg import pq

    if values.get("service"):
        return ""  # the service names it
    known = {each.keyword: each.val for each in pq.Conninfo.get_defaults()}
    found = known.get(b"dbname") or values.get("user") or known.get(b"user") or b""
    return found if isinstance(found, str) else found.decode()

"""What an operator can set, by environment variable or by `textwell.env` in the data folder.

Every field is documented here; `docs/operator/settings.md` is checked against it.
"""

import difflib
import json
import os
import re
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import unquote, urlsplit

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from textwell.core.database_url import checked_database_url, django_database
from textwell.core.errors import FieldError
from textwell.core.saml import build_provider
from textwell.core.signing_key import FILE_NAME, read_or_make_key

PACKAGE_DIR = Path(__file__).resolve().parent.parent
SIMULATOR_OFFSET = 7  # after the supervisor and six roles
SETTINGS_PAGE = "docs/operator/settings.md lists every setting."
OWN_VARIABLES = frozenset({"TEXTWELL_PARENT"})  # set by ourselves for our own processes


def _checked_address(value: str, schemes: tuple[str, ...]) -> str:
    """The address, '' too; ValueError if it cannot be one."""
    parts = urlsplit(value)
    _port = parts.port  # raises ValueError when it is no number up to 65535
    if value and (parts.scheme not in schemes or not parts.hostname):
        begins = " or ".join(f"{scheme}://" for scheme in schemes)
        raise ValueError(f"must begin with {begins} and name a host")
    return value


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="TEXTWELL_", extra="ignore", populate_by_name=True)

    data: Path = Field(
        default=Path("var"), description="Folder for the in-the-box stores, keys and files."
    )
    secret_key: str = Field(
        default="", description="Signing key; made and kept in the data folder if empty."
    )
    debug: bool = Field(
        default=False, description="Django's debug pages. Never on a public machine."
    )
    database_url: str = Field(
        default="",
        alias="DATABASE_URL",
        description="postgresql://… of your own; empty: in the box.",
    )
    nats_url: str = Field(
        default="", alias="NATS_URL", description="nats://… of your own; empty: in the box."
    )
    nats_replicas: int = Field(
        default=1, ge=1, le=5, description="Copies of every stream; 3 on a cluster of your own."
    )
    public_url: str = Field(
        default="",
        description="Where people open the pages; empty: this machine, at the port of the pages.",
    )
    link_url: str = Field(
        default="",
        description="Short links begin with this; empty: this machine, at the edge's port.",
    )
    web_port: int = Field(
        default=8000, ge=1, le=65_535, description="Port of the pages and the API."
    )
    edge_port: int = Field(
        default=8001, ge=1, le=65_535, description="Port of short links and carrier webhooks."
    )
    metrics_port: int = Field(
        default=8002, ge=1, le=65_528, description="First port of /metrics and health of the roles."
    )
    simulator: bool = Field(
        default=True,
        description="Run the simulated carrier beside the roles; the first workspace gets a gateway to it.",
    )
    simulator_port: int = Field(
        default=0,
        ge=0,
        le=65_535,
        description="SMPP port of the simulated carrier, on this machine; 0: seven above the metrics port.",
    )
    bind_host: str = Field(default="127.0.0.1", description="Address that the ports listen on.")
    allowed_hosts: Annotated[list[str], NoDecode] = Field(
        default=["*"], description="Host names that the pages answer to."
    )
    log_format: Literal["console", "json"] = Field(
        default="console", description="For people (console) or for machines (json)."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="The least important lines that are written."
    )
    link_days: int = Field(
        default=365, ge=0, description="Days until a short link ends; 0: they never end."
    )
    mail_url: str = Field(
        default="console:",
        description="How mail leaves: smtp://user:password@host:25, smtp+tls://… (STARTTLS), "
        "smtps://…; console: writes it to the log.",
    )
    mail_from: str = Field(
        default="Textwell <textwell@localhost>", description="Sender of invitations and resets."
    )
    oidc_issuer: str = Field(
        default="", description="OpenID Connect provider, https://…; empty: no such sign-in."
    )
    oidc_client_id: str = Field(default="", description="Textwell's client id at the provider.")
    oidc_client_secret: str = Field(default="", description="The secret that goes with it.")
    oidc_name: str = Field(
        default="Single sign-on", description="What the button of that sign-in says."
    )
    saml_entity_id: str = Field(
        default="", description="Entity ID of a SAML 2.0 identity provider; empty: no such sign-in."
    )
    saml_sso_url: str = Field(
        default="", description="Where that provider takes sign-in requests, https://…"
    )
    saml_cert_file: str = Field(
        default="", description="Path of the certificate (PEM) that the provider signs with."
    )
    saml_name: str = Field(
        default="Company sign-in", description="What the button of the SAML sign-in says."
    )
    raw_ip_days: int = Field(
        default=30, ge=0, description="Days until the raw IP of a click is deleted."
    )
    proof_days: int = Field(
        default=1_827,
        ge=0,
        description="Days until the proof of a text's hand-off is deleted, five years; 0: never.",
    )
    packs: str = Field(
        default="",
        description="Folder of rule packs of your own, beside those that ship; empty: packs in the data"
        " folder.",
    )
    geo_file: str = Field(
        default="",
        description="Path of an MMDB file that says the country and region of a click; empty: none.",
    )
    raw_ip_never_in: Annotated[list[str], NoDecode] = Field(
        default=[],
        description='Countries, as the JSON list ["FR", "CN"], of which no raw IP is kept.',
    )

    webhook_private_targets: bool = Field(
        default=False,
        description="Let webhooks and checks of link domains go inside your own network.",
    )

    @field_validator("allowed_hosts", "raw_ip_never_in", mode="before")
    @classmethod
    def _read_list(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise ValueError('is no list; a list is written ["one", "two"]') from None

    @field_validator("public_url", "link_url", "saml_sso_url")
    @classmethod
    def _check_web_address(cls, value: str) -> str:
        return _checked_address(value, ("http", "https"))

    @field_validator("database_url")
    @classmethod
    def _check_database_address(cls, value: str) -> str:
        return value and checked_database_url(value)

    @field_validator("nats_url")
    @classmethod
    def _check_nats_addresses(cls, value: str) -> str:
        for each in filter(None, (part.strip() for part in value.split(","))):
            address = each if "://" in each else f"nats://{each}"
            _checked_address(address, ("nats", "tls", "ws", "wss"))
        return value

    @model_validator(mode="after")
    def _fill_addresses(self) -> Self:
        self.public_url = self.public_url or f"http://127.0.0.1:{self.web_port}"
        self.link_url = self.link_url or f"http://127.0.0.1:{self.edge_port}"
        self.simulator_port = self.simulator_port or self.metrics_port + SIMULATOR_OFFSET
        return self

    @model_validator(mode="after")
    def _check_mail(self) -> Self:
        parts = urlsplit(self.mail_url)
        if parts.scheme not in {"console", "smtp", "smtp+tls", "smtps"}:
            raise ValueError("must begin with smtp://, smtp+tls://, smtps:// or console:")
        if parts.scheme != "console" and not parts.hostname:
            raise ValueError("must name a host")
        return self

    @property
    def package_dir(self) -> Path:
        return PACKAGE_DIR

    @property
    def data_dir(self) -> Path:
        return self.data.resolve()

    @property
    def is_https(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def trusted_origins(self) -> list[str]:
        parts = urlsplit(self.public_url)
        return [f"{parts.scheme}://{parts.netloc}"]

    @property
    def mail_backend(self) -> str:
        is_console = self.mail_url.startswith("console:")
        return f"django.core.mail.backends.{'console' if is_console else 'smtp'}.EmailBackend"

    def mail_server(self) -> tuple[str, int, str, str]:
        """Host, port, user and password of `mail_url`; the port is the scheme's own if it names none."""
        parts = urlsplit(self.mail_url)
        usual = {"smtps": 465, "smtp+tls": 587}.get(parts.scheme, 25)
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        return parts.hostname or "localhost", parts.port or usual, user, password

    def oidc_providers(self) -> dict[str, Any]:
        """The provider as allauth wants it; nothing without an issuer."""
        if not self.oidc_issuer:
            return {}
        app = {
            "provider_id": "sso",
            "name": self.oidc_name,
            "client_id": self.oidc_client_id,
            "secret": self.oidc_client_secret,
            "settings": {"server_url": self.oidc_issuer},
        }
        return {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}

    def saml_providers(self) -> dict[str, Any]:
        """The SAML provider as allauth wants it; nothing without an entity ID.

        Raises:
            FieldError: what it needs is missing or cannot be used.
        """
        if not self.saml_entity_id:
            return {}
        return build_provider(
            entity_id=self.saml_entity_id,
            sso_url=self.saml_sso_url,
            cert_file=self.saml_cert_file,
            name=self.saml_name,
            public_url=self.public_url,
        )

    def saml_problem(self) -> FieldError | None:
        """Why `saml_providers` cannot be used; None where it can, also without one."""
        try:
            self.saml_providers()
        except FieldError as error:
            return error
        return None

    def secret_key_value(self) -> str:
        """The signing key: set by the operator, or made once and kept readable by us alone.

        Raises:
            FieldError: the file that keeps it is empty.
        """
        return self.secret_key or self._kept_key

    @cached_property
    def _kept_key(self) -> str:
        # Read once a process, as Django does: sealing asks for it thousands of times a second.
        return read_or_make_key(self.data_dir / FILE_NAME)

    def dsn(self) -> str:
        """Libpq connection string of the ledger."""
        if self.database_url:
            return self.database_url
        from textwell.core.stores import embedded_dsn

        return embedded_dsn(self.data_dir)

    def nats_address(self) -> str:
        if self.nats_url:
            return self.nats_url
        from textwell.core.stores import embedded_nats_url

        return embedded_nats_url(self.data_dir)

    def django_database(self) -> dict[str, Any]:
        return django_database(self.dsn())


@cache
def load_settings() -> Settings:
    """Settings of this process, read once: the environment, then `textwell.env` in the data folder.

    Raises:
        FieldError: a value cannot be used; the field is the name of its variable.
    """
    settings, problems = _read()
    if problems and not _leniency:
        raise problems[0]
    return settings


_leniency: list[bool] = []


def load_leniently() -> tuple[Settings, list[FieldError]]:
    """For the doctor: values that cannot be used are told, and count as not set, everywhere here."""
    _leniency.append(True)
    load_settings.cache_clear()
    return load_settings(), _read()[1]


def env_file() -> Path:
    return Path(os.environ.get("TEXTWELL_DATA", "") or "var") / "textwell.env"


def _file_problem(path: Path) -> FieldError | None:
    """Why the settings of a file cannot be read; None also where there is no such file."""
    try:
        path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except UnicodeDecodeError:
        return FieldError(str(path), "is not written in UTF-8.", "Save it in UTF-8.")
    except OSError as error:
        mend = "Give it and its folder to the user that runs Textwell."
        return FieldError(str(path), f"cannot be read: {error.strerror}.", mend)
    return None


def _read() -> tuple[Settings, list[FieldError]]:
    replaced: dict[str, Any] = {}
    unread = _file_problem(env_file())
    problems = [unread] if unread else []
    file = None if unread else env_file()
    while True:
        try:
            # What is given here goes before the environment and the file.
            settings = Settings(_env_file=file, **replaced)  # type: ignore[call-arg]
        except ValidationError as error:
            for each in error.errors():
                place = str(each["loc"][0]) if each["loc"] else ""
                name = _field_name(place) if place else "mail_url"  # checked over the whole
                if name in replaced:
                    continue
                replaced[name] = Settings.model_fields[name].get_default(call_default_factory=True)
                text = each["msg"].removeprefix("Value error, ").rstrip(".")
                problems.append(FieldError(variable_name(name), f"{text}.", SETTINGS_PAGE))
            continue
        # Only the doctor asks here: roles without pages need no provider, and do without its package.
        unusable = settings.saml_problem() if _leniency else None
        if unusable is None:
            return settings, problems
        replaced["saml_entity_id"] = ""
        if unusable.field not in {each.field for each in problems}:
            problems.append(unusable)


def _field_name(place: str) -> str:
    """Pydantic names an aliased field by its alias."""
    aliases = {field.alias: name for name, field in Settings.model_fields.items() if field.alias}
    return aliases.get(place, place)


def unknown_variables() -> list[tuple[str, str]]:
    """TEXTWELL_… that nobody reads, in the environment or the file, each with its likely meaning."""
    known = {variable_name(name) for name in Settings.model_fields}
    path = env_file()
    text = "" if _file_problem(path) or not path.is_file() else path.read_text(encoding="utf-8")
    given = {*os.environ, *re.findall(r"^\s*(?:export\s+)?(\w+)\s*=", text, re.MULTILINE)}
    unknown = sorted(
        name
        for name in given
        if name.upper().startswith("TEXTWELL_") and name.upper() not in known | OWN_VARIABLES
    )
    return [(name, _likely(name, known)) for name in unknown]


def _likely(name: str, known: set[str]) -> str:
    """The setting that was meant, or ''; the common beginning of all names says nothing."""
    ends = {each.removeprefix("TEXTWELL_"): each for each in known}
    found = difflib.get_close_matches(name.upper().removeprefix("TEXTWELL_"), ends, n=1)
    return ends[found[0]] if found else ""


def variable_name(field: str) -> str:
    """The environment variable of a field: `web_port` is `TEXTWELL_WEB_PORT`."""
    known = Settings.model_fields.get(field)
    if known is None or known.alias:
        return field if known is None else str(known.alias)
    return f"TEXTWELL_{field.upper()}"

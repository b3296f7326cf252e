"""Settings, disk and the health pages of the roles."""

import json
import os
import shutil
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from textwell.core.errors import FieldError
from textwell.core.room import ROOM_OCTETS, find_room_problem, room_mend
from textwell.core.settings import SETTINGS_PAGE, Settings, unknown_variables
from textwell.core.signing_key import FILE_NAME, read_or_make_key
from textwell.runtime.doctor.types import Finding, bad, ok, warn
from textwell.runtime.ports import SIMULATOR, SUPERVISOR, Port, ports_of, taken_ports
from textwell.runtime.rolelist import ROLES, SUPERVISOR_OFFSET

GB = 1024**3
LITTLE_DISK_OCTETS = 5 * GB
NO_DISK_OCTETS = GB // 2
ASK_S = 6.0  # a role that says what is wrong waits for both stores first
OWN_ONLY = 0o077
SHORT_KEY = 32
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def check_settings(settings: Settings) -> Iterator[Finding]:
    """What an operator may have set unwisely."""
    for name, meant in unknown_variables():
        mend = f"Did you mean {meant}?" if meant else SETTINGS_PAGE
        yield warn("settings", f"{name} is no setting: nobody reads it", mend)
    is_public = settings.bind_host not in LOOPBACK
    if settings.debug and is_public:
        yield bad("settings", "debug pages are shown to everyone", "Unset TEXTWELL_DEBUG.")
    if is_public and not settings.is_https:
        mend = "Put a proxy with TLS in front and set TEXTWELL_PUBLIC_URL to its https address."
        yield warn("settings", f"pages are served over {settings.public_url}", mend)
    if is_public and "*" in settings.allowed_hosts:
        mend = 'Set TEXTWELL_ALLOWED_HOSTS to a list of names: ["sms.example.com"].'
        yield warn("settings", "any host name is answered", mend)
    yield _key_finding(settings)


def _key_finding(settings: Settings) -> Finding:
    path = settings.data_dir / FILE_NAME
    if 0 < len(settings.secret_key) < SHORT_KEY:
        text = f"TEXTWELL_SECRET_KEY has {len(settings.secret_key)} characters: it may be guessed"
        mend = (
            f"Set {SHORT_KEY} random ones or more. Everybody signs in again then, and secrets of"
            " gateways are entered again."
        )
        return warn("settings", text, mend)
    if settings.secret_key:
        return ok("settings", "the signing key is set by TEXTWELL_SECRET_KEY")
    if not _is_there(path):
        return ok("settings", f"the signing key will be made in {path}")
    if path.stat().st_mode & OWN_ONLY:
        return bad("settings", f"others can read {path}", f"chmod 600 {path}")
    try:
        read_or_make_key(path)
    except FieldError as error:
        return bad("settings", f"{error.field} {error.problem}".rstrip("."), error.mend)
    return ok("settings", f"the signing key is in {path}")


def _is_there(path: Path) -> bool:
    """False also below a folder into which we may not look."""
    try:
        return path.exists()
    except PermissionError:
        return False


def check_disk(settings: Settings) -> Iterator[Finding]:
    """Room where the stores write, and whether we may write there."""
    folder = settings.data_dir
    while not _is_there(folder):
        folder = folder.parent
    if not folder.is_dir():
        mend = f"Set TEXTWELL_DATA to a folder (now {settings.data_dir})."
        yield bad("disk", f"{folder} is no folder", mend)
        return
    if not os.access(folder, os.W_OK):
        mend = f"Give this user the folder, or set TEXTWELL_DATA (now {settings.data_dir})."
        yield bad("disk", f"{folder} cannot be written", mend)
        return
    free = shutil.disk_usage(folder).free
    text = f"{free / GB:.1f} GB free under {folder}"
    mend = f"Free space under {folder}: a full disk stops the stores (no message is lost, none is sent)."
    if free < ROOM_OCTETS:
        yield bad("disk", find_room_problem(settings) or text, room_mend(settings))
    elif free < NO_DISK_OCTETS:
        yield bad("disk", text, mend)
    elif free < LITTLE_DISK_OCTETS:
        yield warn("disk", text, mend)
    else:
        yield ok("disk", text)


def check_roles(settings: Settings) -> Iterator[Finding]:
    """Ask each role of this machine how it is; what is the same for several is said once."""
    *found, whole = _ask_all(settings, "readyz")
    answers = dict(zip(ROLES, found, strict=True))
    silent = [role.name for role, answer in answers.items() if answer is None]
    yield from _silent_findings(silent, is_run=whole is not None)
    troubled: dict[str, list[str]] = {}
    for role, answer in answers.items():
        if answer is None:
            continue
        if answer.get("ready"):
            yield ok(f"role {role.name}", "ready")
        else:
            problems = answer.get("problems")
            for name, what in problems.items() if isinstance(problems, dict) else ():
                text = str(what) if name == role.name else f"{name}: {what}"
                troubled.setdefault(text, []).append(role.name)
    for text, names in troubled.items():  # what all roles say is said once
        mend = "Mend what it names; the log of the role says more."
        yield bad(f"role {', '.join(names)}", f"not ready: {text}", mend)


def _silent_findings(silent: list[str], *, is_run: bool) -> Iterator[Finding]:
    """Roles that do not answer here; `is_run`: a `textwell run` of all roles answers."""
    if len(silent) == len(ROLES) and not is_run:
        mend = (
            "Start them: textwell run (all), or textwell run --role NAME (one of several machines)"
        )
        yield warn("roles", "none runs on this machine", mend)
    elif silent and is_run:
        mend = "It is started again by itself; if it stays away, its log says why it ended."
        yield bad(f"role {', '.join(silent)}", "does not answer, though `textwell run` does", mend)
    elif silent:
        mend = f"Runs elsewhere, or start it: textwell run --role {silent[0]}"
        yield warn(f"role {', '.join(silent)}", "does not run on this machine", mend)


def check_ports(settings: Settings) -> Iterator[Finding]:
    """Ports that a role would need and another program has; a role that lives has its own."""
    *found, whole = _ask_all(settings, "healthz")  # which no store keeps waiting
    up = {role.name for role, answer in zip(ROLES, found, strict=True) if answer is not None}
    if whole is not None:
        up |= {SUPERVISOR, SIMULATOR}
    free = [port for port in ports_of(settings) if port.role not in up]
    taken = taken_ports(settings.bind_host, free)
    for port, what in taken:
        yield bad(f"ports {port.role}", f"{port.variable}: {what}", _port_mend(port))
    if not taken:
        yield ok("ports", "are ours or free")


def _port_mend(port: Port) -> str:
    return f"Stop what listens at {port.number}, or set {port.variable} to another port."


def _ask_all(settings: Settings, page: str) -> list[dict[str, object] | None]:
    """The answers of every role, in their order, and of the supervisor last; asked side by side."""
    offsets = [*(role.metrics_offset for role in ROLES), SUPERVISOR_OFFSET]
    with ThreadPoolExecutor(len(offsets)) as pool:
        return list(pool.map(lambda offset: _ask(settings, offset, page), offsets))


def _ask(settings: Settings, offset: int, page: str) -> dict[str, object] | None:
    """The answer of a page of a role; None if nobody answers."""
    host = "127.0.0.1" if settings.bind_host in {"0.0.0.0", "::"} else settings.bind_host  # noqa: S104 - compared, not bound
    url = f"http://{host}:{settings.metrics_port + offset}/{page}"
    try:
        with urllib.request.urlopen(url, timeout=ASK_S) as answer:
            body = answer.read()
    except urllib.error.HTTPError as refused:
        with refused:
            body = refused.read()
    except OSError:
        return None
    try:
        found = json.loads(body)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None

"""The ports of this machine's roles: asked before anything starts.

The HTTP roles listen with SO_REUSEPORT, so that the kernel would let two installations share one
port and each would get half of the requests. Here each port is bound once without it.
"""

import errno
import secrets
import socket
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass

from textwell.core.errors import FieldError
from textwell.core.settings import Settings
from textwell.runtime.rolelist import ROLES, SUPERVISOR_OFFSET

SUPERVISOR = "supervisor"
SIMULATOR = "simulator"
METRICS_VARIABLE = "TEXTWELL_METRICS_PORT"


@dataclass(frozen=True, slots=True)
class Port:
    """`variable` is the setting that moves it."""

    role: str
    variable: str
    number: int

    @property
    def is_door(self) -> bool:
        """People or carriers come through it; the others show metrics and health."""
        return self.variable != METRICS_VARIABLE


def ports_of(settings: Settings, *, roles: Iterable[str] | None = None) -> Iterator[Port]:
    """Every port that the roles listen on; of all roles and the supervisor without `roles`."""
    wanted = None if roles is None else set(roles)
    listening = (
        Port("web", "TEXTWELL_WEB_PORT", settings.web_port),
        Port("edge", "TEXTWELL_EDGE_PORT", settings.edge_port),
        Port(SUPERVISOR, METRICS_VARIABLE, settings.metrics_port + SUPERVISOR_OFFSET),
        *(
            Port(role.name, METRICS_VARIABLE, settings.metrics_port + role.metrics_offset)
            for role in ROLES
        ),
        *(
            (Port(SIMULATOR, "TEXTWELL_SIMULATOR_PORT", settings.simulator_port),)
            if settings.simulator
            else ()
        ),
    )
    return (port for port in listening if wanted is None or port.role in wanted)


def claim_ports(host: str, ports: Iterable[Port]) -> None:
    """Bind all of them at once and let go again.

    Raises:
        FieldError: one is taken, given twice or not allowed; its field is the variable to change.
    """
    known: dict[int, Port] = {}
    with ExitStack() as held:
        for port in ports:
            first = known.setdefault(port.number, port)
            if first is not port:
                told = f"port {port.number} is that of {first.variable} too, for the role {first.role}."
                raise FieldError(port.variable, told, f"Give the role {port.role} another port.")
            problem = _problem(host, port.number, held)
            if problem == "bind":
                mend = "Set it to an address of this machine, or 127.0.0.1."
                raise FieldError("TEXTWELL_BIND_HOST", f"{host} is no address of ours.", mend)
            if problem:
                mend = f"Stop what listens there, or give the role {port.role} another port."
                raise FieldError(port.variable, f"port {port.number} {problem}.", mend)


def free_ports() -> dict[str, str]:
    """Variables with ports that nobody has now, for one more `textwell run` on this machine.

    Below those that the kernel gives to outgoing connections.
    """
    while True:
        first = secrets.randbelow(11_000) + 20_000
        settings = Settings(web_port=first, edge_port=first + 1, metrics_port=first + 2)
        with suppress(FieldError):
            claim_ports("127.0.0.1", ports_of(settings))
            return {
                "TEXTWELL_WEB_PORT": str(settings.web_port),
                "TEXTWELL_EDGE_PORT": str(settings.edge_port),
                "TEXTWELL_METRICS_PORT": str(settings.metrics_port),
            }


def taken_ports(host: str, ports: Iterable[Port]) -> list[tuple[Port, str]]:
    """Those that could not be bound now, with what is wrong, one by one."""
    found = []
    for port in ports:
        try:
            claim_ports(host, [port])
        except FieldError as error:
            found.append((port, error.problem.rstrip(".")))
    return found


def _problem(host: str, number: int, held: ExitStack) -> str:
    """'' after binding, which lasts until `held` is closed."""
    try:
        addresses = socket.getaddrinfo(host, number, type=socket.SOCK_STREAM)
    except socket.gaierror:
        return "bind"
    for family, kind, protocol, _name, address in addresses:
        link = held.enter_context(socket.socket(family, kind, protocol))
        if family == socket.AF_INET6:
            with suppress(OSError):
                link.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        # Ends of old connections do not count; one who listens does (on Linux and BSD).
        link.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            link.bind(address)
            link.listen(1)
        except OSError as error:
            return _words(error)
    return ""


def _words(error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return "is taken"
    if error.errno == errno.EACCES:
        return "is not allowed for this user"
    return "bind" if error.errno == errno.EADDRNOTAVAIL else f"cannot be used: {error.strerror}"

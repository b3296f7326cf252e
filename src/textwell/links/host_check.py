"""Whether links of a host name would arrive at our edge: asks the name itself, over the network.

Private addresses are refused as for webhooks. Redirects are not followed: a link must arrive itself.
"""

import asyncio
import ssl
from dataclasses import dataclass, field
from secrets import compare_digest
from typing import Final

import aiohttp

from textwell.core.outside import GuardedResolver, PrivateTarget
from textwell.core.settings import load_settings
from textwell.links.host_names import installation_host

PROOF_PATH: Final = "/.well-known/textwell-link"
TIMEOUT_S: Final = 5.0  # for all of it, names and both addresses; a person waits
_LEAST_S: Final = 1.0  # for the addresses, where the names took it all
_MOST_OCTETS: Final = 200


@dataclass(frozen=True, slots=True)
class HostFound:
    """What a check found. `problem` is a word of `host_words`; a good one may have a warning."""

    is_good: bool
    problem: str = ""
    facts: dict[str, str] = field(default_factory=dict)
    scheme: str = "https"


def check_host(host: str, proof: str) -> HostFound:
    """Ask `host` (with its port, if it has one) for its proof; call it in no transaction."""
    return asyncio.run(_check(host, proof))


async def _check(host: str, proof: str) -> HostFound:
    resolver = GuardedResolver(allow_private=load_settings().webhook_private_targets)
    loop = asyncio.get_running_loop()
    until = loop.time() + TIMEOUT_S
    addresses, ours = await asyncio.gather(
        _resolve(resolver, host.partition(":")[0]),
        _resolve(GuardedResolver(allow_private=True), installation_host()),
    )
    if isinstance(addresses, str):
        return HostFound(False, addresses)
    connector = aiohttp.TCPConnector(resolver=resolver, ssl=ssl.create_default_context())
    timeout = aiohttp.ClientTimeout(total=max(_LEAST_S, until - loop.time()))
    jar = aiohttp.DummyCookieJar()
    async with aiohttp.ClientSession(
        connector=connector, timeout=timeout, cookie_jar=jar
    ) as session:
        (secure, facts), (plain, plain_facts) = await asyncio.gather(
            _ask(session, f"https://{host}{PROOF_PATH}", proof),
            _ask(session, f"http://{host}{PROOF_PATH}", proof),
        )
    if not secure:
        return HostFound(True)
    if not plain:
        return HostFound(True, "http_only", facts, "http")
    if secure != "certificate" and not isinstance(ours, str) and ours.isdisjoint(addresses):
        return HostFound(
            False,
            "elsewhere",
            {"found": ", ".join(sorted(addresses)), "expected": ", ".join(sorted(ours))},
        )
    if secure == "no_tls":  # what stands there says more by http
        return HostFound(False, plain, plain_facts)
    return HostFound(False, secure, facts)


async def _resolve(resolver: GuardedResolver, name: str) -> set[str] | str:
    """Its addresses, or the problem."""
    try:
        found = await asyncio.wait_for(resolver.resolve(name), TIMEOUT_S)
    except PrivateTarget:
        return "private"
    except (OSError, TimeoutError, UnicodeError):
        return "unresolved"
    return {each["host"] for each in found}


async def _ask(session: aiohttp.ClientSession, url: str, proof: str) -> tuple[str, dict[str, str]]:
    """The problem and its facts; "" where the proof came."""
    try:
        async with session.get(url, allow_redirects=False) as answer:
            said = await answer.content.read(_MOST_OCTETS)
            if answer.status == 200 and compare_digest(said.strip(), proof.encode()):  # noqa: PLR2004 - the status of a good answer
                return "", {}
            return "wrong_server", {"status": str(answer.status)}
    except aiohttp.ClientConnectorCertificateError as error:
        why = getattr(error.certificate_error, "verify_message", "") or "?"
        return "certificate", {"why": why}
    except aiohttp.ClientSSLError:
        return "no_tls", {}
    except aiohttp.ClientConnectorDNSError:
        return "private", {}
    except TimeoutError:
        return "timeout", {}
    except (aiohttp.ClientError, OSError):
        return "refused", {}

"""NATS: the streams, how durable they are and what waits in them."""

import asyncio
import json
import re
from collections.abc import Iterator

from nats.js.errors import NotFoundError

from textwell.core.bus import Bus, connect_bus
from textwell.core.settings import Settings
from textwell.core.streams import STREAMS, StreamSpec
from textwell.runtime.doctor.types import Finding, bad, ok, warn
from textwell.runtime.readiness import nats_mend, nats_problem

LONG_BACKLOG = 10_000
OWN_MEND = "Start any role: it makes streams and consumers. textwell run"


def check_streams(settings: Settings) -> Iterator[Finding]:
    problem = nats_problem(settings)
    if problem:
        yield bad("nats", f"does not answer: {problem}", nats_mend(settings))
        return
    yield from asyncio.run(_examine(settings))


async def _examine(settings: Settings) -> list[Finding]:
    bus = await connect_bus(name="doctor", timeout_s=5)
    try:
        streams = [await _stream_finding(bus, spec) for spec in STREAMS]
        return [_sync_finding(settings, bus), *streams]
    finally:
        await bus.close()


def _sync_finding(settings: Settings, bus: Bus) -> Finding:
    """Whether an acknowledged message is on disk. The server does not tell, its file does."""
    version = _version_text(bus.client.connected_server_version)
    if settings.nats_url:
        text = f"answers, version {version}; whether it syncs every message cannot be asked"
        mend = 'See that jetstream has sync_interval: "always" (or three replicas).'
        return warn("nats", text, mend)
    conf = settings.data_dir / "nats" / "nats.conf"
    found = re.search(r"sync_interval:\s*(\S+)", conf.read_text()) if conf.exists() else None
    if found is None or found.group(1) != "always":
        return bad("nats", "does not sync every message to disk", "Restart it: textwell run")
    return ok("nats", f"answers, version {version}, sync_interval always")


def _version_text(version: object) -> str:
    """nats-py's own class has no text form."""
    parts = [str(getattr(version, name, "?")) for name in ("major", "minor", "patch")]
    return ".".join(parts)


async def _stream_finding(bus: Bus, spec: StreamSpec) -> Finding:
    subject = f"stream {spec.name}"
    try:
        info = await bus.js.stream_info(spec.name)
        backlog = info.state.messages
        if spec.consumer:
            backlog = await bus.pending_count(spec.name, spec.consumer)
    except NotFoundError as error:
        return bad(subject, f"is missing: {_detail(error)}", OWN_MEND)
    if backlog > LONG_BACKLOG:
        reader = "connector" if spec.name == "SUBMIT" else spec.consumer
        mend = f"Is the role {reader} ready? Start more of it, or look at its log."
        return warn(subject, f"{backlog} messages wait", mend)
    return ok(subject, f"{backlog} messages wait")


def _detail(error: NotFoundError) -> str:
    return str(error.description or json.dumps({"code": error.err_code}))

"""Leg `redirect`: short links under wrk, our edge against a bare 302 under the same server."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from textwell.accounts.models import Workspace
from textwell.cli.bench.figures import LegResult
from textwell.cli.bench.pairs import run_pairs
from textwell.cli.bench.servers import (
    CONNECTIONS,
    NO_WRK,
    SECONDS,
    bare_server,
    edge_role,
    has_wrk,
    load,
    make_streams,
    wait_for_answer,
)
from textwell.core.settings import load_settings
from textwell.links.actions import define_links
from textwell.links.models import LinkRange
from textwell.links.tokens import make_tokens
from textwell.messaging.plan import reserve_block
from textwell.runtime.stores.nats import free_port

LINKS = 20_000
_TARGET = "https://shop.lotus.example/weekend"
_FOUND = 302
# Every connection walks the same list; a token comes again after all the others.
_LUA = """
local paths, n = {{}}, 0
for line in io.lines("{file}") do paths[#paths + 1] = "/" .. line end
request = function() n = n % #paths + 1; return wrk.format("GET", paths[n], phone) end
phone = {{
  ["User-Agent"] = "{agent}",
  ["Accept"] = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
  ["Accept-Language"] = "vi-VN,vi;q=0.9,en;q=0.8",
  ["Accept-Encoding"] = "gzip, deflate, br",
  ["Sec-Fetch-Mode"] = "navigate",
  ["Sec-Fetch-Dest"] = "document",
}}
"""
_PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.5 Mobile/15E148 Safari/604.1"
)


def run_redirect(rounds: int) -> LegResult:
    """Needs running stores; skipped, with the reason, where wrk is not installed."""
    if not has_wrk():
        return LegResult(leg="redirect", skipped=NO_WRK)
    make_streams()
    with _links() as tokens, tempfile.TemporaryDirectory() as folder:
        script = _write_script(Path(folder), tokens)
        ours, twin = free_port(), free_port()
        with edge_role(ours), bare_server(twin, "application"):
            wait_for_answer(ours, "GET", f"/{tokens[0]}", _FOUND)
            wait_for_answer(twin, "GET", f"/{tokens[0]}", _FOUND)
            return _measure(ours, twin, script, rounds)


def _measure(ours: int, twin: int, script: Path, rounds: int) -> LegResult:
    faults: list[str] = []
    spooled = _spooled()
    for port in (ours, twin):
        load(port, script, faults, seconds=1)  # warm, not counted
    pairs = run_pairs(
        lambda: load(ours, script, faults).rate, lambda: load(twin, script, faults).rate, rounds
    )
    if _spooled() - spooled:
        faults.append("the stream was away for a while: clicks went to the spool")
    return LegResult(
        leg="redirect",
        what=f"GET of {LINKS:,} short links, one worker, {CONNECTIONS} connections, {SECONDS} s",
        twin="a fixed 302 as bare RSGI under the same server: no look-up, nothing stored",
        unit="requests/s",
        pairs=pairs,
        entry="HTTP on the edge's port",
        durability="each click stored by the stream before its answer leaves",
        count=int(pairs.ours[0] * SECONDS),
        least=10_000,
        aim=10_000,
        least_ratio=0.3,
        aim_ratio=0.6,
        void="; ".join(faults),
    )


def _spooled() -> set[Path]:
    return set((load_settings().data_dir / "edge" / "spool").glob("*"))


@contextmanager
def _links() -> Iterator[list[str]]:
    """A range of links in a workspace of its own, gone afterwards."""
    workspace = Workspace.objects.create(name="Bench", country="VN", zone="UTC", currency="EUR")
    first, last = reserve_block(LINKS)
    try:
        define_links(
            workspace_id=workspace.id,
            campaign_id=None,
            first_message_id=first,
            last_message_id=last,
            targets=[_TARGET],
        )
        yield make_tokens(bytes(workspace.link_key), range(first, last + 1), 1)
    finally:
        LinkRange.objects.filter(workspace_id=workspace.id).delete()
        workspace.delete()


def _write_script(folder: Path, tokens: list[str]) -> Path:
    (folder / "tokens").write_text("\n".join(tokens) + "\n")
    script = folder / "links.lua"
    script.write_text(_LUA.format(file=folder / "tokens", agent=_PHONE))
    return script

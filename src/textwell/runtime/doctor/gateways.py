"""What keeps each gateway from carrying texts: its own settings first, then what its connector saw."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from textwell.core.clock import now
from textwell.runtime.doctor.types import Finding, bad, ok, warn

if TYPE_CHECKING:  # models want Django set up
    from textwell.gateways.models import Gateway

SILENT_S = 30


def check_gateways() -> Iterator[Finding]:
    """Django must be set up."""
    from textwell.accounts.models import Workspace
    from textwell.gateways.models import Gateway
    from textwell.gateways.selectors import list_cautions
    from textwell.messaging.selectors import count_unread_batches

    gateways = list(
        Gateway.objects.exclude(state="retired").select_related("gatewayhealth").order_by("id")
    )
    if not gateways:
        yield warn("gateways", "there is none", "Add one on the page Gateways.")
    unread = count_unread_batches()
    sandboxes = set(Workspace.objects.filter(is_sandbox=True).values_list("id", flat=True))
    for gateway in gateways:
        subject = f"gateway {gateway.name}"
        faults = list(_check_settings(gateway, subject))
        if gateway.workspace_id in sandboxes:
            faults += _check_sandbox(gateway, subject)
        # A connector cannot say more of one that it cannot even read.
        yield from faults or [_judge(gateway, subject)]
        if gateway.id in unread:
            count, problem = unread[gateway.id]
            text = f"batches of texts that cannot be read wait ({count}): {problem}"
            mend = "Put back what is missing, or cancel their campaign: they are tried again by themselves."
            yield bad(subject, text, mend)
        for caution in list_cautions(gateway):
            mend = "Change that on its page under Gateways; its texts go on meanwhile."
            yield warn(subject, caution.rstrip("."), mend)


def _check_settings(gateway: "Gateway", subject: str) -> Iterator[Finding]:
    from textwell.gateways.registry import find_provider
    from textwell.gateways.settings import list_unreadable

    provider = find_provider(gateway.provider)
    if provider is None:
        mend = "Install the version of Textwell that has it; its messages wait until then."
        yield bad(subject, f"its kind {gateway.provider} is not installed here", mend)
        return
    for problem in list_unreadable(provider, gateway.settings):
        yield bad(subject, f"{problem.field} {problem.problem}".rstrip("."), problem.mend)


def _check_sandbox(gateway: "Gateway", subject: str) -> Iterator[Finding]:
    """What the walls around a sandbox keep from being connected."""
    from textwell.core.settings import load_settings
    from textwell.gateways.sandbox import find_outside

    if find_outside(gateway) is not None:
        text = "stands in a sandbox and leads out of it: it is never connected, its texts wait"
        yield bad(subject, text, "Remove it on the page Gateways, and use the simulated carrier.")
    elif not load_settings().simulator:
        text = "stands in a sandbox, and the simulated carrier is switched off: its texts wait"
        yield bad(subject, text, "Set TEXTWELL_SIMULATOR to true and start again.")


def _judge(gateway: "Gateway", subject: str) -> Finding:
    from textwell.gateways.models import GatewayState
    from textwell.gateways.selectors import is_simulated

    seen = getattr(gateway, "gatewayhealth", None)
    error = seen.last_error if seen is not None else ""
    if gateway.state == GatewayState.PAUSED:
        return warn(subject, "is paused", "Resume it on the page Gateways.")
    if gateway.state == GatewayState.BROKEN:
        mend = "Correct its settings: saving them tries it again."
        return bad(subject, f"gave up: {error}", mend)
    # One that left in order says no more than that it is not bound.
    if seen is None or _is_silent(seen.seen_at) or not (seen.is_bound or error):
        return bad(subject, "no connector serves it", "textwell run --role connector")
    if not seen.is_bound:
        return bad(subject, f"is not connected: {error}", "Check address and credentials.")
    note = "; simulated: its texts reach no phone" if is_simulated(gateway) else ""
    return ok(subject, f"connected by {seen.connector}{note}")


def _is_silent(seen_at: datetime | None) -> bool:
    return seen_at is None or seen_at < now() - timedelta(seconds=SILENT_S)

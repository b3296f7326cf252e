"""The periodic tasks, all of them.

A task runs in a thread, never beside itself, but perhaps once more elsewhere after a change of
leader: it claims by conditional update and is safe to repeat.

To add one: write a plain function in the module that owns the data, and a line here.
"""

from collections.abc import Callable
from dataclasses import dataclass

from textwell.accounts.chain import seal_all
from textwell.accounts.throttle import forget_old_attempts
from textwell.consent.chain.roots import close_days
from textwell.consent.chain.sealing import seal_consents
from textwell.contacts.places import request_places
from textwell.contacts.tracked.actions import forget_old_keys
from textwell.contacts.zones import refresh_zones
from textwell.inbox.failing import let_failed_wait
from textwell.links.hosts import check_due_hosts
from textwell.messaging.proving import forget_old_proofs, sign_proofs
from textwell.privacy.erasing import sweep_erased
from textwell.programmes.asking import expire_unanswered
from textwell.programmes.capturing import forget_captured
from textwell.programmes.guard import forget_attempts
from textwell.programmes.more import ask_for_more
from textwell.programmes.sources import pause_bad_sources
from textwell.programmes.welcoming import welcome_waiting
from textwell.reports.kept import request_due_reports
from textwell.runtime.scheduler.housekeeping import (
    forget_clicks_ips,
    forget_done_counts,
    forget_ended_sessions,
    publish_lost_jobs,
)
from textwell.runtime.scheduler.measuring import measure
from textwell.runtime.scheduler.sending import SENDING_TASKS
from textwell.webhooks.gather import Gatherer, forget_old_happenings


@dataclass(frozen=True, slots=True)
class PeriodicTask:
    """`every_s`: from the beginning of one run to the next. `run` may return anything."""

    name: str
    every_s: float
    run: Callable[[], object]


TASKS: tuple[PeriodicTask, ...] = (
    *(PeriodicTask(name, every_s, run) for name, every_s, run in SENDING_TASKS),
    PeriodicTask("measure", 5.0, measure),
    PeriodicTask("publish_lost_jobs", 5.0, publish_lost_jobs),
    PeriodicTask("forget_clicks_ips", 3600.0, forget_clicks_ips),
    PeriodicTask("forget_done_counts", 3600.0, forget_done_counts),
    PeriodicTask("forget_ended_sessions", 3600.0, forget_ended_sessions),
    PeriodicTask("forget_old_sign_in_attempts", 3600.0, forget_old_attempts),
    PeriodicTask("sweep_erased", 600.0, sweep_erased),
    PeriodicTask("seal_audit", 1.0, seal_all),
    PeriodicTask("seal_consents", 5.0, seal_consents),
    PeriodicTask("close_consent_days", 600.0, close_days),
    PeriodicTask("sign_proofs", 1.0, sign_proofs),
    PeriodicTask("forget_old_proofs", 3600.0, forget_old_proofs),
    PeriodicTask("let_failed_wait", 5.0, let_failed_wait),
    PeriodicTask("gather_webhooks", 1.0, Gatherer().step),
    PeriodicTask("forget_old_happenings", 600.0, forget_old_happenings),
    PeriodicTask("forget_old_event_keys", 3600.0, forget_old_keys),
    PeriodicTask("request_places", 3600.0, request_places),
    PeriodicTask("refresh_zones", 3600.0, refresh_zones),
    PeriodicTask("request_due_reports", 30.0, request_due_reports),
    PeriodicTask("check_due_hosts", 60.0, check_due_hosts),
    PeriodicTask("welcome_waiting", 10.0, welcome_waiting),
    PeriodicTask("expire_unanswered", 60.0, expire_unanswered),
    PeriodicTask("ask_for_more", 60.0, ask_for_more),
    PeriodicTask("pause_bad_sources", 300.0, pause_bad_sources),
    PeriodicTask("forget_attempts", 3600.0, forget_attempts),
    PeriodicTask("forget_captured", 3600.0, forget_captured),
)

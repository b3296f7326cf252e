"""What the scheduler does for sending: publish due batches, wake held messages, end campaigns."""

from django.db import transaction

from textwell.accounts.models import Workspace
from textwell.campaigns.lifecycle import fail_unplanned, finish_campaigns, start_due_campaigns
from textwell.campaigns.selectors import canceled_with_held_ids, sending_campaign_ids
from textwell.core.bus import publish_after_commit
from textwell.core.wire import BatchPointer, encode
from textwell.gateways.doors import publish_all_gateways
from textwell.links.actions import publish_all_ranges
from textwell.links.hosts import publish_all_hosts
from textwell.messaging.actions import (
    CLAIM_LIMIT,
    cancel_held,
    claim_due_batches,
    make_log_leaves,
    submit_subject,
    tidy_held,
    wake_held,
)
from textwell.messaging.late import settle_by_number
from textwell.messaging.way_out import publish_all_speakers


def publish_due_batches() -> int:
    """Pointers of due batches onto the work stream; answers how many.

    A pointer that gets lost after the claim is published again by a later sweep; one published
    twice finds the batch leased.
    """
    published = 0
    while True:
        with transaction.atomic():
            batches = claim_due_batches()
            for batch_id, gateway_id, lane in batches:
                publish_after_commit(
                    submit_subject(gateway_id, lane), encode(BatchPointer(batch_id=batch_id))
                )
        published += len(batches)
        if len(batches) < CLAIM_LIMIT:
            return published


def wake_held_messages() -> int:
    """Held messages whose time has come, of campaigns that send and workspaces not stopped.

    What a connector held while its campaign was being canceled goes no further.
    """
    for campaign_id in canceled_with_held_ids():
        cancel_held(campaign_id=campaign_id)
    stopped = set(Workspace.objects.filter(is_stopped=True).values_list("id", flat=True))
    return wake_held(campaign_ids=sending_campaign_ids(), stopped_workspace_ids=sorted(stopped))


# (name, every so many seconds, what)
SENDING_TASKS = (
    ("publish_due_batches", 0.25, publish_due_batches),
    ("wake_held_messages", 1.0, wake_held_messages),
    ("tidy_held", 60.0, tidy_held),
    ("settle_by_number", 10.0, settle_by_number),
    ("start_due_campaigns", 1.0, start_due_campaigns),
    ("finish_campaigns", 2.0, finish_campaigns),
    ("fail_unplanned", 5.0, fail_unplanned),
    ("make_log_leaves", 3600.0, make_log_leaves),
    # A broker that was lost, or away when a row was made, gets its copies again.
    ("publish_link_ranges", 600.0, publish_all_ranges),
    ("publish_link_hosts", 600.0, publish_all_hosts),
    ("publish_gateways", 600.0, publish_all_gateways),
    ("publish_speakers", 600.0, publish_all_speakers),
)

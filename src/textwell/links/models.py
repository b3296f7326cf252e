"""Short links need no row each: a range of message ids shares one definition. Clicks are rows."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models


class LinkRange(models.Model):
    """Where the links of a block of messages lead; the edge holds these in memory."""

    workspace_id = models.BigIntegerField()
    campaign_id = models.BigIntegerField(null=True)
    first_message_id = models.BigIntegerField()
    last_message_id = models.BigIntegerField()
    targets = models.JSONField(default=list)  # ["https://…?utm…"]: link number n is targets[n - 1]
    expires_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            models.Index(fields=["first_message_id"], name="linkrange_first"),
            models.Index(fields=["campaign_id"], name="linkrange_campaign"),
        ]


class Click(models.Model):
    """One raw request of a short link. `raw_ip` is deleted on schedule."""

    stream_key = models.CharField(
        max_length=40, unique=True
    )  # stream sequence and index: idempotent
    workspace_id = models.BigIntegerField()
    campaign_id = models.BigIntegerField(null=True)
    message_id = models.BigIntegerField()
    link_number = models.SmallIntegerField()
    at = models.DateTimeField()
    method = models.CharField(max_length=8, default="GET")
    kind = models.CharField(max_length=8)  # human | machine | unsure
    kind_reason = models.CharField(max_length=40, blank=True, default="")
    device = models.CharField(max_length=8, blank=True, default="")
    os = models.CharField(max_length=40, blank=True, default="")
    browser = models.CharField(max_length=60, blank=True, default="")
    country = models.CharField(max_length=2, blank=True, default="")  # coarse place, where known
    # State or province in English. The database fills it for writers of the release before.
    region = models.CharField(max_length=80, blank=True, default="", db_default="")
    user_agent = models.TextField(blank=True, default="")
    raw_ip = models.GenericIPAddressField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["campaign_id", "message_id"], name="click_campaign"),
            models.Index(fields=["message_id"], name="click_message"),
            models.Index(
                fields=["at"], name="click_ip_due", condition=models.Q(raw_ip__isnull=False)
            ),
            BrinIndex(fields=["at"], name="click_at", pages_per_range=16),
        ]

"""Short links need no row each: a range of message ids shares one definition. Clicks are rows."""

import secrets

from django.contrib.postgres.indexes import BrinIndex
from django.db import models


def _new_proof() -> str:
    return secrets.token_urlsafe(24)


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


class LinkHost(models.Model):
    """A host name of a workspace's own for its short links.

    One at a time is the present one. Those before it stay, retired: links that people hold go on
    working there.
    """

    workspace_id = models.BigIntegerField()
    host = models.CharField(max_length=260, unique=True)  # as in a URL: lower case, IDNA
    proof = models.CharField(max_length=40, default=_new_proof)  # the edge says it when asked
    state = models.CharField(max_length=9, default="unchecked")  # unchecked | good | failing
    problem = models.CharField(max_length=20, blank=True, default="")  # a word of `host_words`
    facts = models.JSONField(default=dict)  # what the words of the problem name
    scheme = models.CharField(max_length=5, default="https")  # that the last good check came by
    checked_at = models.DateTimeField(null=True)
    good_at = models.DateTimeField(null=True)  # checked good for the first time
    created_at = models.DateTimeField(auto_now_add=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace_id"],
                name="linkhost_present",
                condition=models.Q(retired_at__isnull=True),
            )
        ]

    @property
    def is_used(self) -> bool:
        """Whether new links begin with it."""
        return self.state == "good" and self.retired_at is None

    @property
    def prefix(self) -> str:
        """The beginning of its links, with the slash."""
        return f"{self.scheme}://{self.host}/"


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

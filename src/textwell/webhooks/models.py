"""Endpoints, what happened, and each try to tell it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from textwell.webhooks.bodies import event_id


class Endpoint(models.Model):
    """A program that wants to hear. `form` other than standard: one for each API key, made by itself."""

    workspace_id = models.BigIntegerField()
    name = models.CharField(max_length=120, blank=True, default="")
    form = models.CharField(max_length=10, default="standard")
    url = models.CharField(max_length=500, blank=True, default="")
    kinds = ArrayField(models.CharField(max_length=30), default=list)
    secret = models.TextField(default="")  # sealed: whsec_… or the caller's auth token
    old_secret = models.TextField(blank=True, default="")  # still signs until old_secret_until
    old_secret_until = models.DateTimeField(null=True)
    is_active = models.BooleanField(default=True)
    stopped_reason = models.CharField(max_length=200, blank=True, default="")
    failing_since = models.DateTimeField(null=True)  # no success since; null: all is well
    last_success_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=300, blank=True, default="")
    api_key_id = models.BigIntegerField(null=True)  # forms of other APIs: whose messages
    created_at = models.DateTimeField(auto_now_add=True)
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["workspace_id"], name="endpoint_workspace")]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace_id", "form", "api_key_id"],
                name="endpoint_once_a_key",
                condition=models.Q(api_key_id__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.url


class Happening(models.Model):
    """Something that was gathered once: `source_key` says from which fact. Kept for thirty days."""

    workspace_id = models.BigIntegerField()
    kind = models.CharField(max_length=30)
    source_key = models.CharField(max_length=80)
    message_id = models.BigIntegerField(null=True)
    data = models.JSONField(default=dict)
    at = models.DateTimeField()
    gathered_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace_id", "source_key"], name="happening_once"),
        ]
        indexes = [models.Index(fields=["gathered_at"], name="happening_age")]

    @property
    def event_id(self) -> str:
        """The receiver's key for doing it once; the same at every try."""
        return event_id(self.workspace_id, self.id)


class DeliveryState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    DELIVERED = "delivered", _("Delivered")
    FAILED = "failed", _("Failed")


class Delivery(models.Model):
    """One happening for one endpoint."""

    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE)
    happening = models.ForeignKey(Happening, on_delete=models.CASCADE)
    state = models.CharField(
        max_length=10, choices=DeliveryState.choices, default=DeliveryState.WAITING
    )
    attempt_count = models.IntegerField(default=0)
    next_at = models.DateTimeField(null=True)  # when to try (again); null once it is over
    lease_until = models.DateTimeField(null=True)
    last_status = models.IntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True, default="")
    last_duration_ms = models.IntegerField(default=0)
    last_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "happening"], name="delivery_once"),
        ]
        indexes = [
            models.Index(
                fields=["endpoint", "next_at"],
                name="delivery_open",
                condition=models.Q(state="waiting"),
            ),
            models.Index(
                fields=["endpoint", "-id"],
                name="delivery_failed",
                condition=models.Q(state="failed"),
            ),
            models.Index(fields=["endpoint", "-id"], name="delivery_endpoint"),
        ]


class MessageCallback(models.Model):
    """Where the fate of one message is told, as its sender asked through another vendor's API."""

    message_id = models.BigIntegerField(primary_key=True)
    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE)
    url = models.TextField()
    wants = models.IntegerField(default=0)  # Kannel's dlr-mask


class UnmatchedReport(models.Model):
    """A receipt whose message was not known when it was gathered; looked up again for three days."""

    dlr_id = models.BigIntegerField(primary_key=True)
    seen_at = models.DateTimeField(auto_now_add=True)

"""Rows that belong to no domain: background jobs, small durable cursors, items set aside."""

from django.db import models


class JobState(models.TextChoices):
    WAITING = "waiting"  # published, nobody has it
    RUNNING = "running"  # leased by a worker until lease_until
    STOPPING = "stopping"  # someone asked it to stop; the worker leaves at its next step
    STOPPED = "stopped"  # left at its cursor, can be resumed
    DONE = "done"
    FAILED = "failed"  # error says why; can be resumed


class Job(models.Model):
    """Work longer than a second: it shows progress and can be stopped and resumed.

    The row is the truth; the message on the stream is only a pointer to it.
    """

    workspace_id = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=60)
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.WAITING)
    done_count = models.BigIntegerField(default=0)
    total_count = models.BigIntegerField(default=0)
    cursor = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    error = models.TextField(default="", blank=True)
    attempts = models.IntegerField(default=0)
    leased_by = models.CharField(max_length=80, default="", blank=True)
    lease_until = models.DateTimeField(null=True)
    created_by_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["workspace_id", "-created_at"], name="job_workspace"),
            models.Index(
                fields=["created_at"],
                name="job_open",
                condition=models.Q(state__in=["waiting", "running", "stopping"]),
            ),
        ]


class Cursor(models.Model):
    """How far a fold or sweep has come, by name."""

    name = models.CharField(max_length=60, primary_key=True)
    position = models.BigIntegerField(default=0)
    updated_at = models.DateTimeField(auto_now=True)


class QuarantinedItem(models.Model):
    """One item of a stream that cannot be stored for a reason of its own; see `core.quarantine`."""

    stream = models.CharField(max_length=20)
    subject = models.TextField(blank=True)
    sequence = models.BigIntegerField()
    place = models.IntegerField()
    payload = models.BinaryField()
    error = models.TextField()
    stored_at = models.DateTimeField()  # on the stream
    set_aside_at = models.DateTimeField()

    class Meta:
        constraints = [
            # With the time: a stream that was lost and made again counts from one.
            models.UniqueConstraint(
                fields=["stream", "sequence", "place", "stored_at"], name="quarantine_once"
            )
        ]


class SigningKey(models.Model):
    """A workspace's Ed25519 key; see `core.signing`. Of those not retired there is one."""

    workspace_id = models.BigIntegerField()
    key_id = models.CharField(max_length=16, unique=True)  # of SHA-256 over the public half
    public_key = models.BinaryField()
    sealed_key = models.TextField()  # the private half
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace_id"],
                name="signing_key_present_once",
                condition=models.Q(retired_at=None),
            )
        ]
        indexes = [models.Index(fields=["workspace_id", "-id"], name="signing_key_newest")]

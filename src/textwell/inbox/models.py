"""What people answered (MO), how it was understood, and what was done about it."""

from django.db import models


class Reply(models.Model):
    """One MO. `source_key` makes recording the same MO twice harmless."""

    workspace_id = models.BigIntegerField()
    gateway_id = models.BigIntegerField()
    source_key = models.CharField(max_length=120)
    contact_id = models.BigIntegerField(null=True)
    msisdn = models.CharField(max_length=24)
    recipient = models.CharField(
        max_length=24, blank=True, default=""
    )  # our sender that was answered
    text = models.TextField()
    received_at = models.DateTimeField()
    intent = models.CharField(max_length=12)
    certainty = models.FloatField(default=0)
    language = models.CharField(max_length=8, blank=True, default="")
    message_id = models.BigIntegerField(null=True)  # last MT to this person, which this answers
    campaign_id = models.BigIntegerField(null=True)
    handled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["gateway_id", "source_key"], name="reply_once"),
        ]
        indexes = [
            models.Index(fields=["workspace_id", "-received_at"], name="reply_workspace"),
            models.Index(fields=["workspace_id", "-id"], name="reply_newest"),
            models.Index(fields=["workspace_id", "intent", "-id"], name="reply_intent"),
            models.Index(fields=["campaign_id"], name="reply_campaign"),
            models.Index(fields=["contact_id"], name="reply_contact"),
        ]

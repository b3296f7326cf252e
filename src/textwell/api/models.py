"""Answers kept so that a repeated request gets the same one."""

from django.db import models


class IdempotentAnswer(models.Model):
    """One row per (key of the caller, Idempotency-Key), written with the effect it answers for."""

    api_key_id = models.BigIntegerField()
    key = models.CharField(max_length=255)
    path = models.CharField(max_length=200)
    body_hash = models.CharField(max_length=64)
    status = models.IntegerField(null=True)
    answer = models.JSONField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["api_key_id", "key"], name="idempotency_once"),
        ]
        indexes = [models.Index(fields=["created_at"], name="idempotency_age")]

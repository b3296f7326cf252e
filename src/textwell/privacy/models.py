"""Who asked to be forgotten, until when that is due, and when it was done. No word of who they were."""

from django.db import models


class ErasureRequest(models.Model):
    """Some people who are to be erased: because one asked, or because they are held no longer."""

    workspace_id = models.BigIntegerField()
    actor = models.CharField(max_length=120)
    reason = models.CharField(max_length=200)
    requested_at = models.DateTimeField()
    due_at = models.DateTimeField()  # by law it is to be done by then
    people_count = models.IntegerField()
    done_count = models.IntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    job_id = models.BigIntegerField(null=True)  # of many at once
    swept_at = models.DateTimeField(null=True)  # all of them a second time
    swept = models.JSONField(default=dict)  # what that found: rows by table, and files

    class Meta:
        indexes = [models.Index(fields=["workspace_id", "-id"], name="erasure_request_newest")]


class Erasure(models.Model):
    """One person of a request. Their id names nobody any more once it is done."""

    contact_id = models.BigIntegerField(primary_key=True)
    workspace_id = models.BigIntegerField()
    request = models.ForeignKey(ErasureRequest, on_delete=models.CASCADE, related_name="people")
    erased_at = models.DateTimeField(null=True)  # null: waits
    # What was on its way to a carrier is written down afterwards: it is blanked a second time.
    swept_at = models.DateTimeField(null=True)
    # Until then: by what the second time finds them (`privacy.traces`), sealed.
    sealed = models.TextField(default="")

    class Meta:
        indexes = [
            models.Index(
                fields=["erased_at"],
                name="erasure_unswept",
                condition=models.Q(swept_at=None),
            )
        ]

    def __str__(self) -> str:
        return str(self.contact_id)

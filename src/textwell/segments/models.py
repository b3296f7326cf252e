"""What is kept about groups of people: how many they are."""

from django.db import models


class GroupFigure(models.Model):
    """People of one list or tag when they were last counted; kept for large workspaces only."""

    workspace_id = models.BigIntegerField()
    kind = models.CharField(max_length=4)  # list | tag | all
    key = models.CharField(max_length=60)  # the list's id, the tag, or nothing
    people_count = models.BigIntegerField()
    textable_count = models.BigIntegerField()  # with consent to marketing by SMS, not suppressed
    counted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace_id", "kind", "key"], name="figure_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}: {self.people_count}"

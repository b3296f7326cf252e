"""What is kept of reports: those that take seconds to count."""

from django.db import models

from textwell.campaigns.models import Campaign


class KeptReport(models.Model):
    """The report of a large campaign as it was at `made_at`."""

    campaign = models.OneToOneField(Campaign, on_delete=models.CASCADE, primary_key=True)
    made_at = models.DateTimeField()
    body = models.BinaryField()  # a `types.Report` as JSON

    def __str__(self) -> str:
        return f"report of campaign {self.campaign_id} at {self.made_at:%Y-%m-%d %H:%M:%S}"


class KeptFacts(models.Model):
    """What its messages came to when they had moved so often, see `sums.facts`."""

    campaign = models.OneToOneField(Campaign, on_delete=models.CASCADE, primary_key=True)
    moves = models.CharField(max_length=120)
    body = models.BinaryField()  # rows of `breakdowns.read_facts` as JSON

    def __str__(self) -> str:
        return f"facts of campaign {self.campaign_id}"

"""Configured accounts at providers, the senders they may show, and their health."""

from django.db import models


class GatewayState(models.TextChoices):
    ACTIVE = "active"
    PAUSED = "paused"  # a person switched it off
    BROKEN = "broken"  # the connector gave up (wrong credentials); last_error says why
    RETIRED = "retired"  # never bound again; stays for figures, late receipts and replies


class Gateway(models.Model):
    workspace_id = models.BigIntegerField()
    name = models.CharField(max_length=80)
    provider = models.CharField(max_length=40)  # folder name under gateways/providers/
    settings = models.JSONField(
        default=dict
    )  # declared by the provider; secrets sealed, see actions
    state = models.CharField(
        max_length=8, choices=GatewayState.choices, default=GatewayState.ACTIVE
    )
    segments_per_second = models.FloatField(default=100)  # the contract's rate
    window = models.IntegerField(default=100)  # submits in flight
    price_micros = models.BigIntegerField(default=0)  # per segment, in millionths of the currency
    prices = models.JSONField(
        default=dict
    )  # {"VN": micros}: per country of the number, over price_micros
    currency = models.CharField(max_length=3, default="EUR")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace_id", "name"], name="gateway_once")
        ]

    def __str__(self) -> str:
        return self.name


class GatewayHealth(models.Model):
    """What the connector last saw; written by it about once a second while it changes."""

    gateway = models.OneToOneField(Gateway, on_delete=models.CASCADE, primary_key=True)
    is_bound = models.BooleanField(default=False)
    bound_at = models.DateTimeField(null=True)
    connector = models.CharField(max_length=80, default="")
    submitted_count = models.BigIntegerField(default=0)
    rejected_count = models.BigIntegerField(default=0)
    throttled_count = models.BigIntegerField(default=0)
    unknown_count = models.BigIntegerField(default=0)
    last_error = models.TextField(default="", blank=True)
    seen_at = models.DateTimeField(null=True)


class Sender(models.Model):
    """What the handset shows, and on which gateway it may be used."""

    workspace_id = models.BigIntegerField()
    gateway = models.ForeignKey(Gateway, on_delete=models.CASCADE, related_name="senders")
    value = models.CharField(
        max_length=21
    )  # 3-11 alphanumerics, a long code in E.164, or a short code
    kind = models.CharField(max_length=12)  # alphanumeric | long_code | short_code | toll_free
    country = models.CharField(max_length=2, blank=True, default="")  # empty: every country
    is_active = models.BooleanField(default=True)
    segments_per_second = models.FloatField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["gateway", "value", "country"], name="sender_once"),
        ]

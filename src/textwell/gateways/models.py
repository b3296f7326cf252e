"""Configured accounts at providers, the senders they may show, and their health."""

from django.db import models
from django.utils.translation import gettext_lazy as _


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
    kind = models.CharField(max_length=12)  # of values.SENDER_KINDS
    country = models.CharField(max_length=2, blank=True, default="")  # empty: every country
    is_active = models.BooleanField(default=True)
    segments_per_second = models.FloatField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["gateway", "value", "country"], name="sender_once"),
        ]


class RegistrationState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")  # at the registry; nothing may be sent by it yet
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")
    EXPIRED = "expired", _("Expired")
    SUSPENDED = "suspended", _("Suspended")


class Registration(models.Model):
    """A sender as it is registered in a country for a class of texts, as far as we were told."""

    workspace_id = models.BigIntegerField()
    value = models.CharField(max_length=21)  # the sender's, on whichever gateway
    kind = models.CharField(max_length=12)
    country = models.CharField(max_length=2)
    purpose = models.CharField(max_length=20)  # of registrations.CLASSES
    operator = models.CharField(max_length=60, blank=True, default="")  # empty: all of the country
    state = models.CharField(
        max_length=9, choices=RegistrationState.choices, default=RegistrationState.DRAFT
    )
    reference = models.CharField(max_length=120, blank=True, default="")  # the registry's own
    expires_on = models.DateField(null=True)  # the last day on which it holds
    notes = models.TextField(blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace_id", "value", "country", "purpose", "operator"],
                name="registration_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.value} {self.country} {self.purpose}"


class RegisteredTemplate(models.Model):
    """A text as the registry approved it for a registered sender. Its words never change: see `text`."""

    registration = models.ForeignKey(
        Registration, on_delete=models.CASCADE, related_name="templates"
    )
    name = models.CharField(max_length=120)
    text = models.TextField()  # as `patterns` reads it, whole: with signature and way out
    longest = models.IntegerField()  # characters of a place that does not say
    state = models.CharField(
        max_length=9, choices=RegistrationState.choices, default=RegistrationState.DRAFT
    )
    reference = models.CharField(max_length=120, blank=True, default="")  # the registry's own
    expires_on = models.DateField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["registration", "name"], name="template_once"),
        ]

    def __str__(self) -> str:
        return self.name


class RegistrationDocument(models.Model):
    """A paper of a registration: a letter of authority, the registry's answer."""

    registration = models.ForeignKey(
        Registration, on_delete=models.CASCADE, related_name="documents"
    )
    name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=80)
    size = models.IntegerField()
    sha256 = models.CharField(max_length=64)
    body = models.BinaryField()
    added_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name

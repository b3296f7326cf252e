"""A campaign: what to say, to whom, when, through which gateway."""

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class CampaignState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SCHEDULED = "scheduled", _("Scheduled")  # launched, waits for scheduled_at
    PLANNING = "planning", _("Planning")  # message rows are being made
    SENDING = "sending", _("Sending")
    PAUSED = "paused", _("Paused")
    FINISHED = "finished", _("Finished")  # nothing waits, every receipt is in or past validity
    CANCELED = "canceled", _("Canceled")
    FAILED = "failed", _("Failed")  # the plan could not be made; error says why


OPEN_STATES = (
    CampaignState.SCHEDULED, CampaignState.PLANNING, CampaignState.SENDING, CampaignState.PAUSED,
)  # fmt: skip


class Goal(models.TextChoices):
    DISCOUNT = "discount", _("Discount")
    PRODUCT = "product", _("New product")
    EVENT = "event", _("Event with a date")
    WIN_BACK = "win_back", _("Win back")
    NEWS = "news", _("News")
    SERVICE = "service", _("Service notice")


ENDING_GOALS = (Goal.DISCOUNT, Goal.EVENT)  # are asked when they end: later a text makes no sense


class Metric(models.TextChoices):
    """What a campaign is judged by: the report leads with it. Only what is measured."""

    CLICKS = "clicks", _("People who clicked")
    REPLIES = "replies", _("People who replied")
    DELIVERED = "delivered", _("Texts delivered")
    EVENTS = "events", _("People with an event of yours")  # which one: metric_event


MOST_HELD_OUT = 50  # percent


class Campaign(models.Model):
    workspace_id = models.BigIntegerField()
    name = models.CharField(max_length=120)
    state = models.CharField(
        max_length=10, choices=CampaignState.choices, default=CampaignState.DRAFT
    )
    purpose = models.CharField(max_length=30, default="marketing")  # consent purpose it needs
    # What it is about and for whom, by key: people need to have agreed to just that. "": the general one.
    topic = models.CharField(max_length=40, blank=True, default="", db_default="")
    brand = models.CharField(max_length=40, blank=True, default="", db_default="")
    lane = models.CharField(max_length=6, default="bulk")  # urgent | care | bulk
    goal = models.CharField(max_length=10, choices=Goal, blank=True, default="")  # "": not said
    # When the offer ends or the event begins: nothing is handed off from then on, whatever the goal.
    goal_at = models.DateTimeField(null=True, blank=True)
    metric = models.CharField(max_length=10, choices=Metric, blank=True, default="")  # "": none
    metric_event = models.CharField(max_length=100, blank=True, default="")  # its name
    holdout_percent = models.SmallIntegerField(  # people left out to compare with; 0: nobody
        default=0, validators=[MinValueValidator(0), MaxValueValidator(MOST_HELD_OUT)]
    )
    body = models.TextField(blank=True, default="")  # Liquid
    fallbacks = models.JSONField(
        default=dict
    )  # {"first_name": "friend"}: compulsory for each field used
    # [{"language": "vi", "body": …, "fallbacks": {…}}]: for people of that language, else `body`
    versions = models.JSONField(default=list)
    unaccent = models.BooleanField(default=False)  # Vietnamese without marks, by explicit choice
    replace_characters = models.BooleanField(default=True)  # safe replacements that save segments
    audience = models.JSONField(default=dict)  # segments.types.Audience as JSON
    gateway_id = models.BigIntegerField(null=True)
    sender = models.CharField(max_length=21, blank=True, default="")
    links = models.JSONField(default=list)  # [{"url": "https://…"}]: {{ link }}, {{ link_2 }} …
    utm = models.JSONField(default=dict)  # {"utm_source": "sms", …}
    # The rules about hours by which it was planned (Workspace.law_layer); empty: not planned yet.
    law_layer = models.CharField(max_length=11, blank=True, default="", db_default="")
    cap_count = models.IntegerField(default=0)  # at most this many marketing texts a person …
    cap_hours = models.IntegerField(default=24)  # … in this many hours, over all campaigns; 0: none
    scheduled_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)  # never handed off later than this
    validity_hours = models.IntegerField(default=24)  # how long the carrier may try
    audience_count = models.BigIntegerField(default=0)  # people in the audience, set by the plan
    planned_count = models.BigIntegerField(default=0)
    plan_cursor = models.BigIntegerField(default=0)  # last contact id planned
    first_message_id = models.BigIntegerField(null=True)  # the campaign's block of message ids
    last_message_id = models.BigIntegerField(null=True)
    error = models.TextField(blank=True, default="")
    # Who made or changed it, persons behind API keys too: none of them approves it.
    authors = ArrayField(models.CharField(max_length=120), default=list)
    created_by_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    launched_at = models.DateTimeField(null=True, blank=True)
    first_handoff_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["workspace_id", "-created_at"], name="campaign_workspace"),
            models.Index(fields=["first_message_id"], name="campaign_message_block"),
            # What is under way is little among all that ever was.
            models.Index(
                fields=["workspace_id", "state"],
                name="campaign_open",
                condition=models.Q(state__in=[state.value for state in OPEN_STATES]),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def ends_at(self) -> datetime | None:
        """Nothing is handed off from then on: its expiry or its goal's moment, whichever is first."""
        return min((at for at in (self.expires_at, self.goal_at) if at is not None), default=None)


class ApprovalState(models.TextChoices):
    SUBMITTED = "submitted", _("Waits for approval")
    APPROVED = "approved", _("Approved")
    RETURNED = "returned", _("Returned")  # the reason says what to change
    VOID = "void", _("Changed since")  # an edit after the submission or the approval


class Approval(models.Model):
    """Another person's word on exactly one content of a campaign; the latest of a campaign counts."""

    workspace_id = models.BigIntegerField()
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="approvals")
    state = models.CharField(
        max_length=10, choices=ApprovalState.choices, default=ApprovalState.SUBMITTED
    )
    content_hash = models.CharField(max_length=64)  # of every field that can be edited
    submitted_by = models.CharField(max_length=120)  # actors: user:7, key:3
    submitted_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.CharField(max_length=120, blank=True, default="")
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True, default="")

    class Meta:
        indexes = [
            models.Index(
                fields=["workspace_id"],
                name="approval_waits",
                condition=models.Q(state="submitted"),
            )
        ]


class Stop(models.Model):
    """A press of a workspace's red button and its lifting; rows are never deleted."""

    workspace_id = models.BigIntegerField()
    stopped_by = models.CharField(max_length=120)  # actors: user:7, key:3
    stopped_at = models.DateTimeField()
    reason = models.TextField(blank=True, default="")
    lifted_by = models.CharField(max_length=120, blank=True, default="")
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["workspace_id", "-id"], name="stop_workspace")]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace_id"], condition=models.Q(lifted_at=None), name="stop_one_open"
            )
        ]


class StoppedCampaign(models.Model):
    """A campaign that a stop held; counts of messages at the press, at the lifting once it is over."""

    stop = models.ForeignKey(Stop, on_delete=models.CASCADE, related_name="campaigns")
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="stops")
    planned_count = models.BigIntegerField()  # those left out are none
    handed_count = models.BigIntegerField()  # the carrier took them, or may have
    waiting_count = models.BigIntegerField()

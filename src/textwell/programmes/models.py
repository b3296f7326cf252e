"""Sign-up programmes: what people join, where it is offered, and who joined with what proof."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import pgettext_lazy

from textwell.core.clock import now


class ProgrammeState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("state of a programme", "Draft")
    PUBLISHED = "published", pgettext_lazy("state of a programme", "Published")
    PAUSED = "paused", pgettext_lazy("state of a programme", "Paused")


class Programme(models.Model):
    """What people sign up for: an offer, its terms, and the words that they are shown."""

    workspace_id = models.BigIntegerField()
    name = models.CharField(max_length=120)  # as the team knows it
    brand = models.CharField(max_length=80)  # who texts, as people know it
    offer = models.CharField(max_length=200, blank=True, default="")  # heading of the form
    terms_url = models.CharField(max_length=300, blank=True, default="")
    privacy_url = models.CharField(max_length=300, blank=True, default="")
    contact = models.CharField(max_length=200, blank=True, default="")  # address of the brand
    monthly_count = models.IntegerField(default=4)  # at most so many texts a month are promised
    countries = ArrayField(models.CharField(max_length=2), default=list)
    # The brand wants a confirming answer from everybody; a pack may want it anyway.
    asks_twice = models.BooleanField(default=False)
    min_age = models.IntegerField(default=0)  # 0: nobody is asked for a date of birth
    welcome = models.TextField(blank=True, default="")  # {code} stands for the incentive
    questions = models.JSONField(default=list)  # of the form: see `forms.Question`
    tags = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    # Keys of topics that people may tick, each a consent of its own beside the general one.
    topics = ArrayField(models.CharField(max_length=40), default=list, db_default=[], blank=True)
    frame_hosts = ArrayField(models.CharField(max_length=253), default=list, blank=True)
    low_codes = models.IntegerField(default=50)  # an alarm when fewer are left
    state = models.CharField(
        max_length=9, choices=ProgrammeState.choices, default=ProgrammeState.DRAFT
    )
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace_id", "name"], name="programme_once")
        ]

    def __str__(self) -> str:
        return self.name


class Disclosure(models.Model):
    """One version of what people are shown before they agree, in a country and language. Never changed."""

    workspace_id = models.BigIntegerField()
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="disclosures")
    country = models.CharField(max_length=2)
    language = models.CharField(max_length=8)
    version = models.IntegerField()
    parts = models.JSONField()  # each element's sentence, with places such as {brand}
    text = models.TextField()  # as it was shown
    hash = models.CharField(max_length=64)  # SHA-256 of the text
    created_at = models.DateTimeField(default=now)
    actor = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "country", "language", "version"], name="disclosure_once"
            ),
        ]


class Placement(models.Model):
    """Where a programme is offered: each has its own link, keyword and QR code, and its cost."""

    workspace_id = models.BigIntegerField()
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="placements")
    name = models.CharField(max_length=120)
    code = models.CharField(max_length=16, unique=True)  # in its link
    keyword = models.CharField(max_length=30, blank=True, default="")  # as it is printed
    plain = models.CharField(max_length=30, blank=True, default="")  # as it is compared
    sender = models.CharField(max_length=21, blank=True, default="")  # to which it is sent
    keyword_from = models.DateTimeField(null=True)
    keyword_until = models.DateTimeField(null=True)
    cost_micros = models.BigIntegerField(default=0)  # once, in the workspace's currency
    paused_at = models.DateTimeField(null=True)
    paused_why = models.JSONField(default=dict)  # what a test found; empty: a person paused it
    judged_from = models.DateTimeField(null=True)  # who joined before counts no more in the test
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "name"], name="placement_once"),
        ]
        indexes = [
            models.Index(
                fields=["workspace_id", "plain"],
                name="placement_keyword",
                condition=~models.Q(plain=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SignUpState(models.TextChoices):
    PENDING = "pending", pgettext_lazy("state of a sign-up", "Waits for a yes")
    JOINED = "joined", pgettext_lazy("state of a sign-up", "Joined")
    EXPIRED = "expired", pgettext_lazy("state of a sign-up", "Never answered")
    BARRED = "barred", pgettext_lazy("state of a sign-up", "Opted out before")


class SignUp(models.Model):
    """One person in one programme: how they came, what they were shown, how far they are."""

    workspace_id = models.BigIntegerField()
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="sign_ups")
    placement = models.ForeignKey(Placement, on_delete=models.CASCADE, related_name="sign_ups")
    contact_id = models.BigIntegerField()
    method = models.CharField(max_length=10)  # of `types.METHODS`
    state = models.CharField(max_length=7, choices=SignUpState.choices)
    disclosure = models.ForeignKey(Disclosure, on_delete=models.PROTECT, null=True)
    evidence = models.JSONField(default=dict)
    signed_at = models.DateTimeField()  # on paper, say, long before we were told
    written_at = models.DateTimeField(default=now)  # here, the last time
    asked_at = models.DateTimeField(null=True)  # the confirming text was recorded to go
    ask_message_id = models.BigIntegerField(null=True)
    joined_at = models.DateTimeField(null=True)
    welcomed_at = models.DateTimeField(null=True)
    welcome_message_id = models.BigIntegerField(null=True)
    # Topics ticked later that wait for a yes: see `more`. At `more_at` something is due with them.
    more = models.JSONField(default=dict, db_default={})
    more_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "contact_id"], name="sign_up_once")
        ]
        indexes = [
            models.Index(fields=["contact_id"], name="sign_up_contact"),
            models.Index(fields=["placement", "state"], name="sign_up_placement"),
            models.Index(
                fields=["written_at"], name="sign_up_waiting", condition=models.Q(state="pending")
            ),
            # Those who joined and have no welcome yet: few, looked for every second.
            models.Index(
                fields=["id"],
                name="sign_up_unwelcomed",
                condition=models.Q(state="joined", welcomed_at=None),
            ),
            models.Index(
                fields=["more_at"], name="sign_up_more", condition=models.Q(more_at__isnull=False)
            ),
        ]


class Captured(models.Model):
    """A sign-up that a device sent with a key of its own: the same key again is the same sign-up."""

    workspace_id = models.BigIntegerField()
    key = models.UUIDField()
    sign_up_id = models.BigIntegerField(null=True)  # None only inside the transaction that takes it
    taken_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace_id", "key"], name="captured_once"),
        ]
        indexes = [models.Index(fields=["taken_at"], name="captured_taken_at")]


class IncentiveCode(models.Model):
    """One code of a pool: nobody's, or one person's for ever."""

    workspace_id = models.BigIntegerField()
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="codes")
    code = models.CharField(max_length=60)
    contact_id = models.BigIntegerField(null=True)
    given_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "code"], name="incentive_once"),
            models.UniqueConstraint(
                fields=["programme", "contact_id"],
                name="incentive_of_person",
                condition=models.Q(contact_id__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["programme", "id"],
                name="incentive_free",
                condition=models.Q(contact_id=None),
            ),
        ]


class Attempt(models.Model):
    """How often something asked for a text in a window: the guard against pumped sign-ups."""

    key = models.CharField(max_length=80)  # kind and a hash or the start of a number
    window = models.DateTimeField()
    attempt_count = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "window"], name="attempt_once"),
        ]

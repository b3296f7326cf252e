"""The ledger of messages: rows by plan, outcomes and receipts by append, brought together by a fold.

The tables are created by hand-written SQL in the first migration (partitions by message id, no
index on a column that changes while a campaign is sent); the models here describe them for reads.
"""

from hashlib import sha256

from django.db import models
from django.utils.translation import gettext_lazy as _

from textwell.messaging.states import State


class Message(models.Model):
    """One text to one person: one row per (campaign, contact), unique in the database.

    Ids come in blocks: a campaign's messages are `first_message_id…last_message_id`, so a message
    id alone tells the campaign, the batch and the partition.
    """

    id = models.BigIntegerField(primary_key=True)
    workspace_id = models.BigIntegerField()
    campaign_id = models.BigIntegerField(null=True)  # null: a single message through the API
    contact_id = models.BigIntegerField()
    msisdn = models.CharField(max_length=16)  # as it was when planned
    country = models.CharField(max_length=2)
    state = models.CharField(max_length=12, choices=[(s.value, s.value) for s in State])
    reason = models.CharField(max_length=40, default="")  # why skipped, rejected, undelivered …
    code = models.CharField(max_length=40, default="")  # the carrier's own code
    gateway_id = models.BigIntegerField(null=True)
    sender = models.CharField(max_length=21, default="")
    lane = models.CharField(max_length=6, default="bulk")
    is_counted = models.BooleanField(default=True)  # against caps: marketing, but for test sends
    due_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    segment_count = models.SmallIntegerField(default=0)
    cost_micros = models.BigIntegerField(default=0)
    planned_at = models.DateTimeField()
    handed_at = models.DateTimeField(null=True)  # set: the carrier took it, or may have
    done_at = models.DateTimeField(null=True)  # when its final receipt came, or it ended here

    class Meta:
        managed = False
        db_table = "messaging_message"


class BatchState(models.TextChoices):
    PLANNED = "planned"  # not yet on the work stream
    QUEUED = "queued"  # published, nobody has it
    LEASED = "leased"  # a connector has it until lease_until
    PAUSED = "paused"  # its campaign is paused: nobody may lease it
    DONE = "done"  # every message has an outcome appended
    CANCELED = "canceled"


class Batch(models.Model):
    """Contiguous message ids for one gateway and one due time: the unit that a connector leases.

    `marked_id` is the last message id whose window is marked; above it no byte has left.
    """

    workspace_id = models.BigIntegerField()
    campaign_id = models.BigIntegerField(null=True)
    gateway_id = models.BigIntegerField()
    lane = models.CharField(max_length=6)
    due_at = models.DateTimeField()
    first_message_id = models.BigIntegerField()
    last_message_id = models.BigIntegerField()
    marked_id = models.BigIntegerField()
    state = models.CharField(max_length=8, choices=BatchState.choices, default=BatchState.PLANNED)
    leased_by = models.CharField(max_length=80, default="")
    lease_until = models.DateTimeField(null=True)
    queued_at = models.DateTimeField(null=True)
    attempt_count = models.IntegerField(default=0)
    body = models.TextField(default="", blank=True)  # single messages: the text itself
    extra = models.JSONField(default=dict)  # single messages: purpose, callback, links …
    # Why its content could not be read when it was leased last; it is leased again, ever later.
    problem = models.CharField(max_length=200, default="", db_default="", blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at"],
                name="batch_open",
                condition=models.Q(state__in=["planned", "queued", "leased"]),
            ),
            models.Index(
                fields=["gateway_id"],
                name="batch_gateway_open",
                condition=models.Q(state__in=["planned", "queued", "leased"]),
            ),
            models.Index(fields=["campaign_id"], name="batch_campaign"),
            models.Index(fields=["first_message_id"], name="batch_first"),
        ]


class Window(models.Model):
    """A mark: these messages of a batch may have left. Written before their first byte does."""

    batch_id = models.BigIntegerField()
    first_message_id = models.BigIntegerField()
    last_message_id = models.BigIntegerField()
    connector = models.CharField(max_length=80)
    marked_at = models.DateTimeField(auto_now_add=True)
    is_settled = models.BooleanField(default=False)  # every message of it has an outcome

    class Meta:
        indexes = [
            models.Index(fields=["batch_id"], name="window_batch"),
            models.Index(fields=["first_message_id"], name="window_first"),
        ]


class Outcome(models.Model):
    """What became of a hand-off: append-only, by COPY.

    `provider_key` is a 64-bit hash of the carrier's id in its canonical form: receipts match by it.
    """

    id = models.BigAutoField(primary_key=True)
    message_id = models.BigIntegerField()
    gateway_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    outcome = models.CharField(
        max_length=12
    )  # submitted | rejected | unknown | skipped | held | expired
    reason = models.CharField(max_length=40)
    code = models.CharField(max_length=40)
    provider_message_id = models.CharField(max_length=65)
    provider_key = models.BigIntegerField(null=True)
    segment_count = models.SmallIntegerField()
    encoding = models.CharField(max_length=4)
    cost_micros = models.BigIntegerField()
    text = models.TextField()  # exactly what was handed over
    facts = models.JSONField(null=True)  # what the gate saw, where it did not allow

    class Meta:
        managed = False
        db_table = "messaging_outcome"


class ProofBlock(models.Model):
    """Proofs of up to 32 messages of a workspace as their connector wrote them, then signed together.

    Appended by COPY; the signer fills the last four columns, once. See docs/explain/proof.md.
    """

    id = models.BigAutoField(primary_key=True)
    workspace_id = models.BigIntegerField()
    first_message_id = models.BigIntegerField()
    last_message_id = models.BigIntegerField()  # what lies between need not be in it
    at = models.DateTimeField()  # when the first was judged
    version = models.SmallIntegerField()
    nonce = models.CharField(max_length=22)
    leaves = models.TextField()
    records = models.TextField()
    grounds = models.TextField()
    keys = (
        models.TextField()
    )  # one a leaf, under which its number is hashed; wiped: the key's own hash
    consents = models.TextField(default="")  # event=hash, as they were when it was signed
    key_id = models.CharField(max_length=16, default="")
    signed_at = models.DateTimeField(null=True)
    signature = models.BinaryField(null=True)

    class Meta:
        managed = False
        db_table = "messaging_proof"


class DeliveryReport(models.Model):
    """A DLR as it came: append-only, by COPY; late, doubled and disordered ones are kept."""

    id = models.BigAutoField(primary_key=True)
    gateway_id = models.BigIntegerField()
    message_id = models.BigIntegerField(null=True)  # known at once if the same bind submitted it
    provider_message_id = models.CharField(max_length=65)
    provider_key = models.BigIntegerField()
    state = models.CharField(max_length=12)
    reason = models.CharField(max_length=40)
    code = models.CharField(max_length=40)
    done_at = models.DateTimeField(null=True)  # by the carrier's clock
    received_at = models.DateTimeField()
    msisdn = models.CharField(max_length=21, default="")  # whom it speaks of, if its id is unknown
    submitted_at = models.DateTimeField(null=True)  # by the carrier's clock; as `msisdn`

    class Meta:
        managed = False
        db_table = "messaging_dlr"


class PendingReport(models.Model):
    """A receipt that came before its submit was recorded, or whose id nobody knows (yet)."""

    dlr_id = models.BigIntegerField(primary_key=True)
    gateway_id = models.BigIntegerField()
    provider_key = models.BigIntegerField()
    received_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["provider_key"], name="pending_key"),
            models.Index(fields=["received_at"], name="pending_received"),
        ]


class Held(models.Model):
    """A note that a message is held: found by it when its time comes, without a look at the others."""

    message_id = models.BigIntegerField(primary_key=True)
    campaign_id = models.BigIntegerField()  # of a single message: minus its gateway
    due_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], name="held_due"),
            models.Index(fields=["campaign_id"], name="held_campaign"),
        ]

    def __str__(self) -> str:
        return str(self.message_id)


class Tally(models.Model):
    """Messages of a campaign by state and reason, kept by plan and fold in their transactions.

    Single messages are counted too, under minus the id of their gateway, from their hand-off on.
    """

    pk = models.CompositePrimaryKey("campaign_id", "state", "reason")
    campaign_id = models.BigIntegerField()
    state = models.CharField(max_length=12)
    reason = models.CharField(max_length=40)
    message_count = models.BigIntegerField(default=0)
    segment_count = models.BigIntegerField(default=0)
    cost_micros = models.BigIntegerField(default=0)
    handed_count = models.BigIntegerField(db_default=0)  # of these messages, those with handed_at
    handed_segments = models.BigIntegerField(db_default=0)


class Progress(models.Model):
    """Messages handed off and finished per campaign and five seconds, for curves over time."""

    pk = models.CompositePrimaryKey("campaign_id", "slot_at", "state")
    campaign_id = models.BigIntegerField()
    slot_at = models.DateTimeField()
    state = models.CharField(max_length=12)
    message_count = models.BigIntegerField(default=0)
    handed_count = models.BigIntegerField(db_default=0)  # handed off within this slot
    cost_micros = models.BigIntegerField(db_default=0)  # of those, at the gateway's price


class SavedText(models.Model):
    """A template: a text that a workspace keeps, to begin campaigns with. A campaign copies it."""

    workspace_id = models.BigIntegerField()
    name = models.CharField(max_length=120)
    purpose = models.CharField(max_length=30, default="marketing")
    topic = models.CharField(
        max_length=40, blank=True, default="", db_default=""
    )  # as a campaign's
    brand = models.CharField(max_length=40, blank=True, default="", db_default="")
    body = models.TextField(blank=True, default="")  # Liquid
    fallbacks = models.JSONField(default=dict)
    versions = models.JSONField(default=list)  # as a campaign's
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace_id", "name"], name="saved_text_once")
        ]

    def __str__(self) -> str:
        return self.name


class Promise(models.Model):
    """One version of what a workspace promises in public to the people whom it texts. Never changed."""

    workspace_id = models.BigIntegerField()
    version = models.IntegerField()  # from 1
    code = models.CharField(max_length=16)  # in the page's address, of all versions of a workspace
    most = models.IntegerField()  # marketing texts a person in 31 days; 0: taken back
    document = models.TextField()  # signed, see `messaging.promise_form`
    published_at = models.DateTimeField()
    actor = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace_id", "version"], name="promise_once"),
        ]
        indexes = [models.Index(fields=["code", "version"], name="promise_code")]


class ExceptionState(models.TextChoices):
    """Of a day without our cautious hours. Only what is approved holds."""

    ASKED = "asked", _("Waits for approval")
    APPROVED = "approved", _("Approved")
    RETURNED = "returned", _("Given back")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class ExceptionDay(models.Model):
    """A named day on which the hours that we recommend in a country do not hold; law's always do."""

    workspace_id = models.BigIntegerField()
    country = models.CharField(max_length=2)
    day = models.DateField()  # by the person's clock
    name = models.CharField(max_length=80)
    reason = models.CharField(max_length=500)
    state = models.CharField(
        max_length=9, choices=ExceptionState.choices, default=ExceptionState.ASKED
    )
    asked_by = models.CharField(max_length=80)
    asked_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.CharField(max_length=80, blank=True, default="")
    decided_at = models.DateTimeField(null=True)
    approved_at = models.DateTimeField(null=True)  # stays when it is withdrawn: it held until then
    note = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace_id", "country", "day"],
                condition=models.Q(state__in=["asked", "approved"]),
                name="exception_day_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.country} {self.day} {self.name}"


class LenientReading(models.Model):
    """A disputed rule that a workspace reads the lenient way, and who signed for it, until when."""

    workspace_id = models.BigIntegerField()
    rule = models.CharField(max_length=60)  # as CN:hours
    # The same with the digest of what was signed for (`compliance.disputes.signed_name`): other words of
    # the rule are read the strict way. Of what was signed before this was kept: the name alone.
    signed_name = models.CharField(max_length=80, default="", db_default="")
    says = models.TextField()  # the reading's words, as the pack had them
    signed_by = models.CharField(max_length=120)  # who answers for it, by name
    reason = models.CharField(max_length=500)
    actor = models.CharField(max_length=80)
    chosen_at = models.DateTimeField(auto_now_add=True)
    ended_by = models.CharField(max_length=80, blank=True, default="")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace_id", "rule"],
                condition=models.Q(ended_at=None),
                name="lenient_reading_once",
            )
        ]

    def __str__(self) -> str:
        return self.rule

    @property
    def chosen_name(self) -> str:
        """How the workspace's word of choices has it."""
        return self.signed_name or self.rule


class OwnPack(models.Model):
    """A rule pack put in force for the whole installation. Its file never changes: proofs name its version.

    Taken back, it holds from that day on no more; what was judged by it before was.
    """

    version = models.CharField(max_length=40, unique=True)  # as FR@2026-11-01
    content = models.TextField()  # its file, word for word
    actor = models.CharField(max_length=80)
    activated_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=80, blank=True, default="", db_default="")

    def __str__(self) -> str:
        return self.version

    @property
    def sha256(self) -> str:
        """Of its file."""
        return sha256(self.content.encode()).hexdigest()

    @property
    def file_name(self) -> str:
        """Where its file lies in a folder of packs: FR/2031-01-01.toml."""
        return f"{self.version.replace('@', '/')}.toml"

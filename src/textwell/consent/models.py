"""The consent ledger: append-only events, the state derived from them, suppressions."""

import hashlib

from django.contrib.postgres.fields import ArrayField
from django.db import models

from textwell.core.clock import now


class ConsentKind(models.TextChoices):
    OPT_IN = "opt_in"
    OPT_OUT = "opt_out"


class ConsentEvent(models.Model):
    """One fact about permission, never changed or deleted.

    An opt-in without evidence (source, given_at, wording) is refused by the actions and by a
    database constraint: GDPR art. 7(1) puts the proof on the sender.
    """

    workspace_id = models.BigIntegerField()
    contact_id = models.BigIntegerField()
    channel = models.CharField(max_length=10, default="sms")
    purpose = models.CharField(max_length=30, default="marketing")
    # What of it: "" the general one, "*" (of an opt-out alone) whatever there is. See types.ConsentScope.
    topic = models.CharField(max_length=40, default="", db_default="")
    brand = models.CharField(max_length=40, default="", db_default="")
    sender = models.CharField(max_length=21, default="", db_default="")
    kind = models.CharField(max_length=8, choices=ConsentKind.choices)
    # How it was given, of BASES of the imports; "": not said.
    basis = models.CharField(max_length=15, default="", db_default="")
    given_at = models.DateTimeField()  # when the person said it
    recorded_at = models.DateTimeField(auto_now_add=True)
    source = models.CharField(max_length=200)  # form, keyword, import file, page, API key
    wording = models.TextField(blank=True, default="")  # what the person was shown or wrote
    wording_version = models.CharField(max_length=40, default="", db_default="")
    wording_hash = models.BinaryField(null=True)  # SHA-256 of what was shown; null: of before 1.0
    language = models.CharField(max_length=8, default="", db_default="")  # BCP 47, of the wording
    evidence = models.JSONField(default=dict)
    actor = models.CharField(max_length=120)
    import_run_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["contact_id", "given_at"], name="consent_contact"),
            # Reports look for opt-outs, which are few among all that people said.
            models.Index(
                fields=["workspace_id", "given_at"],
                name="consent_opt_out",
                condition=models.Q(kind="opt_out"),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="opt_in_has_evidence",
                condition=models.Q(kind="opt_out") | (~models.Q(source="") & ~models.Q(wording="")),
            ),
            models.CheckConstraint(
                name="opt_in_has_one_scope",
                condition=models.Q(kind="opt_out")
                | (~models.Q(topic="*") & ~models.Q(brand="*") & ~models.Q(sender="*")),
            ),
        ]

    @property
    def wording_sha256(self) -> str:
        """Of what the person was shown, as hex; "" of an opt-out."""
        if self.kind == ConsentKind.OPT_OUT:
            return ""
        digest = self.wording_hash or hashlib.sha256(self.wording.encode()).digest()
        return bytes(digest).hex()


class WithdrawnImport(models.Model):
    """A fact about an import: it was taken back. Its consent events stay written and count no more."""

    import_run_id = models.BigIntegerField(primary_key=True)
    workspace_id = models.BigIntegerField()
    withdrawn_at = models.DateTimeField()
    actor = models.CharField(max_length=120)


class ConsentState(models.Model):
    """Current answer per person, channel, purpose and scope; derived, can be rebuilt from events.

    One row never implies another: who agreed to a topic agreed to no other, nor to the general one.
    """

    pk = models.CompositePrimaryKey("contact_id", "channel", "purpose", "topic", "brand", "sender")
    workspace_id = models.BigIntegerField()
    contact_id = models.BigIntegerField()
    channel = models.CharField(max_length=10)
    purpose = models.CharField(max_length=30)
    topic = models.CharField(max_length=40, default="", db_default="")
    brand = models.CharField(max_length=40, default="", db_default="")
    sender = models.CharField(max_length=21, default="", db_default="")
    is_granted = models.BooleanField()
    basis = models.CharField(max_length=15, default="", db_default="")  # as its event's
    event_id = models.BigIntegerField()
    since = models.DateTimeField()


class Topic(models.Model):
    """What a workspace writes about, as people agree to it: offers, stock, events."""

    workspace_id = models.BigIntegerField()
    key = models.CharField(max_length=40)  # small letters, digits and _; never changes
    name = models.CharField(max_length=80)
    description = models.CharField(max_length=300, blank=True, default="")
    # People agree to it from one sender: from another it needs another yes.
    is_per_sender = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=now)
    closed_at = models.DateTimeField(null=True)  # since then no yes and no text names it

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace_id", "key"], name="topic_once"),
        ]


class Brand(models.Model):
    """A name under which a workspace writes, where it has several."""

    workspace_id = models.BigIntegerField()
    key = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    created_at = models.DateTimeField(default=now)
    closed_at = models.DateTimeField(null=True)  # since then no yes and no text names it

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace_id", "key"], name="brand_once"),
        ]


class SuppressionReason(models.Model):
    """One reason why a number must not be texted, whoever it belongs to and whatever consent says.

    A number may have several, each lifted by itself; it is texted again when none is left.
    """

    workspace_id = models.BigIntegerField()
    msisdn = models.CharField(max_length=16)
    reason = models.CharField(max_length=40)  # of `consent.types.SUPPRESSION_RANK`
    note = models.TextField(blank=True, default="")
    source = models.CharField(
        max_length=200, blank=True, default=""
    )  # page, API, of an opt-out: its own
    actor = models.CharField(max_length=120, blank=True, default="")
    since = models.DateTimeField(default=now)  # of an opt-out: when the person said it

    class Meta:
        indexes = [
            models.Index(fields=["workspace_id", "id"], name="suppression_listed"),
            models.Index(fields=["workspace_id", "reason", "id"], name="suppression_by_reason"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace_id", "msisdn", "reason"], name="suppression_reason_once"
            ),
        ]


class SharingGroup(models.Model):
    """Workspaces of one company that tell each other which numbers not to text.

    Its row is locked before anything that depends on who belongs to it.
    """

    created_at = models.DateTimeField(default=now)


class SharingMember(models.Model):
    """A workspace in a group, and what it tells the others: `reasons`, of `consent.types.SHAREABLE`."""

    workspace_id = models.BigIntegerField(primary_key=True)  # in one group at most
    group = models.ForeignKey(SharingGroup, on_delete=models.CASCADE, related_name="members")
    reasons = ArrayField(models.CharField(max_length=40))
    joined_at = models.DateTimeField(default=now)


class SharingCode(models.Model):
    """A way into a group, made by one of its workspaces for another: works once, for a day."""

    workspace_id = models.BigIntegerField(db_index=True)
    group = models.ForeignKey(SharingGroup, on_delete=models.CASCADE, related_name="codes")
    code_hash = models.CharField(max_length=64, unique=True)  # SHA-256 of a 32-octet random code
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class Suppression(models.Model):
    """A number that has a reason not to be texted, with the foremost: all that gate and plan look up.

    Derived from the reasons in the transaction that changes them, whose row here is locked first.
    """

    workspace_id = models.BigIntegerField()
    msisdn = models.CharField(max_length=16)
    reason = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace_id", "msisdn"], name="suppression_once"),
        ]


class Pause(models.Model):
    """A person hears no marketing until a moment; what they agreed to stays and counts again then.

    One row a person and channel, the latest that was said; past `until` it means nothing.
    """

    pk = models.CompositePrimaryKey("contact_id", "channel")
    workspace_id = models.BigIntegerField()
    contact_id = models.BigIntegerField()
    channel = models.CharField(max_length=10, default="sms")
    until = models.DateTimeField()
    since = models.DateTimeField()  # when it was set
    source = models.CharField(max_length=200)  # reply, page, API
    actor = models.CharField(max_length=120)


class PreferenceChoice(models.TextChoices):
    """By which way a person wants to hear from the workspace."""

    SMS = "sms"
    EMAIL = "email"
    EITHER = "either"  # by one of them: the same thing never by both
    BOTH = "both"


class PreferenceEvent(models.Model):
    """One fact about the way that a person chose; never changed, deleted when they are erased."""

    workspace_id = models.BigIntegerField()
    contact_id = models.BigIntegerField(db_index=True)
    choice = models.CharField(max_length=6, choices=PreferenceChoice.choices)
    given_at = models.DateTimeField()  # when the person said it
    recorded_at = models.DateTimeField(default=now)
    source = models.CharField(max_length=200)
    wording = models.TextField(blank=True, default="")  # what they were asked, or wrote
    evidence = models.JSONField(default=dict)
    actor = models.CharField(max_length=120)
    import_run_id = models.BigIntegerField(null=True)


class Preference(models.Model):
    """The way that counts now: that of the latest event. No row: nobody said, and consent alone decides."""

    contact_id = models.BigIntegerField(primary_key=True)
    workspace_id = models.BigIntegerField()
    choice = models.CharField(max_length=6, choices=PreferenceChoice.choices)
    event_id = models.BigIntegerField()
    since = models.DateTimeField()


class ErasedNumber(models.Model):
    """The number of a person who was erased, as nobody can read it; see `consent.erased`."""

    workspace_id = models.BigIntegerField()
    digest = models.BinaryField()  # HMAC-SHA-256
    reasons = models.JSONField(default=list)  # [{"reason", "since"}] that it had
    erased_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace_id", "digest"], name="erased_number_once"),
        ]


class SealedFact(models.Model):
    """One leaf of the chain over the ledger: a consent event or a withdrawn import as it was when sealed.

    What an erasure blanks is in `personal` alone, a hash under `salt`; the erasure takes the salt away.
    """

    pk = models.CompositePrimaryKey("workspace_id", "number")
    workspace_id = models.BigIntegerField()
    number = models.BigIntegerField()  # from 0, without a gap
    fact = models.CharField(max_length=1)  # e: ConsentEvent, w: WithdrawnImport
    fact_id = models.BigIntegerField()
    salt = models.UUIDField(null=True)
    personal = models.BinaryField()  # SHA-256 of salt, wording and evidence; "" of a withdrawal
    digest = models.BinaryField()  # SHA-256 of the leaf

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fact", "fact_id"], name="sealed_once"),
        ]


class SealedBlock(models.Model):
    """Facts that were sealed together; each block holds the digest of the one before it."""

    pk = models.CompositePrimaryKey("workspace_id", "number")
    workspace_id = models.BigIntegerField()
    number = models.BigIntegerField()  # from 0
    first = models.BigIntegerField()  # of SealedFact.number
    count = models.IntegerField()
    root = models.BinaryField()  # of the tree over its leaves
    digest = models.BinaryField()
    sealed_at = models.DateTimeField()
    sealed_on = models.DateField()  # in UTC; never before that of the block before

    class Meta:
        indexes = [
            models.Index(fields=["workspace_id", "sealed_on"], name="sealed_block_day"),
            models.Index(fields=["workspace_id", "first"], name="sealed_block_first"),
        ]


class SealedDay(models.Model):
    """The signed root of a day that is over, as the line that goes out of the house."""

    pk = models.CompositePrimaryKey("workspace_id", "day")
    workspace_id = models.BigIntegerField()
    day = models.DateField()
    line = models.TextField()


class Register(models.Model):
    """A do-not-contact register of a country as a file last told it; an import puts a new one in its place.

    `key` is the name in the form that rule packs are asked by, see `messaging.register_law`.
    """

    workspace_id = models.BigIntegerField()
    key = models.CharField(max_length=200)
    name = models.CharField(max_length=200)
    country = models.CharField(max_length=2)
    checked_at = models.DateTimeField()  # when the list was taken from the register
    number_count = models.IntegerField()
    filename = models.CharField(max_length=200)
    imported_at = models.DateTimeField(default=now)
    actor = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace_id", "key"], name="register_once"),
        ]


class RegisterNumber(models.Model):
    """A number on a register. Read by plan, API and hand-off; written by COPY alone."""

    pk = models.CompositePrimaryKey("register_id", "msisdn")
    register_id = models.BigIntegerField()
    msisdn = models.CharField(max_length=16)


class Invitation(models.Model):
    """The one text that ever asks a number for a yes: whose it is, and what the person answered."""

    workspace_id = models.BigIntegerField()
    msisdn = models.CharField(max_length=16)
    contact_id = models.BigIntegerField()
    message_id = models.BigIntegerField()  # of another text only where this one never left
    campaign_id = models.BigIntegerField(null=True)
    topic = models.CharField(max_length=40, blank=True, default="")  # with the brand: of what
    brand = models.CharField(max_length=40, blank=True, default="")
    made_at = models.DateTimeField()
    # yes, or other; "": none, which means no as well
    answer = models.CharField(max_length=5, blank=True, default="")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace_id", "msisdn"], name="invited_once")
        ]

    def __str__(self) -> str:
        return f"{self.message_id}"

"""People, their fields, tags and lists, and the imports that brought them."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Concat, LTrim, Upper
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# As a table shows it, small and capital letters as one.
SHOWN_NAME = Upper(LTrim(Concat("first_name", models.Value(" "), "last_name")))


class Contact(models.Model):
    """A person we may write to. `msisdn` is E.164 with the plus sign."""

    workspace_id = models.BigIntegerField()
    msisdn = models.CharField(max_length=16)
    external_id = models.CharField(max_length=120, null=True, blank=True)  # noqa: DJ001 - unique where given
    email = models.CharField(max_length=254, blank=True, default="")
    first_name = models.CharField(max_length=80, blank=True, default="")
    last_name = models.CharField(max_length=80, blank=True, default="")
    language = models.CharField(
        max_length=8, blank=True, default=""
    )  # ISO 639-1, may carry a region
    # IANA, as a person or a file gave it; empty: whichever the number may be in (`zones.py`).
    zone = models.CharField(max_length=64, blank=True, default="")
    country = models.CharField(max_length=2, blank=True, default="")  # ISO 3166-1, of the number
    operator = models.CharField(
        max_length=80, blank=True, default=""
    )  # carrier name by number range
    fields = models.JSONField(default=dict)  # free fields, typed by FieldDefinition
    tags = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    import_run_id = models.BigIntegerField(null=True)  # the import that created the row
    # Made up, with a number that nobody has: the gate keeps it from every carrier with phones.
    is_sample = models.BooleanField(default=False, db_default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace_id", "msisdn"], name="contact_msisdn_once"),
            models.UniqueConstraint(
                fields=["workspace_id", "external_id"],
                name="contact_external_once",
                condition=models.Q(external_id__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["workspace_id", "id"], name="contact_workspace"),
            models.Index(
                fields=["workspace_id"], name="contact_sample", condition=models.Q(is_sample=True)
            ),
            GinIndex(fields=["tags"], name="contact_tags"),
            # The table of everybody by name, a page at a time.
            models.Index("workspace_id", SHOWN_NAME, "id", name="contact_by_name"),
            # What `istartswith` asks for; the pattern class serves in any collation.
            models.Index(
                "workspace_id",
                OpClass(Upper("first_name"), "text_pattern_ops"),
                name="contact_first_name",
            ),
            models.Index(
                "workspace_id",
                OpClass(Upper("last_name"), "text_pattern_ops"),
                name="contact_last_name",
            ),
            # Tracking libraries name people by address; most people have none.
            models.Index(
                "workspace_id",
                Upper("email"),
                name="contact_email",
                condition=~models.Q(email=""),
            ),
        ]


class FieldKind(models.TextChoices):
    TEXT = "text", pgettext_lazy("kind of field", "Text")
    NUMBER = "number", pgettext_lazy("kind of field", "Number")
    DATE = "date", _("Date")
    BOOLEAN = "boolean", _("Yes or no")


class FieldDefinition(models.Model):
    """A workspace's own field on contacts; values live in Contact.fields[name]."""

    workspace_id = models.BigIntegerField()
    name = models.CharField(max_length=40)  # [a-z][a-z0-9_]*, the name used in templates
    label = models.CharField(max_length=80)
    kind = models.CharField(max_length=8, choices=FieldKind.choices, default=FieldKind.TEXT)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace_id", "name"], name="field_once"),
        ]


class ContactList(models.Model):
    """A hand-kept set of people."""

    workspace_id = models.BigIntegerField()
    name = models.CharField(max_length=120)
    # Of colleagues: its people get test sends of campaigns.
    is_for_tests = models.BooleanField(default=False, db_default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace_id", "name"], name="list_once")]

    def __str__(self) -> str:
        return self.name


class SavedFilter(models.Model):
    """What a workspace filters its people by, kept under a name; see `choosing.PeopleFilter`."""

    workspace_id = models.BigIntegerField()
    name = models.CharField(max_length=60)
    search = models.CharField(max_length=120, blank=True, default="")
    list_id = models.BigIntegerField(null=True)
    tag = models.CharField(max_length=60, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace_id", "name"], name="saved_filter_once")
        ]

    def __str__(self) -> str:
        return self.name


class ListMember(models.Model):
    pk = models.CompositePrimaryKey("list_id", "contact_id")
    list_id = models.BigIntegerField()
    contact_id = models.BigIntegerField()
    import_run_id = models.BigIntegerField(null=True)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["contact_id"], name="member_contact")]


class ImportState(models.TextChoices):
    UPLOADED = "uploaded", _("Uploaded")  # mapping guessed, can be changed
    JUDGED = "judged", _("Checked")  # dry run done: totals say what applying would do
    APPLYING = "applying", _("Applying")  # rows up to applied_line are in
    APPLIED = "applied", _("Applied")
    UNDOING = "undoing", _("Being taken back")  # rows beyond applied_line are out again
    UNDONE = "undone", _("Undone")


class ImportRun(models.Model):
    """One file of people, from upload to applied or undone."""

    workspace_id = models.BigIntegerField()
    filename = models.CharField(max_length=200)
    path = models.CharField(max_length=400)  # our own copy
    state = models.CharField(
        max_length=10, choices=ImportState.choices, default=ImportState.UPLOADED
    )
    encoding = models.CharField(max_length=20)
    delimiter = models.CharField(max_length=1)
    header = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)  # {column: field}; see imports.mapping.FIELDS
    region = models.CharField(
        max_length=2, blank=True, default=""
    )  # for numbers without country code
    consent = models.JSONField(default=dict)  # {"source", "wording", "given_at"} for the whole file
    list_id = models.BigIntegerField(null=True)
    totals = models.JSONField(default=dict)  # rows by verdict
    row_count = models.BigIntegerField(default=0)
    staged_line = models.BigIntegerField(default=0)  # the dry run has read so far
    applied_line = models.BigIntegerField(default=0)  # everything up to here is applied
    applied_ahead = models.JSONField(default=list)  # [first, last] of ranges applied beyond it
    job_id = models.BigIntegerField(null=True)
    actor = models.CharField(max_length=120)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["workspace_id", "-created_at"], name="import_workspace")]


class ImportRow(models.Model):
    """A row of an import as it was read and judged; `before` is what it changed, for the undo."""

    pk = models.CompositePrimaryKey("import_run_id", "line")
    import_run_id = models.BigIntegerField()
    line = models.BigIntegerField()
    verdict = models.CharField(max_length=10)  # new | changed | same | duplicate | invalid
    reason = models.CharField(max_length=200, default="")
    is_opted_out = models.BooleanField(default=False)  # said stop here before: stays so
    msisdn = models.CharField(max_length=16, default="")
    country = models.CharField(max_length=2, default="")
    operator = models.TextField(default="")
    first_name = models.TextField(default="")
    last_name = models.TextField(default="")
    email = models.TextField(default="")
    language = models.TextField(default="")
    zone = models.TextField(default="")
    external_id = models.TextField(default="")
    tags = ArrayField(models.TextField(), default=list)
    fields = models.JSONField(default=dict)  # free fields: typed
    consent_source = models.CharField(max_length=200, default="")
    consent_wording = models.TextField(default="")
    consent_at = models.DateTimeField(null=True)
    consent_problem = models.CharField(max_length=200, default="")  # why a claimed consent is none
    # The person; of a new one the id reserved for it (nextval is the column's default in the database).
    contact_id = models.BigIntegerField(null=True)
    before = models.JSONField(null=True)
    raw = models.TextField(default="")  # of a row that cannot be used: as it stood in the file


class NumberPlace(models.Model):
    """Where numbers with this start were handed out; `text/numbers/place_keys.py` says how long it is.

    The same for all workspaces. Filled by a job from the tables of libphonenumber.
    """

    prefix = models.CharField(max_length=10, primary_key=True)
    region = models.CharField(max_length=80)
    local_region = models.CharField(max_length=80)  # in the language of the country

    def __str__(self) -> str:
        return f"{self.prefix} {self.region}"


class NumberZone(models.Model):
    """Zones that numbers from `start` on, up to the next row's, may be in; the same for everybody.

    Compared byte by byte. Filled from the tables of libphonenumber; read by `zones.zones_sql`.
    """

    start = models.CharField(max_length=12, primary_key=True, db_collation="C")
    zones = ArrayField(models.CharField(max_length=64))  # empty: nothing is known

    def __str__(self) -> str:
        return f"{self.start} {', '.join(self.zones)}"


class EventName(models.Model):
    """That a workspace has events of this name: no index of events says so. Written as they come in."""

    workspace_id = models.BigIntegerField()
    name = models.CharField(max_length=100)
    seen_on = models.DateField()  # the day, in UTC, on which the latest came in
    day_count = models.IntegerField()  # on how many days one came in

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace_id", "name"], name="event_name_once")
        ]

    def __str__(self) -> str:
        return self.name


class Event(models.Model):
    """Something a person did elsewhere, as its sender told it; partitioned by month of `at`."""

    id = models.BigAutoField(primary_key=True)
    workspace_id = models.BigIntegerField()
    contact_id = models.BigIntegerField(null=True)  # null: named nobody whom we know
    at = models.DateTimeField()
    received_at = models.DateTimeField()
    name = models.CharField(max_length=100)
    source_key = models.CharField(max_length=200)  # the sender's own id of it
    msisdn = models.CharField(max_length=16)  # as it named the person, where it did
    external_id = models.CharField(max_length=120)
    properties = models.JSONField(default=dict)

    class Meta:
        managed = False
        db_table = "contacts_event"

    def __str__(self) -> str:
        return self.name

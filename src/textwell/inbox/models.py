"""What people answered (MO), how it was understood, and what was done about it."""

from django.db import models


class Reply(models.Model):
    """One MO. `source_key` makes recording the same MO twice harmless."""

    workspace_id = models.BigIntegerField()
    gateway_id = models.BigIntegerField()
    source_key = models.CharField(max_length=120)
    contact_id = models.BigIntegerField(null=True)
    msisdn = models.CharField(max_length=24)
    recipient = models.CharField(
        max_length=24, blank=True, default=""
    )  # our sender that was answered
    text = models.TextField()
    received_at = models.DateTimeField()
    intent = models.CharField(max_length=12)
    certainty = models.FloatField(default=0)
    language = models.CharField(max_length=8, blank=True, default="")
    message_id = models.BigIntegerField(null=True)  # last MT to this person, which this answers
    campaign_id = models.BigIntegerField(null=True)
    handled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["gateway_id", "source_key"], name="reply_once"),
        ]
        indexes = [
            models.Index(fields=["workspace_id", "-received_at"], name="reply_workspace"),
            models.Index(fields=["workspace_id", "-id"], name="reply_newest"),
            models.Index(fields=["workspace_id", "intent", "-id"], name="reply_intent"),
            models.Index(fields=["campaign_id"], name="reply_campaign"),
            models.Index(fields=["contact_id"], name="reply_contact"),
            models.Index(
                fields=["workspace_id", "-id"],
                name="reply_stranger",
                condition=models.Q(contact_id=None),
            ),
        ]


class Thread(models.Model):
    """What passes between us and one person, as colleagues share it: who has it, who waits.

    The texts stand in `Reply` and in the message ledger; here is a row a person, kept up by the
    ingest of replies. A person whose texts were all handled by themselves (STOP) has none.
    """

    workspace_id = models.BigIntegerField()
    contact_id = models.BigIntegerField()
    is_open = models.BooleanField(default=True)
    is_unread = models.BooleanField(default=False)  # a text came that nobody has looked at
    assignee_id = models.BigIntegerField(null=True)  # a user; null: nobody has it
    waiting_since = models.DateTimeField(null=True)  # first text without an answer; null: answered
    last_at = models.DateTimeField()  # of the last text or answer
    last_text = models.CharField(max_length=160, default="")
    is_last_ours = models.BooleanField(default=False)
    last_message_id = models.BigIntegerField(null=True)  # of the last answer; null: it arrived
    # Rises with each text, answer, note and change of hands: an answer says up to which its writer
    # has read, and is not sent over what they have not seen.
    last_entry = models.BigIntegerField(default=0)
    place = models.BigIntegerField()  # in the list, the first first; see `places.py`

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace_id", "contact_id"], name="thread_once"),
        ]
        indexes = [
            models.Index(fields=["workspace_id", "is_open", "place", "id"], name="thread_place"),
            models.Index(
                fields=["workspace_id", "assignee_id", "is_open", "place", "id"],
                name="thread_assignee",
            ),
            models.Index(
                fields=["workspace_id"],
                name="thread_unread",
                condition=models.Q(is_unread=True),
            ),
            models.Index(
                fields=["last_at"],
                name="thread_undecided",
                condition=models.Q(
                    last_message_id__isnull=False,
                    is_open=True,
                    is_last_ours=True,
                    waiting_since__isnull=True,
                ),
            ),
        ]


class EntryKind(models.TextChoices):
    ANSWER = "answer"
    NOTE = "note"  # for colleagues; never sent
    ASSIGNED = "assigned"
    CLOSED = "closed"
    REOPENED = "reopened"


class ThreadEntry(models.Model):
    """What a colleague or a program did in a thread: append-only.

    No two entries of a thread have one number: the database itself refuses a second answer to what
    only one may answer.
    """

    workspace_id = models.BigIntegerField()
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="entries")
    number = models.BigIntegerField()  # as `Thread.last_entry` was after it
    kind = models.CharField(max_length=8, choices=EntryKind.choices)
    actor = models.CharField(max_length=80)
    at = models.DateTimeField()
    text = models.TextField(blank=True, default="")  # of an answer as sent, of a note
    message_id = models.BigIntegerField(null=True)  # of an answer: its row in the ledger
    assignee_id = models.BigIntegerField(null=True)  # of `assigned`; null: to nobody

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["thread", "number"], name="thread_entry_once"),
        ]


class CannedAnswer(models.Model):
    """An answer that a workspace keeps, with fields of the person, as templates have."""

    workspace_id = models.BigIntegerField()
    name = models.CharField(max_length=120)
    body = models.TextField()  # Liquid
    fallbacks = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace_id", "name"], name="canned_answer_once"),
        ]

    def __str__(self) -> str:
        return self.name

"""Workspaces, the people who may use them, their API keys and what they changed."""

import secrets
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from textwell.accounts.types import DoorPurpose


def _new_link_key() -> bytes:
    return secrets.token_bytes(16)


class Workspace(models.Model):
    """A tenant: a brand with its people, consent, campaigns and gateways."""

    name = models.CharField(max_length=120)
    country = models.CharField(max_length=2)  # ISO 3166-1, home of the brand
    language = models.CharField(max_length=8, default="en")
    zone = models.CharField(max_length=64, default="UTC")  # IANA
    currency = models.CharField(max_length=3, default="EUR")  # ISO 4217
    link_key = models.BinaryField(default=_new_link_key)  # key of short-link tokens, 16 octets
    cap_count = models.IntegerField(default=0)  # at most this many marketing texts a person …
    cap_hours = models.IntegerField(default=168)  # … in this many hours, over everything; 0: none
    # Which hours hold for marketing: those of law alone, or our cautious ones too (compliance.types.Layer).
    law_layer = models.CharField(max_length=11, default="recommended", db_default="recommended")
    # What was chosen besides, in the words of compliance.choices; messaging.law_choices writes it.
    law_choices = models.TextField(blank=True, default="", db_default="")
    # A consent older than so many months counts no more, where law has no shorter end; 0: none of its own.
    consent_months = models.PositiveSmallIntegerField(default=0, db_default=0)
    # Who speaks, for texts and the page where one stops them; brand "": the workspace's name.
    brand = models.CharField(max_length=20, blank=True, default="", db_default="")
    legal_name = models.CharField(max_length=60, blank=True, default="", db_default="")
    postal_address = models.CharField(max_length=200, blank=True, default="", db_default="")
    public_contact = models.CharField(max_length=120, blank=True, default="", db_default="")
    needs_approval = models.BooleanField(default=False)  # campaigns need a second person …
    approval_above = models.IntegerField(default=0)  # … if the audience has more people than this
    answer_minutes = models.IntegerField(
        default=0, db_default=0
    )  # who writes waits no longer; 0: none
    # Texts reach the carrier in the box alone. Never false again: the database refuses.
    is_sandbox = models.BooleanField(default=False, db_default=False)
    is_small = models.BooleanField(
        default=False, db_default=False
    )  # pages: one screen and few places
    review_url = models.CharField(max_length=300, blank=True, default="", db_default="")
    is_stopped = models.BooleanField(default=False)  # stop-all: nothing is handed off while true
    stopped_at = models.DateTimeField(null=True, blank=True)
    guide_hidden_at = models.DateTimeField(null=True)  # somebody put the first steps away
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name

    @property
    def law(self) -> str:
        """The layer with what was chosen besides: how law is asked for this workspace."""
        return self.law_layer + self.law_choices


class UserManager(BaseUserManager["User"]):
    def create_user(self, *, email: str, password: str | None, name: str = "") -> "User":
        user = self.model(email=self.normalize_email(email).lower(), name=name)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser):
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=8, default="en")
    zone = models.CharField(max_length=64, default="UTC")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"

    def __str__(self) -> str:
        return self.email


class Role(models.TextChoices):
    OWNER = "owner", _("Owner")
    ADMIN = "admin", _("Administrator")
    MARKETER = "marketer", _("Marketer")
    APPROVER = "approver", _("Approver")
    AGENT = "agent", _("Agent")
    ANALYST = "analyst", _("Analyst")
    READER = "reader", _("Read only")


class Membership(models.Model):
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role.choices)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "workspace"], name="membership_once"),
        ]


class Invitation(models.Model):
    """A way in for one address: works once, until it expires or is revoked."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE)
    email = models.EmailField()
    role = models.CharField(max_length=12, choices=Role.choices)
    token_hash = models.CharField(max_length=64, unique=True)  # SHA-256 of a 32-octet random token
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)


class ApiKey(models.Model):
    """A secret for programs; only its hash is kept. `prefix` finds the row and is shown."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE)
    name = models.CharField(max_length=120)
    prefix = models.CharField(max_length=16, unique=True)
    secret_hash = models.CharField(max_length=64)  # SHA-256 of a 32-octet random secret
    scopes = ArrayField(models.CharField(max_length=40), default=list)
    door_purpose = models.CharField(max_length=13, default=DoorPurpose.MARKETING.value)
    rate_per_s = models.IntegerField(null=True, blank=True)  # null or 0: no limit
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)


class DirectoryToken(models.Model):
    """A secret for a company's directory, which says by SCIM who is here; only its hash is kept."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE)
    name = models.CharField(max_length=120)
    prefix = models.CharField(max_length=16, unique=True)
    secret_hash = models.CharField(max_length=64)  # SHA-256 of a 32-octet random secret
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)


class DirectoryPerson(models.Model):
    """What a directory says of a person in one workspace; active: has a membership there."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="directory_entries")
    user_name = models.CharField(max_length=254)
    external_id = models.CharField(max_length=254, blank=True)
    given_name = models.CharField(max_length=120, blank=True)
    family_name = models.CharField(max_length=120, blank=True)
    display_name = models.CharField(max_length=240, blank=True)
    is_account_made = models.BooleanField(default=False)  # the account came by this directory
    given_role = models.CharField(max_length=12, blank=True)  # by its groups; "": by hand
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "workspace"], name="directory_person_once"),
            models.UniqueConstraint(
                "workspace", Lower("user_name"), name="directory_user_name_once"
            ),
        ]


class DirectoryGroup(models.Model):
    """A group of a directory; its people have `role` if an owner has chosen one for it."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE)
    display_name = models.CharField(max_length=254)
    external_id = models.CharField(max_length=254, blank=True)
    role = models.CharField(max_length=12, choices=Role.choices, blank=True)  # "": gives none
    people = models.ManyToManyField(DirectoryPerson, related_name="groups")
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "workspace", Lower("display_name"), name="directory_group_once"
            ),
        ]


class AuditEntry(models.Model):
    """Who changed what: append-only, by a trigger of the database."""

    workspace_id = models.BigIntegerField()
    actor = models.CharField(max_length=120)  # "user:7", "key:3", "system"
    action = models.CharField(max_length=80)  # "campaigns.launched"
    subject = models.CharField(max_length=80, blank=True)  # "campaign:12"
    data = models.JSONField(default=dict)
    reason = models.TextField(blank=True, default="")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            models.Index(fields=["workspace_id", "-at"], name="audit_workspace"),
            models.Index(fields=["workspace_id", "-id"], name="audit_newest"),
            models.Index(fields=["workspace_id", "subject", "-id"], name="audit_subject"),
        ]


class AuditSeal(models.Model):
    """A link of the chain over a workspace's audit log: append-only, by a trigger."""

    workspace_id = models.BigIntegerField()
    number = models.BigIntegerField()  # 1, 2, 3 … without a gap
    entry_id = models.BigIntegerField(unique=True)
    digest = models.CharField(max_length=64)  # of the link before it and the whole entry

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace_id", "number"], name="audit_seal_once")
        ]


class AuditErasure(models.Model):
    """An entry of the audit log from which a person was taken out: append-only, by a trigger.

    The chain over the log keeps the digest of the entry as it was; this one vouches for it as it is.
    """

    workspace_id = models.BigIntegerField()
    entry_id = models.BigIntegerField(unique=True)
    digest = models.CharField(max_length=64)  # keyed, of the entry's link and what is left of it
    at = models.DateTimeField(auto_now_add=True)


class UsedAssertion(models.Model):
    """A SAML assertion that has signed somebody in: it does so once."""

    digest = models.CharField(max_length=64, unique=True)  # SHA-256 of who said it and its id
    expires_at = models.DateTimeField(db_index=True)


class SignInAttempt(models.Model):
    """Wrong passwords for an address from a place; email "" counts the place alone."""

    email = models.CharField(max_length=254, blank=True)
    ip = models.GenericIPAddressField()
    failure_count = models.IntegerField(default=0)
    last_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["email", "ip"], name="sign_in_attempt_once"),
        ]

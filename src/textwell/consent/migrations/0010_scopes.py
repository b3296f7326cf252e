"""Consent by topic, brand and sender. What was said before is the general yes, or a no to everything."""

from django.db import migrations, models

import textwell.core.clock

# The only change of events that were written: before scopes a no was one to everything, and says so now.
EVERYTHING = """
ALTER TABLE consent_consentevent DISABLE TRIGGER consent_event_append_only;
UPDATE consent_consentevent SET topic = '*', brand = '*', sender = '*' WHERE kind = 'opt_out';
ALTER TABLE consent_consentevent ENABLE TRIGGER consent_event_append_only;
"""
KEY = """
ALTER TABLE consent_consentstate DROP CONSTRAINT consent_consentstate_pkey;
ALTER TABLE consent_consentstate ADD CONSTRAINT consent_consentstate_pkey
    PRIMARY KEY (contact_id, channel, purpose, topic, brand, sender);
"""
OLD_KEY = """
DELETE FROM consent_consentstate WHERE topic <> '' OR brand <> '' OR sender <> '';
ALTER TABLE consent_consentstate DROP CONSTRAINT consent_consentstate_pkey;
ALTER TABLE consent_consentstate ADD CONSTRAINT consent_consentstate_pkey
    PRIMARY KEY (contact_id, channel, purpose);
"""


def _text(name: str, length: int, model: str) -> migrations.AddField:
    field = models.CharField(max_length=length, default="", db_default="")
    return migrations.AddField(model, name, field)


_SCOPE = (("topic", 40), ("brand", 40), ("sender", 21), ("basis", 15))
_WORDING = (("wording_version", 40), ("language", 8))


class Migration(migrations.Migration):
    dependencies = [("consent", "0009_erased_number")]
    operations = [
        *(_text(name, length, "consentevent") for name, length in (*_SCOPE, *_WORDING)),
        migrations.AddField("consentevent", "wording_hash", models.BinaryField(null=True)),
        *(_text(name, length, "consentstate") for name, length in _SCOPE),
        migrations.RunSQL(EVERYTHING, migrations.RunSQL.noop),
        migrations.AddConstraint(
            "consentevent",
            models.CheckConstraint(
                name="opt_in_has_one_scope",
                condition=models.Q(kind="opt_out")
                | (~models.Q(topic="*") & ~models.Q(brand="*") & ~models.Q(sender="*")),
            ),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(KEY, OLD_KEY)],
            state_operations=[
                migrations.AlterField(
                    "consentstate",
                    "pk",
                    models.CompositePrimaryKey(
                        "contact_id", "channel", "purpose", "topic", "brand", "sender",
                        blank=True, editable=False, primary_key=True, serialize=False,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            "Topic",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("workspace_id", models.BigIntegerField()),
                ("key", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=80)),
                ("description", models.CharField(blank=True, default="", max_length=300)),
                ("is_per_sender", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(default=textwell.core.clock.now)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("workspace_id", "key"), name="topic_once")
                ]
            },
        ),
        migrations.CreateModel(
            "Brand",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("workspace_id", models.BigIntegerField()),
                ("key", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=80)),
                ("created_at", models.DateTimeField(default=textwell.core.clock.now)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("workspace_id", "key"), name="brand_once")
                ]
            },
        ),
    ]

"""Staged rows with a column for each value, and with the id that a new person will have.

What is staged before this is told anew by a dry run; rows of applied imports keep what an undo needs.
"""

import django.contrib.postgres.fields
from django.db import migrations, models

RESERVE_ID = """
ALTER TABLE contacts_importrow
    ALTER COLUMN contact_id SET DEFAULT nextval('contacts_contact_id_seq')
"""
RELEASE_ID = "ALTER TABLE contacts_importrow ALTER COLUMN contact_id DROP DEFAULT"
STAGE_ANEW = """
UPDATE contacts_importrun SET state = 'uploaded' WHERE state = 'judged'
"""
TEXTS = ("first_name", "last_name", "email", "language", "zone", "external_id", "operator")


class Migration(migrations.Migration):
    dependencies = [("contacts", "0003_number_places")]
    operations = [
        *[
            migrations.AddField("importrow", name, models.TextField(default=""))
            for name in TEXTS
        ],
        migrations.AddField(
            "importrow",
            "tags",
            django.contrib.postgres.fields.ArrayField(models.TextField(), default=list, size=None),
        ),
        migrations.RemoveField("importrow", "values"),
        migrations.AddField("importrun", "staged_line", models.BigIntegerField(default=0)),
        migrations.AddField("importrun", "applied_ahead", models.JSONField(default=list)),
        migrations.AlterField(
            "importrun",
            "state",
            models.CharField(
                choices=[
                    ("uploaded", "Uploaded"),
                    ("judged", "Checked"),
                    ("applying", "Applying"),
                    ("applied", "Applied"),
                    ("undoing", "Being taken back"),
                    ("undone", "Undone"),
                ],
                default="uploaded",
                max_length=10,
            ),
        ),
        migrations.RunSQL(RESERVE_ID, RELEASE_ID),
        migrations.RunSQL(STAGE_ANEW, migrations.RunSQL.noop),
    ]

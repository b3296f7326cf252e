"""Why a row that claims consent brings none. What is staged before this is judged anew."""

from django.db import migrations, models

STAGE_ANEW = """
UPDATE contacts_importrun SET state = 'uploaded' WHERE state = 'judged'
"""


class Migration(migrations.Migration):
    dependencies = [("contacts", "0006_events")]
    operations = [
        migrations.AddField(
            "importrow", "consent_problem", models.CharField(default="", max_length=200)
        ),
        migrations.RunSQL(STAGE_ANEW, migrations.RunSQL.noop),
    ]

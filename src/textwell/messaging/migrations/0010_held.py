"""Notes of held messages, and one for each that is held now."""

from django.db import migrations, models

FILL = """
INSERT INTO messaging_held (message_id, campaign_id, due_at)
SELECT id, coalesce(campaign_id, -gateway_id), coalesce(due_at, now())
FROM messaging_message WHERE state = 'held';
"""


class Migration(migrations.Migration):
    dependencies = [("messaging", "0009_saved_text")]
    operations = [
        migrations.CreateModel(
            name="Held",
            fields=[
                ("message_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("campaign_id", models.BigIntegerField()),
                ("due_at", models.DateTimeField()),
            ],
            options={"indexes": [models.Index(fields=["due_at"], name="held_due")]},
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]

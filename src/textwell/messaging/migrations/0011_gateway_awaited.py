"""Find what waits for one gateway, however much waits for others.

Neither index is on the partitioned tables of messages. That of batches holds the open ones alone, and
is made in one pass over the table, during which nobody writes to it.
"""

from django.db import migrations, models

OPEN = models.Q(("state__in", ["planned", "queued", "leased"]))


class Migration(migrations.Migration):
    dependencies = [("messaging", "0010_held")]
    operations = [
        migrations.AddIndex(
            "batch", models.Index(fields=["gateway_id"], name="batch_gateway_open", condition=OPEN)
        ),
        migrations.AddIndex("held", models.Index(fields=["campaign_id"], name="held_campaign")),
    ]

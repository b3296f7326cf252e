"""Deliveries that failed are counted and listed by an index of their own: most are delivered."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("webhooks", "0001_initial")]
    operations = [
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("state", "failed")),
                fields=["endpoint", "-id"],
                name="delivery_failed",
            ),
        ),
    ]

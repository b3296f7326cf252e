"""A rest from marketing that a person asked for."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("consent", "0007_suppression_groups")]
    operations = [
        migrations.CreateModel(
            name="Pause",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "contact_id",
                        "channel",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("workspace_id", models.BigIntegerField()),
                ("contact_id", models.BigIntegerField()),
                ("channel", models.CharField(default="sms", max_length=10)),
                ("until", models.DateTimeField()),
                ("since", models.DateTimeField()),
                ("source", models.CharField(max_length=200)),
                ("actor", models.CharField(max_length=120)),
            ],
        ),
    ]

"""The one invitation that a number may get: a row each, whoever made the text."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("consent", "0014_closed_scopes")]
    operations = [
        migrations.CreateModel(
            "Invitation",
            [
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("workspace_id", models.BigIntegerField()),
                ("msisdn", models.CharField(max_length=16)),
                ("contact_id", models.BigIntegerField()),
                ("message_id", models.BigIntegerField()),
                ("campaign_id", models.BigIntegerField(null=True)),
                ("topic", models.CharField(blank=True, default="", max_length=40)),
                ("brand", models.CharField(blank=True, default="", max_length=40)),
                ("made_at", models.DateTimeField()),
                ("answer", models.CharField(blank=True, default="", max_length=5)),
                ("answered_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("workspace_id", "msisdn"), name="invited_once"
                    )
                ]
            },
        ),
    ]

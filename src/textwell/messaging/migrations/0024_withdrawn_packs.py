"""A rule pack that the operator put in force may be taken back."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("messaging", "0023_signed_name")]
    operations = [
        migrations.AddField("ownpack", "withdrawn_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "ownpack",
            "withdrawn_by",
            models.CharField(blank=True, db_default="", default="", max_length=80),
        ),
    ]

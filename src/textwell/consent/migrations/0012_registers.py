"""Do-not-contact registers, as files told them."""

from django.db import migrations, models

import textwell.core.clock


class Migration(migrations.Migration):
    dependencies = [("consent", "0011_chain")]
    operations = [
        migrations.CreateModel(
            name="Register",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("workspace_id", models.BigIntegerField()),
                ("key", models.CharField(max_length=200)),
                ("name", models.CharField(max_length=200)),
                ("country", models.CharField(max_length=2)),
                ("checked_at", models.DateTimeField()),
                ("number_count", models.IntegerField()),
                ("filename", models.CharField(max_length=200)),
                ("imported_at", models.DateTimeField(default=textwell.core.clock.now)),
                ("actor", models.CharField(max_length=120)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("workspace_id", "key"), name="register_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="RegisterNumber",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "register_id",
                        "msisdn",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("register_id", models.BigIntegerField()),
                ("msisdn", models.CharField(max_length=16)),
            ],
        ),
    ]

"""Sign-ups that devices send with keys of their own."""

import textwell.core.clock
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("programmes", "0004_more")]

    operations = [
        migrations.CreateModel(
            name="Captured",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("workspace_id", models.BigIntegerField()),
                ("key", models.UUIDField()),
                ("sign_up_id", models.BigIntegerField(null=True)),
                ("taken_at", models.DateTimeField(default=textwell.core.clock.now)),
            ],
            options={
                "indexes": [models.Index(fields=["taken_at"], name="captured_taken_at")],
                "constraints": [
                    models.UniqueConstraint(fields=("workspace_id", "key"), name="captured_once")
                ],
            },
        ),
    ]

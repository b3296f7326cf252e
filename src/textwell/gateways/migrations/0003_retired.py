"""A gateway that carried texts is retired, not deleted."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("gateways", "0002_interface_version")]
    operations = [
        migrations.AlterField(
            model_name="gateway",
            name="state",
            field=models.CharField(
                choices=[
                    ("active", "Active"),
                    ("paused", "Paused"),
                    ("broken", "Broken"),
                    ("retired", "Retired"),
                ],
                default="active",
                max_length=8,
            ),
        ),
    ]

"""The number and the time of submission that a receipt names: they find a message without its id."""

from django.db import migrations, models

FORWARD = """
ALTER TABLE messaging_dlr ADD COLUMN msisdn varchar(21) NOT NULL DEFAULT '',
    ADD COLUMN submitted_at timestamptz;
"""
BACKWARD = "ALTER TABLE messaging_dlr DROP COLUMN msisdn, DROP COLUMN submitted_at;"


class Migration(migrations.Migration):
    dependencies = [("messaging", "0004_reserve_without_waiting")]
    operations = [
        migrations.RunSQL(
            FORWARD,
            BACKWARD,
            state_operations=[
                migrations.AddField(
                    "deliveryreport", "msisdn", models.CharField(default="", max_length=21)
                ),
                migrations.AddField(
                    "deliveryreport", "submitted_at", models.DateTimeField(null=True)
                ),
            ],
        ),
        migrations.AddIndex(
            "pendingreport", models.Index(fields=["received_at"], name="pending_received")
        ),
    ]

"""Several reasons for one number, each with its own note, source and time; the foremost apart."""

from django.db import migrations, models

import textwell.core.clock

# Where an opt-out came from, and who wrote it down, is known by the person's last event.
COPY_REASONS = """
INSERT INTO consent_suppressionreason (workspace_id, msisdn, reason, note, source, actor, since)
SELECT s.workspace_id, s.msisdn, s.reason, s.note, coalesce(e.source, ''), coalesce(e.actor, ''),
    s.created_at
FROM consent_suppression s
LEFT JOIN contacts_contact c
    ON s.reason = 'opted_out' AND c.workspace_id = s.workspace_id AND c.msisdn = s.msisdn
LEFT JOIN consent_consentstate t
    ON t.contact_id = c.id AND t.channel = 'sms' AND t.purpose = 'marketing' AND NOT t.is_granted
LEFT JOIN consent_consentevent e ON e.id = t.event_id AND e.kind = 'opt_out'
ORDER BY s.id
"""


class Migration(migrations.Migration):
    dependencies = [("consent", "0005_opt_out_index"), ("contacts", "0011_saved_filters")]
    operations = [
        migrations.CreateModel(
            name="SuppressionReason",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("workspace_id", models.BigIntegerField()),
                ("msisdn", models.CharField(max_length=16)),
                ("reason", models.CharField(max_length=40)),
                ("note", models.TextField(blank=True, default="")),
                ("source", models.CharField(blank=True, default="", max_length=200)),
                ("actor", models.CharField(blank=True, default="", max_length=120)),
                ("since", models.DateTimeField(default=textwell.core.clock.now)),
            ],
        ),
        migrations.RunSQL(COPY_REASONS, "DELETE FROM consent_suppressionreason"),
        migrations.AddIndex(
            model_name="suppressionreason",
            index=models.Index(fields=["workspace_id", "id"], name="suppression_listed"),
        ),
        migrations.AddIndex(
            model_name="suppressionreason",
            index=models.Index(
                fields=["workspace_id", "reason", "id"], name="suppression_by_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="suppressionreason",
            constraint=models.UniqueConstraint(
                fields=("workspace_id", "msisdn", "reason"), name="suppression_reason_once"
            ),
        ),
        migrations.RemoveField(model_name="suppression", name="note"),
        migrations.RemoveField(model_name="suppression", name="created_at"),
    ]

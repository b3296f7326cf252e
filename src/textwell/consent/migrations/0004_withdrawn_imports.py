"""Imports that were taken back: their consent counts no more, without a new event that would beat older ones."""

from django.db import migrations, models

FORWARD = """
CREATE TRIGGER consent_withdrawn_append_only
    BEFORE UPDATE OR DELETE ON consent_withdrawnimport
    FOR EACH ROW EXECUTE FUNCTION consent_refuse_change();
"""
BACKWARD = "DROP TRIGGER consent_withdrawn_append_only ON consent_withdrawnimport;"


class Migration(migrations.Migration):
    dependencies = [("consent", "0003_opted_out_when")]
    operations = [
        migrations.CreateModel(
            "WithdrawnImport",
            [
                ("import_run_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("workspace_id", models.BigIntegerField()),
                ("withdrawn_at", models.DateTimeField()),
                ("actor", models.CharField(max_length=120)),
            ],
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]

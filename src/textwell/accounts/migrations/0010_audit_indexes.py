"""The audit log is read newest first, also of one subject: by an index, however long it is."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0009_guide")]
    operations = [
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["workspace_id", "-id"], name="audit_newest"),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["workspace_id", "subject", "-id"], name="audit_subject"),
        ),
    ]

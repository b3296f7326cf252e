"""When a named day was approved, also of one that was withdrawn since: the audit log knows."""

from django.db import migrations, models

_FILL = """
UPDATE messaging_exceptionday d SET approved_at = coalesce((
    SELECT max(e.at) FROM accounts_auditentry e
    WHERE e.workspace_id = d.workspace_id AND e.action = 'law.exception_approved'
      AND e.subject = 'exception_day:' || d.id
), CASE WHEN d.state = 'approved' THEN d.decided_at END)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0021_own_packs"),
        ("accounts", "0021_consent_months"),
    ]

    operations = [
        migrations.AddField(
            "exceptionday", "approved_at", models.DateTimeField(null=True)
        ),
        migrations.RunSQL(_FILL, migrations.RunSQL.noop),
    ]

"""Moments of drafts that no zone could say: the latest and the earliest that are taken now."""

from django.db import migrations

BRING_IN = """
UPDATE campaigns_campaign SET
    goal_at = CASE WHEN goal_at IS NOT NULL THEN least(greatest(goal_at, b.first), b.last) END,
    scheduled_at =
        CASE WHEN scheduled_at IS NOT NULL THEN least(greatest(scheduled_at, b.first), b.last) END,
    expires_at = CASE WHEN expires_at IS NOT NULL THEN least(greatest(expires_at, b.first), b.last) END
FROM (SELECT timestamptz '1900-01-01 00:00+00' AS first, timestamptz '2100-12-31 00:00+00' AS last) b
WHERE least(goal_at, scheduled_at, expires_at) < b.first
   OR greatest(goal_at, scheduled_at, expires_at) >= '2101-01-01 00:00+00'
"""


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0006_goal")]

    operations = [migrations.RunSQL(BRING_IN, migrations.RunSQL.noop)]

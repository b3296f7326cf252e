"""Campaigns that are no marketing do not count against caps; marketing that waits goes by bulk."""

from django.db import migrations

MEND_MESSAGES = """
UPDATE messaging_message m SET is_counted = false
FROM campaigns_campaign k
WHERE m.campaign_id = k.id AND m.id BETWEEN k.first_message_id AND k.last_message_id
  AND k.purpose IN ('transactional', 'otp', 'care')
"""
MEND_LANES = """
UPDATE campaigns_campaign SET lane = 'bulk'
WHERE state IN ('draft', 'scheduled') AND lane <> 'bulk'
  AND purpose NOT IN ('transactional', 'otp', 'care')
"""


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0001_initial"), ("messaging", "0006_counted_in_caps")]
    operations = [
        migrations.RunSQL(MEND_MESSAGES, migrations.RunSQL.noop),
        migrations.RunSQL(MEND_LANES, migrations.RunSQL.noop),
    ]

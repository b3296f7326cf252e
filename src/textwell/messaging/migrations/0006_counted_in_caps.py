"""Which texts count against frequency caps: by what they are for, no longer by their lane.

Rows that exist count, as the stricter guess, unless they are single texts for another purpose; those
of campaigns for another purpose are mended by a migration of `campaigns`, which knows them.
"""

from django.db import migrations, models

ADD = "ALTER TABLE messaging_message ADD COLUMN is_counted boolean NOT NULL DEFAULT true"
MEND_SINGLES = """
UPDATE messaging_message m SET is_counted = false
FROM messaging_batch b
WHERE b.campaign_id IS NULL AND m.campaign_id IS NULL AND m.id = b.first_message_id
  AND b.extra ->> 'purpose' IN ('transactional', 'otp', 'care')
"""
DROP = "ALTER TABLE messaging_message DROP COLUMN is_counted"


class Migration(migrations.Migration):
    dependencies = [("messaging", "0005_receipts_number")]
    operations = [
        migrations.RunSQL(ADD, DROP),
        migrations.RunSQL(MEND_SINGLES, migrations.RunSQL.noop),
        migrations.AddField("message", "is_counted", models.BooleanField(default=True)),
    ]

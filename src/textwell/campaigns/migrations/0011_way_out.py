"""Marketing that is under way without links of its own: the link by which its people stop leads there."""

from django.db import migrations

DEFINE_WAY_OUT = """
INSERT INTO links_linkrange (workspace_id, campaign_id, first_message_id, last_message_id, targets, created_at)
SELECT k.workspace_id, k.id, k.first_message_id, k.last_message_id, '[]'::jsonb, now()
FROM campaigns_campaign k
WHERE k.state IN ('scheduled', 'planning', 'sending', 'paused') AND k.first_message_id IS NOT NULL
  AND k.purpose NOT IN ('transactional', 'otp', 'care')
  AND NOT EXISTS (SELECT 1 FROM links_linkrange r WHERE r.campaign_id = k.id)
ORDER BY k.id
"""


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0010_topic"), ("links", "0004_link_host")]
    operations = [migrations.RunSQL(DEFINE_WAY_OUT, migrations.RunSQL.noop)]

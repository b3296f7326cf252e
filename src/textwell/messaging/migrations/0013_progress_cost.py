"""Keep what was handed off within each five seconds cost, beside how many that were.

Counted once from the rows of the last two days: what a page says of today needs no more.
"""

from django.db import migrations, models

FORWARD = """
INSERT INTO messaging_progress AS p (campaign_id, slot_at, state, message_count, handed_count, cost_micros)
SELECT coalesce(campaign_id, -gateway_id), date_bin('5 seconds', handed_at, 'epoch'), 'submitted', 0, 0,
    sum(cost_micros)
FROM messaging_message
WHERE handed_at > now() - interval '2 days' AND coalesce(campaign_id, -gateway_id) IS NOT NULL
GROUP BY 1, 2
HAVING sum(cost_micros) > 0
ON CONFLICT (campaign_id, slot_at, state) DO UPDATE SET cost_micros = excluded.cost_micros;
"""


class Migration(migrations.Migration):
    dependencies = [("messaging", "0012_batch_problem")]
    operations = [
        migrations.AddField("progress", "cost_micros", models.BigIntegerField(db_default=0)),
        migrations.RunSQL(FORWARD, migrations.RunSQL.noop),
    ]

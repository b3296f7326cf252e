"""Keep how many messages of a campaign were handed off, beside how many stand in each state.

What is there is counted once from the rows: those that a carrier refused at hand-off lose the time
of a hand-off that was none, and receipts that came before their outcome give theirs.
"""

from django.db import migrations, models

FORWARD = """
UPDATE messaging_message m SET handed_at = NULL
WHERE m.state = 'rejected' AND m.handed_at IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM messaging_outcome o
    WHERE o.message_id = m.id AND o.outcome IN ('submitted', 'unknown'));

UPDATE messaging_message SET handed_at = coalesce(done_at, planned_at)
WHERE state IN ('delivered', 'undelivered') AND handed_at IS NULL;

UPDATE messaging_tally t SET handed_count = c.n, handed_segments = c.segments
FROM (
    SELECT campaign_id, state, reason, count(*) AS n, sum(segment_count) AS segments
    FROM messaging_message WHERE campaign_id IS NOT NULL AND handed_at IS NOT NULL GROUP BY 1, 2, 3
) c
WHERE c.campaign_id = t.campaign_id AND c.state = t.state AND c.reason = t.reason;

INSERT INTO messaging_tally AS t (campaign_id, state, reason, message_count, segment_count, cost_micros,
    handed_count, handed_segments)
SELECT -gateway_id, state, reason, count(*), sum(segment_count), sum(cost_micros), count(handed_at),
    coalesce(sum(segment_count) FILTER (WHERE handed_at IS NOT NULL), 0)
FROM messaging_message
WHERE campaign_id IS NULL AND gateway_id IS NOT NULL AND state NOT IN ('planned', 'queued', 'handing')
GROUP BY 1, 2, 3;

INSERT INTO messaging_progress AS p (campaign_id, slot_at, state, message_count, handed_count)
SELECT campaign_id, date_bin('5 seconds', handed_at, 'epoch'), 'submitted', 0, count(*)
FROM messaging_message WHERE campaign_id IS NOT NULL AND handed_at IS NOT NULL GROUP BY 1, 2
ON CONFLICT (campaign_id, slot_at, state) DO UPDATE SET handed_count = excluded.handed_count;
"""
BACKWARD = "DELETE FROM messaging_tally WHERE campaign_id < 0;"


class Migration(migrations.Migration):
    dependencies = [("messaging", "0006_counted_in_caps")]
    operations = [
        migrations.AddField("tally", "handed_count", models.BigIntegerField(db_default=0)),
        migrations.AddField("tally", "handed_segments", models.BigIntegerField(db_default=0)),
        migrations.AddField("progress", "handed_count", models.BigIntegerField(db_default=0)),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]

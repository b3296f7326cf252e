"""Find the few messages of a state or cause without a look at the others.

A summary of each few pages: it stays true while messages move without a new version of their rows in any
other index (an update that is HOT stays so), and costs a move less than a microsecond. Of expressions, so
that only statements use it that ask by them (`reports.sql`): the planner cannot know for which words the
summaries leave out much, and looks messages up by their ids in the key alone. And receipts that came without a message id: a message is asked for its own
among all that ever came.
"""

from django.db import migrations

FORWARD = """
CREATE INDEX messaging_message_rare ON messaging_message USING brin (
    (id + 0),
    (state || '') text_bloom_ops (n_distinct_per_range = 16),
    (reason || '') text_bloom_ops (n_distinct_per_range = 16),
    (code || '') text_bloom_ops (n_distinct_per_range = 16)
) WITH (pages_per_range = 32);
CREATE INDEX messaging_dlr_stranger ON messaging_dlr (provider_key) WHERE message_id IS NULL;
"""
BACKWARD = "DROP INDEX messaging_dlr_stranger; DROP INDEX messaging_message_rare;"


class Migration(migrations.Migration):
    dependencies = [("messaging", "0013_progress_cost")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]

"""Find messages whose answer was lost by their gateway, without a look at the others.

On the log, which only grows: an index of message rows by state would cost every move of a state.
"""

from django.db import migrations

FORWARD = """
CREATE INDEX messaging_outcome_doubt ON messaging_outcome (gateway_id, at) WHERE outcome = 'unknown';
"""
BACKWARD = "DROP INDEX messaging_outcome_doubt;"


class Migration(migrations.Migration):
    dependencies = [("messaging", "0007_handed_counts")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]

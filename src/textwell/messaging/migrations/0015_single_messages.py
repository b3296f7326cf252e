"""Find the messages of no campaign without a look at those of campaigns; nothing of it ever changes."""

from django.db import migrations

FORWARD = """
CREATE INDEX messaging_message_single ON messaging_message (workspace_id, id) WHERE campaign_id IS NULL;
"""
BACKWARD = "DROP INDEX messaging_message_single;"


class Migration(migrations.Migration):
    dependencies = [("messaging", "0014_rare_messages")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]

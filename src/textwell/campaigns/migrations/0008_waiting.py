"""Find what is under way, and what waits for approval, without reading all that ever was."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0007_years")]
    operations = [
        migrations.AddIndex(
            "approval",
            models.Index(
                condition=models.Q(("state", "submitted")),
                fields=["workspace_id"],
                name="approval_waits",
            ),
        ),
        migrations.AddIndex(
            "campaign",
            models.Index(
                condition=models.Q(("state__in", ["scheduled", "planning", "sending", "paused"])),
                fields=["workspace_id", "state"],
                name="campaign_open",
            ),
        ),
    ]

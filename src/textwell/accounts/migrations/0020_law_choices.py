"""What a workspace has chosen of disputed rules, and on which days our cautious hours do not hold."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0019_speaker")]
    operations = [
        migrations.AddField(
            "workspace",
            "law_choices",
            models.TextField(blank=True, db_default="", default=""),
        )
    ]

"""Replies are read newest first, also of one intent: by an index, however many there are."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inbox", "0001_initial")]
    operations = [
        migrations.AddIndex(
            model_name="reply",
            index=models.Index(fields=["workspace_id", "-id"], name="reply_newest"),
        ),
        migrations.AddIndex(
            model_name="reply",
            index=models.Index(fields=["workspace_id", "intent", "-id"], name="reply_intent"),
        ),
    ]

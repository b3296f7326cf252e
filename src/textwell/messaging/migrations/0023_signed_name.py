"""A signed reading is for the words of the rule that were there: their digest is kept with it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("messaging", "0022_exception_approved")]
    operations = [
        migrations.AddField(
            "lenientreading",
            "signed_name",
            models.CharField(db_default="", default="", max_length=80),
        ),
    ]

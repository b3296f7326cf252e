"""Names are found by their beginning without reading everybody."""

from django.contrib.postgres.indexes import OpClass
from django.db import migrations, models
from django.db.models.functions import Upper


class Migration(migrations.Migration):
    dependencies = [("contacts", "0004_staged_columns")]
    operations = [
        migrations.AddIndex(
            "contact",
            models.Index(
                "workspace_id",
                OpClass(Upper("first_name"), "text_pattern_ops"),
                name="contact_first_name",
            ),
        ),
        migrations.AddIndex(
            "contact",
            models.Index(
                "workspace_id",
                OpClass(Upper("last_name"), "text_pattern_ops"),
                name="contact_last_name",
            ),
        ),
    ]

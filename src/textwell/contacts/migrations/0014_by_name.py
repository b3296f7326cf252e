"""Show everybody by name, a page at a time."""

from django.db import migrations, models
from django.db.models.functions import Concat, LTrim, Upper


class Migration(migrations.Migration):
    dependencies = [("contacts", "0013_test_lists")]
    operations = [
        migrations.AddIndex(
            "contact",
            models.Index(
                "workspace_id",
                Upper(LTrim(Concat("first_name", models.Value(" "), "last_name"))),
                "id",
                name="contact_by_name",
            ),
        ),
    ]

"""Why a batch cannot be read, on its row. A column with a constant default: no row is rewritten."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("messaging", "0011_gateway_awaited")]
    operations = [
        migrations.AddField(
            "batch", "problem", models.CharField(max_length=200, default="", db_default="", blank=True)
        ),
    ]

"""What a template is about and under which brand: the consent that it needs."""

from django.db import migrations, models


def _key(name: str) -> migrations.AddField:
    field = models.CharField(blank=True, db_default="", default="", max_length=40)
    return migrations.AddField("savedtext", name, field)


class Migration(migrations.Migration):
    dependencies = [("messaging", "0016_proof")]
    operations = [_key("topic"), _key("brand")]

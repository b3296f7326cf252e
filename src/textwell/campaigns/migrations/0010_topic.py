"""What a campaign is about and under which brand: the consent that it needs."""

from django.db import migrations, models


def _key(name: str) -> migrations.AddField:
    field = models.CharField(blank=True, db_default="", default="", max_length=40)
    return migrations.AddField("campaign", name, field)


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0009_law_layer")]
    operations = [_key("topic"), _key("brand")]

"""Zones by number, filled at once: people without a zone of their own have some from here on."""

import django.contrib.postgres.fields
from django.db import migrations, models

from textwell.text.numbers.zone_starts import list_zone_starts


def fill(apps, schema_editor):
    rows = apps.get_model("contacts", "NumberZone")
    rows.objects.bulk_create(
        [rows(start=row.start, zones=list(row.zones)) for row in list_zone_starts()]
    )


class Migration(migrations.Migration):

    dependencies = [
        ('contacts', '0008_email_index'),
    ]

    operations = [
        migrations.CreateModel(
            name='NumberZone',
            fields=[
                ('start', models.CharField(db_collation='C', max_length=12, primary_key=True, serialize=False)),
                ('zones', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=64), size=None)),
            ],
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]

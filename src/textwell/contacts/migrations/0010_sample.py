"""Sample people are marked, so that the gate knows them."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('contacts', '0009_number_zones'),
    ]

    operations = [
        migrations.AddField(
            model_name='contact',
            name='is_sample',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddIndex(
            model_name='contact',
            index=models.Index(condition=models.Q(('is_sample', True)), fields=['workspace_id'], name='contact_sample'),
        ),
    ]

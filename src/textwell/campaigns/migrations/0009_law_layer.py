from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0008_waiting'),
    ]

    operations = [
        migrations.AddField(
            model_name='campaign',
            name='law_layer',
            field=models.CharField(blank=True, db_default='', default='', max_length=11),
        ),
    ]

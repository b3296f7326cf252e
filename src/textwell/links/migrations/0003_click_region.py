from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('links', '0002_click_times'),
    ]

    operations = [
        migrations.AddField(
            model_name='click',
            name='region',
            field=models.CharField(blank=True, db_default='', default='', max_length=80),
        ),
    ]

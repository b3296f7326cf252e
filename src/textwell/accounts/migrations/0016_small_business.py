from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0015_sandbox'),
    ]

    operations = [
        migrations.AddField(
            model_name='workspace',
            name='is_small',
            field=models.BooleanField(default=False, db_default=False),
        ),
        migrations.AddField(
            model_name='workspace',
            name='review_url',
            field=models.CharField(blank=True, db_default='', default='', max_length=300),
        ),
    ]

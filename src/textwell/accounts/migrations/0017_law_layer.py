from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0016_small_business'),
    ]

    operations = [
        migrations.AddField(
            model_name='workspace',
            name='law_layer',
            field=models.CharField(db_default='recommended', default='recommended', max_length=11),
        ),
    ]

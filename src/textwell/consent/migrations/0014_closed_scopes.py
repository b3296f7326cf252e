from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('consent', '0013_preferences'),
    ]

    operations = [
        migrations.AddField(
            model_name='brand',
            name='closed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='topic',
            name='closed_at',
            field=models.DateTimeField(null=True),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("privacy", "0001_initial")]

    operations = [
        migrations.AddField("erasure", "sealed", models.TextField(default="")),
        migrations.AddField("erasurerequest", "swept", models.JSONField(default=dict)),
        migrations.AddField("erasurerequest", "swept_at", models.DateTimeField(null=True)),
    ]

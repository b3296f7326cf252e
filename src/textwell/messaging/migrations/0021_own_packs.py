"""Rule packs that the operator put in force: every process on every machine reads them here."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("messaging", "0020_law_choices")]
    operations = [
        migrations.CreateModel(
            "OwnPack",
            [
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.CharField(max_length=40, unique=True)),
                ("content", models.TextField()),
                ("actor", models.CharField(max_length=80)),
                ("activated_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
    ]

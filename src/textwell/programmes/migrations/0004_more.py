"""Topics that somebody who joined ticks later, where a second yes is needed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("programmes", "0003_topics")]

    operations = [
        migrations.AddField("signup", "more", models.JSONField(db_default={}, default=dict)),
        migrations.AddField("signup", "more_at", models.DateTimeField(null=True)),
        migrations.AddIndex(
            "signup",
            models.Index(
                fields=["more_at"],
                name="sign_up_more",
                condition=models.Q(("more_at__isnull", False)),
            ),
        ),
    ]

"""When we were told of a sign-up, beside when somebody signed: from it runs the time to answer."""

from django.db import migrations, models

import textwell.core.clock


class Migration(migrations.Migration):
    dependencies = [("programmes", "0001_initial")]

    operations = [
        migrations.AddField(
            "signup", "written_at", models.DateTimeField(default=textwell.core.clock.now)
        ),
        migrations.RemoveIndex("signup", "sign_up_pending"),
        migrations.AddIndex(
            "signup",
            models.Index(
                fields=["written_at"], name="sign_up_waiting", condition=models.Q(state="pending")
            ),
        ),
    ]

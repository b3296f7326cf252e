"""Reports look for opt-outs, which are few among all that people said."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("consent", "0004_withdrawn_imports")]
    operations = [
        migrations.AddIndex(
            model_name="consentevent",
            index=models.Index(
                condition=models.Q(("kind", "opt_out")),
                fields=["workspace_id", "given_at"],
                name="consent_opt_out",
            ),
        ),
    ]

"""What workspaces promise in public: versions, appended and never changed."""

from django.db import migrations, models

FORWARD = """
CREATE FUNCTION messaging_refuse_promise_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'promises are never changed';
END $$;
CREATE TRIGGER messaging_promise_stays BEFORE UPDATE ON messaging_promise
    FOR EACH ROW EXECUTE FUNCTION messaging_refuse_promise_change();
"""
BACKWARD = """
DROP TRIGGER messaging_promise_stays ON messaging_promise;
DROP FUNCTION messaging_refuse_promise_change();
"""


class Migration(migrations.Migration):
    dependencies = [("messaging", "0018_proof_keys")]
    operations = [
        migrations.CreateModel(
            name="Promise",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("workspace_id", models.BigIntegerField()),
                ("version", models.IntegerField()),
                ("code", models.CharField(max_length=16)),
                ("most", models.IntegerField()),
                ("document", models.TextField()),
                ("published_at", models.DateTimeField()),
                ("actor", models.CharField(max_length=120)),
            ],
            options={
                "indexes": [models.Index(fields=["code", "version"], name="promise_code")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("workspace_id", "version"), name="promise_once"
                    )
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]

"""The chain over the ledger. Its rows change as little as the events: an erasure takes a salt, no more."""

from django.db import migrations, models

FORWARD = r"""
CREATE FUNCTION consent_refuse_unsealing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'consent_sealedfact' THEN
        IF to_jsonb(NEW) = to_jsonb(OLD) || '{"salt": null}' THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'the chain over the consent events is append-only';
END $$;
CREATE TRIGGER consent_sealed_fact_append_only BEFORE UPDATE OR DELETE ON consent_sealedfact
    FOR EACH ROW EXECUTE FUNCTION consent_refuse_unsealing();
CREATE TRIGGER consent_sealed_block_append_only BEFORE UPDATE OR DELETE ON consent_sealedblock
    FOR EACH ROW EXECUTE FUNCTION consent_refuse_unsealing();
CREATE TRIGGER consent_sealed_day_append_only BEFORE UPDATE OR DELETE ON consent_sealedday
    FOR EACH ROW EXECUTE FUNCTION consent_refuse_unsealing();
"""
BACKWARD = """
DROP TRIGGER consent_sealed_fact_append_only ON consent_sealedfact;
DROP TRIGGER consent_sealed_block_append_only ON consent_sealedblock;
DROP TRIGGER consent_sealed_day_append_only ON consent_sealedday;
DROP FUNCTION consent_refuse_unsealing();
"""


def _key(*columns: str) -> models.CompositePrimaryKey:
    return models.CompositePrimaryKey(
        *columns, blank=True, editable=False, primary_key=True, serialize=False
    )


class Migration(migrations.Migration):
    dependencies = [("consent", "0010_scopes")]
    operations = [
        migrations.CreateModel(
            "SealedFact",
            [
                ("pk", _key("workspace_id", "number")),
                ("workspace_id", models.BigIntegerField()),
                ("number", models.BigIntegerField()),
                ("fact", models.CharField(max_length=1)),
                ("fact_id", models.BigIntegerField()),
                ("salt", models.UUIDField(null=True)),
                ("personal", models.BinaryField()),
                ("digest", models.BinaryField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("fact", "fact_id"), name="sealed_once")
                ]
            },
        ),
        migrations.CreateModel(
            "SealedBlock",
            [
                ("pk", _key("workspace_id", "number")),
                ("workspace_id", models.BigIntegerField()),
                ("number", models.BigIntegerField()),
                ("first", models.BigIntegerField()),
                ("count", models.IntegerField()),
                ("root", models.BinaryField()),
                ("digest", models.BinaryField()),
                ("sealed_at", models.DateTimeField()),
                ("sealed_on", models.DateField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["workspace_id", "sealed_on"], name="sealed_block_day"),
                    models.Index(fields=["workspace_id", "first"], name="sealed_block_first"),
                ]
            },
        ),
        migrations.CreateModel(
            "SealedDay",
            [
                ("pk", _key("workspace_id", "day")),
                ("workspace_id", models.BigIntegerField()),
                ("day", models.DateField()),
                ("line", models.TextField()),
            ],
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]

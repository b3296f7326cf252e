"""Hashes of erased numbers; and what a person wrote may leave an event that stays."""

from django.db import migrations, models

FORWARD = r"""
CREATE OR REPLACE FUNCTION consent_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'consent_consentevent' THEN
        IF to_jsonb(NEW) - '{wording,evidence}'::text[] = to_jsonb(OLD) - '{wording,evidence}'::text[]
            AND to_jsonb(NEW) -> 'evidence' = '{}'
            AND (to_jsonb(NEW) ->> 'wording' = ''
                 OR to_jsonb(NEW) ->> 'wording' = 'erased, SHA-256 '
                    || encode(sha256(convert_to(to_jsonb(OLD) ->> 'wording', 'UTF8')), 'hex'))
        THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'consent events are append-only: record a new event instead';
END $$;
"""
BACKWARD = r"""
CREATE OR REPLACE FUNCTION consent_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'consent events are append-only: record a new event instead';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("consent", "0008_pause")]
    operations = [
        migrations.CreateModel(
            name="ErasedNumber",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("workspace_id", models.BigIntegerField()),
                ("digest", models.BinaryField()),
                ("reasons", models.JSONField(default=list)),
                ("erased_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("workspace_id", "digest"), name="erased_number_once"
                    )
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]

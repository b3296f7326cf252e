"""Proofs whose numbers are hashed under keys that are kept apart, and can be wiped for one person."""

from django.db import migrations, models

# Proofs made so far hashed the number under a nonce that stands in them: it could be found by trying.
FORWARD = r"""
TRUNCATE messaging_proof;
ALTER TABLE messaging_proof
    ADD COLUMN version smallint NOT NULL,
    ADD COLUMN grounds text NOT NULL,
    ADD COLUMN keys text NOT NULL;
CREATE OR REPLACE FUNCTION messaging_refuse_proof_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ROW(OLD.workspace_id, OLD.first_message_id, OLD.last_message_id, OLD.at, OLD.version,
            OLD.nonce, OLD.leaves, OLD.records, OLD.grounds)
        IS DISTINCT FROM ROW(NEW.workspace_id, NEW.first_message_id, NEW.last_message_id, NEW.at,
            NEW.version, NEW.nonce, NEW.leaves, NEW.records, NEW.grounds)
        OR (OLD.signature IS NOT NULL AND (OLD.keys = NEW.keys
            OR ROW(OLD.consents, OLD.key_id, OLD.signed_at, OLD.signature)
            IS DISTINCT FROM ROW(NEW.consents, NEW.key_id, NEW.signed_at, NEW.signature))) THEN
        RAISE EXCEPTION 'proofs are signed once and never changed';
    END IF;
    RETURN NEW;
END $$;
"""
BACKWARD = r"""
TRUNCATE messaging_proof;
CREATE OR REPLACE FUNCTION messaging_refuse_proof_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.signature IS NOT NULL OR ROW(OLD.workspace_id, OLD.first_message_id, OLD.last_message_id,
            OLD.at, OLD.nonce, OLD.leaves, OLD.records)
        IS DISTINCT FROM ROW(NEW.workspace_id, NEW.first_message_id, NEW.last_message_id,
            NEW.at, NEW.nonce, NEW.leaves, NEW.records) THEN
        RAISE EXCEPTION 'proofs are signed once and never changed';
    END IF;
    RETURN NEW;
END $$;
ALTER TABLE messaging_proof DROP COLUMN version, DROP COLUMN grounds, DROP COLUMN keys;
"""


class Migration(migrations.Migration):
    dependencies = [("messaging", "0017_topic")]
    operations = [
        migrations.RunSQL(
            FORWARD,
            BACKWARD,
            state_operations=[
                migrations.AddField(
                    model_name="proofblock",
                    name="version",
                    field=models.SmallIntegerField(),
                ),
                migrations.AddField(
                    model_name="proofblock", name="grounds", field=models.TextField()
                ),
                migrations.AddField(model_name="proofblock", name="keys", field=models.TextField()),
            ],
        )
    ]

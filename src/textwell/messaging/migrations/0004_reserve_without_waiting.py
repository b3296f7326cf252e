"""Blocks of message ids without waiting for the transaction of the one before.

The lock is needed only while the sequence is read and set, which no rollback undoes. Held until the
commit it made every single message wait for the disk of the one before.
"""

from django.db import migrations

FORWARD = r"""
CREATE OR REPLACE FUNCTION messaging_make_leaf(leaf bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    low bigint := leaf << 24;
    high bigint := (leaf + 1) << 24;
BEGIN
    -- Almost always it is there: look before the lock, which lasts until the commit.
    IF to_regclass('messaging_message_' || leaf) IS NOT NULL THEN RETURN; END IF;
    PERFORM pg_advisory_xact_lock(7239001, leaf::int);
    IF to_regclass('messaging_message_' || leaf) IS NOT NULL THEN RETURN; END IF;
    EXECUTE format('CREATE TABLE messaging_message_%s PARTITION OF messaging_message
        FOR VALUES FROM (%s) TO (%s) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.2)',
        leaf, low, high);
    EXECUTE format('CREATE UNIQUE INDEX messaging_message_%s_once ON messaging_message_%s
        (campaign_id, contact_id) WHERE campaign_id IS NOT NULL', leaf, leaf);
    EXECUTE format('CREATE INDEX messaging_message_%s_contact ON messaging_message_%s
        (contact_id, id)', leaf, leaf);
    EXECUTE format('CREATE TABLE messaging_outcome_%s PARTITION OF messaging_outcome
        FOR VALUES FROM (%s) TO (%s)', leaf, low, high);
    EXECUTE format('CREATE INDEX messaging_outcome_%s_id ON messaging_outcome_%s (id)', leaf, leaf);
    EXECUTE format('CREATE INDEX messaging_outcome_%s_key ON messaging_outcome_%s
        (provider_key) WHERE provider_key IS NOT NULL', leaf, leaf);
    EXECUTE format('CREATE INDEX messaging_outcome_%s_message ON messaging_outcome_%s
        USING brin (message_id) WITH (pages_per_range = 16)', leaf, leaf);
END $$;

CREATE OR REPLACE FUNCTION messaging_reserve_block(wanted bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    head bigint;
    leaf_size constant bigint := 1 << 24;
BEGIN
    IF wanted < 1 OR wanted > leaf_size THEN
        RAISE EXCEPTION 'a block holds 1 to % message ids, % asked for', leaf_size, wanted;
    END IF;
    PERFORM pg_advisory_lock(7239003);
    BEGIN
        SELECT CASE WHEN is_called THEN last_value + 1 ELSE last_value END INTO head
            FROM messaging_message_block;
        IF (head >> 24) <> ((head + wanted - 1) >> 24) THEN
            head := ((head >> 24) + 1) << 24;
        END IF;
        PERFORM setval('messaging_message_block', head + wanted - 1, true);
    EXCEPTION WHEN OTHERS OR query_canceled THEN
        PERFORM pg_advisory_unlock(7239003);
        RAISE;
    END;
    PERFORM pg_advisory_unlock(7239003);
    PERFORM messaging_make_leaf(head >> 24);
    RETURN head;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("messaging", "0003_paused_batches")]
    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]

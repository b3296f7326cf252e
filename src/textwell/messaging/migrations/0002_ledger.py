"""The hot tables, by hand: partitioned by message id, leaves made on demand.

A leaf holds 2**24 ids. A campaign's block of ids never crosses a leaf, so the leaf's own unique
index on (campaign_id, contact_id) is unique in the database.
"""

from django.db import migrations

FORWARD = r"""
CREATE TABLE messaging_message (
    id bigint NOT NULL,
    workspace_id bigint NOT NULL,
    campaign_id bigint,
    contact_id bigint NOT NULL,
    due_at timestamptz,
    expires_at timestamptz,
    planned_at timestamptz NOT NULL,
    handed_at timestamptz,
    done_at timestamptz,
    gateway_id bigint,
    cost_micros bigint NOT NULL DEFAULT 0,
    segment_count smallint NOT NULL DEFAULT 0,
    msisdn varchar(16) NOT NULL,
    country varchar(2) NOT NULL DEFAULT '',
    state varchar(12) NOT NULL,
    reason varchar(40) NOT NULL DEFAULT '',
    code varchar(40) NOT NULL DEFAULT '',
    sender varchar(21) NOT NULL DEFAULT '',
    lane varchar(6) NOT NULL DEFAULT 'bulk',
    PRIMARY KEY (id)
) PARTITION BY RANGE (id);

CREATE TABLE messaging_outcome (
    id bigint GENERATED ALWAYS AS IDENTITY,
    message_id bigint NOT NULL,
    gateway_id bigint,
    at timestamptz NOT NULL,
    provider_key bigint,
    cost_micros bigint NOT NULL DEFAULT 0,
    segment_count smallint NOT NULL DEFAULT 0,
    outcome varchar(12) NOT NULL,
    reason varchar(40) NOT NULL DEFAULT '',
    code varchar(40) NOT NULL DEFAULT '',
    encoding varchar(4) NOT NULL DEFAULT '',
    provider_message_id varchar(65) NOT NULL DEFAULT '',
    text text NOT NULL DEFAULT '',
    facts jsonb
) PARTITION BY RANGE (message_id);

CREATE TABLE messaging_dlr (
    id bigint GENERATED ALWAYS AS IDENTITY,
    gateway_id bigint NOT NULL,
    message_id bigint,
    provider_key bigint NOT NULL,
    done_at timestamptz,
    received_at timestamptz NOT NULL,
    state varchar(12) NOT NULL,
    reason varchar(40) NOT NULL DEFAULT '',
    code varchar(40) NOT NULL DEFAULT '',
    provider_message_id varchar(65) NOT NULL DEFAULT ''
) PARTITION BY RANGE (received_at);

CREATE SEQUENCE messaging_message_block AS bigint MINVALUE 1 START 1;

CREATE FUNCTION messaging_make_leaf(leaf bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    low bigint := leaf << 24;
    high bigint := (leaf + 1) << 24;
BEGIN
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

CREATE FUNCTION messaging_make_dlr_leaf(month date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    low date := date_trunc('month', month);
    high date := date_trunc('month', month) + interval '1 month';
    name text := 'messaging_dlr_' || to_char(month, 'YYYYMM');
BEGIN
    PERFORM pg_advisory_xact_lock(7239002, to_char(month, 'YYYYMM')::int);
    IF to_regclass(name) IS NOT NULL THEN RETURN; END IF;
    EXECUTE format('CREATE TABLE %I PARTITION OF messaging_dlr FOR VALUES FROM (%L) TO (%L)',
        name, low, high);
    EXECUTE format('CREATE INDEX %I ON %I (id)', name || '_id', name);
    EXECUTE format('CREATE INDEX %I ON %I USING brin (message_id) WITH (pages_per_range = 16)',
        name || '_message', name);
END $$;

-- A block of contiguous ids that never crosses a leaf; unused ids are never used again.
CREATE FUNCTION messaging_reserve_block(wanted bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    head bigint;
    leaf_size constant bigint := 1 << 24;
BEGIN
    IF wanted < 1 OR wanted > leaf_size THEN
        RAISE EXCEPTION 'a block holds 1 to % message ids, % asked for', leaf_size, wanted;
    END IF;
    PERFORM pg_advisory_xact_lock(7239003);
    SELECT CASE WHEN is_called THEN last_value + 1 ELSE last_value END INTO head
        FROM messaging_message_block;
    IF (head >> 24) <> ((head + wanted - 1) >> 24) THEN
        head := ((head >> 24) + 1) << 24;
    END IF;
    PERFORM setval('messaging_message_block', head + wanted - 1, true);
    PERFORM messaging_make_leaf(head >> 24);
    RETURN head;
END $$;

SELECT messaging_make_leaf(0);
SELECT messaging_make_dlr_leaf(now()::date), messaging_make_dlr_leaf((now() + interval '1 month')::date);
"""

BACKWARD = r"""
DROP TABLE messaging_message, messaging_outcome, messaging_dlr;
DROP SEQUENCE messaging_message_block;
DROP FUNCTION messaging_make_leaf(bigint);
DROP FUNCTION messaging_make_dlr_leaf(date);
DROP FUNCTION messaging_reserve_block(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("messaging", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]

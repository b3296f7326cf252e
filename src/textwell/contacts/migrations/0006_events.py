"""Events, partitioned by month of `at`; their keys apart, since a repeated event may give no time."""

from django.db import migrations, models

FORWARD = r"""
CREATE TABLE contacts_event (
    id bigint GENERATED ALWAYS AS IDENTITY,
    workspace_id bigint NOT NULL,
    contact_id bigint,
    at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    name varchar(100) NOT NULL,
    source_key varchar(200) NOT NULL,
    msisdn varchar(16) NOT NULL DEFAULT '',
    external_id varchar(120) NOT NULL DEFAULT '',
    properties jsonb NOT NULL DEFAULT '{}'
) PARTITION BY RANGE (at);
CREATE INDEX contacts_event_person ON contacts_event (contact_id, at) WHERE contact_id IS NOT NULL;
CREATE INDEX contacts_event_id ON contacts_event (id);
CREATE TABLE contacts_event_old PARTITION OF contacts_event FOR VALUES FROM (MINVALUE) TO ('2015-01-01 00:00+00');

CREATE TABLE contacts_eventkey (
    workspace_id bigint NOT NULL,
    source_key varchar(200) NOT NULL,
    seen_at timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, source_key)
);
CREATE INDEX contacts_eventkey_age ON contacts_eventkey USING brin (seen_at);

CREATE FUNCTION contacts_make_event_leaf(month date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    low timestamptz := date_trunc('month', month)::timestamp AT TIME ZONE 'UTC';
    high timestamptz := (date_trunc('month', month) + interval '1 month')::timestamp AT TIME ZONE 'UTC';
    name text := 'contacts_event_' || to_char(month, 'YYYYMM');
BEGIN
    IF to_regclass(name) IS NOT NULL THEN RETURN; END IF;
    PERFORM pg_advisory_xact_lock(7239004, to_char(month, 'YYYYMM')::int);
    IF to_regclass(name) IS NOT NULL THEN RETURN; END IF;
    EXECUTE format('CREATE TABLE %I PARTITION OF contacts_event FOR VALUES FROM (%L) TO (%L)',
        name, low, high);
END $$;
"""
BACKWARD = """
DROP TABLE contacts_event, contacts_eventkey;
DROP FUNCTION contacts_make_event_leaf(date);
"""


class Migration(migrations.Migration):
    dependencies = [("contacts", "0005_name_search")]
    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("workspace_id", models.BigIntegerField()),
                ("contact_id", models.BigIntegerField(null=True)),
                ("at", models.DateTimeField()),
                ("received_at", models.DateTimeField()),
                ("name", models.CharField(max_length=100)),
                ("source_key", models.CharField(max_length=200)),
                ("msisdn", models.CharField(max_length=16)),
                ("external_id", models.CharField(max_length=120)),
                ("properties", models.JSONField(default=dict)),
            ],
            options={"db_table": "contacts_event", "managed": False},
        ),
    ]

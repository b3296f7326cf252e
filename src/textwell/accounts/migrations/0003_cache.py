"""The table of Django's cache: counters and used codes that all processes must see."""

from django.db import migrations

FORWARD = """
CREATE UNLOGGED TABLE accounts_cache (
    cache_key varchar(255) PRIMARY KEY,
    value text NOT NULL,
    expires timestamptz NOT NULL
);
CREATE INDEX accounts_cache_expires ON accounts_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_throttle_and_audit")]
    operations = [migrations.RunSQL(FORWARD, "DROP TABLE accounts_cache")]

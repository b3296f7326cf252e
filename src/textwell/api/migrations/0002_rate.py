"""What each key has made of its rate in the present second, for all web processes to see."""

from django.db import migrations

FORWARD = """
CREATE UNLOGGED TABLE api_rate (
    api_key_id bigint PRIMARY KEY,
    second bigint NOT NULL,
    taken integer NOT NULL
) WITH (fillfactor = 50);
"""


class Migration(migrations.Migration):
    dependencies = [("api", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, "DROP TABLE api_rate")]

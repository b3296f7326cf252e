"""SMPP gateways name the version (3.4), where they had the octet of the bind (52)."""

from django.db import migrations

NAME_THE_VERSION = """
UPDATE gateways_gateway SET settings = jsonb_set(settings, '{interface_version}',
    CASE settings->>'interface_version' WHEN '51' THEN '"3.3"' WHEN '80' THEN '"5.0"'
    ELSE '"3.4"' END::jsonb)
WHERE jsonb_typeof(settings->'interface_version') = 'number'
"""


class Migration(migrations.Migration):
    dependencies = [("gateways", "0001_initial")]

    operations = [migrations.RunSQL(NAME_THE_VERSION, migrations.RunSQL.noop)]

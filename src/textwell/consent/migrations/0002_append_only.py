"""Consent events are facts: the database itself refuses to change or delete one."""

from django.db import migrations

FORWARD = r"""
CREATE FUNCTION consent_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'consent events are append-only: record a new event instead';
END $$;
CREATE TRIGGER consent_event_append_only
    BEFORE UPDATE OR DELETE ON consent_consentevent
    FOR EACH ROW EXECUTE FUNCTION consent_refuse_change();
"""
BACKWARD = r"""
DROP TRIGGER consent_event_append_only ON consent_consentevent;
DROP FUNCTION consent_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("consent", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]

"""People who are erased leave the audit log; whatever else is to be changed in it is refused as before."""

from django.db import migrations, models

FORWARD = r"""
CREATE FUNCTION accounts_refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.data = '{"erased": true}' AND NEW.reason = ''
        AND to_jsonb(NEW) - '{data,reason}'::text[] = to_jsonb(OLD) - '{data,reason}'::text[]
        AND EXISTS (SELECT FROM accounts_auditerasure WHERE entry_id = OLD.id)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the audit log is append-only: % refused', TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
DROP TRIGGER accounts_auditentry_append_only ON accounts_auditentry;
CREATE TRIGGER accounts_auditentry_append_only BEFORE UPDATE OR DELETE ON accounts_auditentry
    FOR EACH ROW EXECUTE FUNCTION accounts_refuse_audit_change();
CREATE TRIGGER accounts_auditerasure_append_only BEFORE UPDATE OR DELETE ON accounts_auditerasure
    FOR EACH ROW EXECUTE FUNCTION accounts_refuse_change();
"""
BACKWARD = r"""
DROP TRIGGER accounts_auditerasure_append_only ON accounts_auditerasure;
DROP TRIGGER accounts_auditentry_append_only ON accounts_auditentry;
CREATE TRIGGER accounts_auditentry_append_only BEFORE UPDATE OR DELETE ON accounts_auditentry
    FOR EACH ROW EXECUTE FUNCTION accounts_refuse_change();
DROP FUNCTION accounts_refuse_audit_change();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0017_law_layer")]
    operations = [
        migrations.CreateModel(
            name="AuditErasure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("workspace_id", models.BigIntegerField()),
                ("entry_id", models.BigIntegerField(unique=True)),
                ("digest", models.CharField(max_length=64)),
                ("at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]

from django.db import migrations, models

# A sandbox's consent is invented: whoever could make it live would text people who never agreed. The
# rule holds against hand-written SQL too.
FORWARD = """
CREATE FUNCTION accounts_keep_sandbox() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'workspace % is a sandbox and never becomes live', OLD.id
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER accounts_workspace_keep_sandbox BEFORE UPDATE OF is_sandbox ON accounts_workspace
    FOR EACH ROW WHEN (OLD.is_sandbox AND NEW.is_sandbox IS NOT TRUE)
    EXECUTE FUNCTION accounts_keep_sandbox();
"""
BACKWARD = """
DROP TRIGGER accounts_workspace_keep_sandbox ON accounts_workspace;
DROP FUNCTION accounts_keep_sandbox();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0014_answer_minutes'),
    ]

    operations = [
        migrations.AddField(
            model_name='workspace',
            name='is_sandbox',
            field=models.BooleanField(default=False, db_default=False),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]

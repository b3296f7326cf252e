"""A key that another key made has the same person behind it: keys from before that was noted, too."""

from django.db import migrations


def name_makers(apps, _schema_editor):
    """By the audit log, in the order of their making: a chain of keys leads to its first maker."""
    keys = apps.get_model("accounts", "ApiKey").objects
    entries = apps.get_model("accounts", "AuditEntry").objects
    for key in keys.filter(created_by=None).order_by("id").iterator():
        made = entries.filter(
            workspace_id=key.workspace_id, subject=f"key:{key.id}", action="api_keys.created"
        ).first()
        kind, _colon, number = made.actor.partition(":") if made else ("", "", "")
        if kind != "key" or not number.isdecimal():
            continue
        maker = keys.filter(workspace_id=key.workspace_id, id=int(number)).first()
        if maker is not None and maker.created_by_id is not None:
            keys.filter(id=key.id).update(created_by_id=maker.created_by_id)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0012_used_assertion")]
    operations = [migrations.RunPython(name_makers, migrations.RunPython.noop)]

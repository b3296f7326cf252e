"""Names of the events that each workspace has; those of the last ninety days are taken over."""

from django.db import migrations, models


# One reading of the youngest leaves; what comes in meanwhile names itself when it comes the next day.
FILL = """
INSERT INTO contacts_eventname (workspace_id, name, seen_on, day_count)
SELECT workspace_id, name, max((at AT TIME ZONE 'UTC')::date),
    count(DISTINCT (at AT TIME ZONE 'UTC')::date)
FROM contacts_event WHERE at > now() - interval '90 days' GROUP BY 1, 2
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):

    dependencies = [
        ('contacts', '0011_saved_filters'),
    ]

    operations = [
        migrations.CreateModel(
            name='EventName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('workspace_id', models.BigIntegerField()),
                ('name', models.CharField(max_length=100)),
                ('seen_on', models.DateField()),
                ('day_count', models.IntegerField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('workspace_id', 'name'), name='event_name_once')],
            },
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]

"""A thread a person of whom a text waited for somebody, also before there were threads.

Nobody could answer here until now: whoever wrote within the last week waits, and what is older counts
as done with, so that a first look at the inbox is not a look at years. Whoever is no contact any more has none.
"""

import django.db.models.deletion
from django.db import migrations, models


BACKFILL = """
INSERT INTO inbox_thread (workspace_id, contact_id, is_open, is_unread, waiting_since, last_at, last_text,
    is_last_ours, last_entry, place)
SELECT workspace_id, contact_id, since IS NOT NULL, since IS NOT NULL, since, last_at,
    left(regexp_replace(last_text, '\\s+', ' ', 'g'), 160), false, n,
    CASE WHEN since IS NOT NULL THEN (extract(epoch FROM since) * 1000000)::bigint
    ELSE 4611686018427387904 - (extract(epoch FROM last_at) * 1000000)::bigint END
FROM (
    SELECT workspace_id, contact_id, count(*) AS n, max(received_at) AS last_at,
        min(received_at) FILTER (WHERE received_at > now() - interval '7 days') AS since,
        (array_agg(text ORDER BY received_at DESC))[1] AS last_text
    FROM inbox_reply r WHERE handled_at IS NULL
      AND EXISTS (SELECT FROM contacts_contact c WHERE c.id = r.contact_id AND c.workspace_id = r.workspace_id)
    GROUP BY workspace_id, contact_id
) given
ORDER BY workspace_id, contact_id
"""


class Migration(migrations.Migration):

    dependencies = [
        ('contacts', '0001_initial'),
        ('inbox', '0002_newest_first'),
    ]

    operations = [
        migrations.CreateModel(
            name='CannedAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('workspace_id', models.BigIntegerField()),
                ('name', models.CharField(max_length=120)),
                ('body', models.TextField()),
                ('fallbacks', models.JSONField(default=dict)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('workspace_id', 'name'), name='canned_answer_once')],
            },
        ),
        migrations.CreateModel(
            name='Thread',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('workspace_id', models.BigIntegerField()),
                ('contact_id', models.BigIntegerField()),
                ('is_open', models.BooleanField(default=True)),
                ('is_unread', models.BooleanField(default=False)),
                ('assignee_id', models.BigIntegerField(null=True)),
                ('waiting_since', models.DateTimeField(null=True)),
                ('last_at', models.DateTimeField()),
                ('last_text', models.CharField(default='', max_length=160)),
                ('is_last_ours', models.BooleanField(default=False)),
                ('last_entry', models.BigIntegerField(default=0)),
                ('place', models.BigIntegerField()),
            ],
            options={
                'indexes': [models.Index(fields=['workspace_id', 'is_open', 'place', 'id'], name='thread_place'), models.Index(fields=['workspace_id', 'assignee_id', 'is_open', 'place', 'id'], name='thread_assignee'), models.Index(condition=models.Q(('is_unread', True)), fields=['workspace_id'], name='thread_unread')],
                'constraints': [models.UniqueConstraint(fields=('workspace_id', 'contact_id'), name='thread_once')],
            },
        ),
        migrations.CreateModel(
            name='ThreadEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('workspace_id', models.BigIntegerField()),
                ('number', models.BigIntegerField()),
                ('kind', models.CharField(choices=[('answer', 'Answer'), ('note', 'Note'), ('assigned', 'Assigned'), ('closed', 'Closed'), ('reopened', 'Reopened')], max_length=8)),
                ('actor', models.CharField(max_length=80)),
                ('at', models.DateTimeField()),
                ('text', models.TextField(blank=True, default='')),
                ('message_id', models.BigIntegerField(null=True)),
                ('assignee_id', models.BigIntegerField(null=True)),
                ('thread', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='entries', to='inbox.thread')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('thread', 'number'), name='thread_entry_once')],
            },
        ),
        migrations.RunSQL(BACKFILL, migrations.RunSQL.noop),
    ]

"""Words of replies, answers and notes, for the search of the inbox; see `searching.py`."""

from django.db import migrations

VECTOR = (
    "to_tsvector('simple', 'textwell' || workspace_id || ' '"
    r" || regexp_replace(text, '([㐀-䶿一-鿿])', ' \1 ', 'g'))"
)


class Migration(migrations.Migration):

    dependencies = [
        ('inbox', '0005_undecided_answers'),
    ]

    operations = [
        migrations.RunSQL(
            f"CREATE INDEX reply_words ON inbox_reply USING gin (({VECTOR}))",
            "DROP INDEX reply_words",
        ),
        migrations.RunSQL(
            f"CREATE INDEX entry_words ON inbox_threadentry USING gin (({VECTOR})) WHERE text <> ''",
            "DROP INDEX entry_words",
        ),
    ]

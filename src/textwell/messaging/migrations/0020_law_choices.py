"""Named days without our cautious hours, and disputed rules that are read the lenient way."""

from django.db import migrations, models


def _words(most: int, *, may_lack: bool = False) -> models.Field:
    return models.CharField(max_length=most, **({"blank": True, "default": ""} if may_lack else {}))


def _id() -> tuple[str, models.Field]:
    field = models.BigAutoField(
        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
    )
    return "id", field


_STATES = [
    ("asked", "Waits for approval"),
    ("approved", "Approved"),
    ("returned", "Given back"),
    ("withdrawn", "Withdrawn"),
]


class Migration(migrations.Migration):
    dependencies = [("messaging", "0019_promise")]
    operations = [
        migrations.CreateModel(
            "ExceptionDay",
            [
                _id(),
                ("workspace_id", models.BigIntegerField()),
                ("country", _words(2)),
                ("day", models.DateField()),
                ("name", _words(80)),
                ("reason", _words(500)),
                ("state", models.CharField(choices=_STATES, default="asked", max_length=9)),
                ("asked_by", _words(80)),
                ("asked_at", models.DateTimeField(auto_now_add=True)),
                ("decided_by", _words(80, may_lack=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("note", _words(500, may_lack=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["asked", "approved"])),
                        fields=("workspace_id", "country", "day"),
                        name="exception_day_once",
                    )
                ]
            },
        ),
        migrations.CreateModel(
            "LenientReading",
            [
                _id(),
                ("workspace_id", models.BigIntegerField()),
                ("rule", _words(60)),
                ("says", models.TextField()),
                ("signed_by", _words(120)),
                ("reason", _words(500)),
                ("actor", _words(80)),
                ("chosen_at", models.DateTimeField(auto_now_add=True)),
                ("ended_by", _words(80, may_lack=True)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("workspace_id", "rule"),
                        name="lenient_reading_once",
                    )
                ]
            },
        ),
    ]

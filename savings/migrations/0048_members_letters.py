"""Letters to finance leads about who is a member and on which terms."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("councils", "0006_reorganisations"),
        ("savings", "0047_sight_of_schemes"),
    ]

    operations = [
        migrations.CreateModel(
            name="MembersLetter",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "what",
                    models.TextField(
                        choices=[
                            ("offer", "asked to join"),
                            ("change", "asked to agree to a change"),
                            ("notice", "told that a member leaves"),
                        ]
                    ),
                ),
                ("about", models.UUIDField(db_comment="public id of the offer, the change or the notice")),
                ("attempts", models.IntegerField(db_comment="counted before each try", default=0)),
                ("try_after", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
                (
                    "dropped_at",
                    models.DateTimeField(db_comment="answered before it was sent, or not wanted", null=True),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.person"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("dropped_at", None), ("sent_at", None)),
                        fields=["try_after"],
                        name="savings_membersletter_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("person", "about"), name="savings_membersletter_once"),
                    models.CheckConstraint(
                        condition=models.Q(("sent_at", None), ("dropped_at", None), _connector="OR"),
                        name="savings_membersletter_ends_once",
                    ),
                ],
            },
        ),
        migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text()),
    ]

"""A distinction can be withdrawn and is of claims a rule caught; claims are kept line by line, to compare with."""

from pathlib import Path

import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import F, Q

from councils.sealing import reseal

CHANGED = ("Distinction", "DistinctionAcross")
HERE = Path(__file__)


class Migration(migrations.Migration):
    dependencies = [("savings", "0022_budget_totals")]

    operations = [
        reseal("savings", *CHANGED),
        *(
            migrations.AddField(
                model_name=name,
                name=field,
                field=kind,
            )
            for name in ("distinction", "distinctionacross")
            for field, kind in (
                ("sequence", models.SmallIntegerField(default=1, db_default=1, db_comment="from 1 within the pair")),
                (
                    "apart",
                    models.BooleanField(
                        default=True, db_default=True, db_comment="false: the one before is withdrawn; the latest holds"
                    ),
                ),
            )
        ),
        migrations.RemoveConstraint("distinction", "savings_distinction_once"),
        migrations.RemoveConstraint("distinctionacross", "savings_across_once"),
        migrations.AddConstraint(
            "distinction",
            models.UniqueConstraint(
                fields=["partnership", "year", "council", "scheme", "other_council", "other_scheme", "sequence"],
                name="savings_distinction_once",
            ),
        ),
        migrations.AddConstraint(
            "distinctionacross",
            models.UniqueConstraint(
                fields=["council", "year", "scheme", "other_scheme", "sequence"], name="savings_across_once"
            ),
        ),
        AddConstraintNotValid(
            "distinction",
            models.CheckConstraint(
                name="savings_distinction_order",
                condition=Q(scheme__lt=F("other_scheme")) | Q(scheme=F("other_scheme"), council__lt=F("other_council")),
            ),
        ),
        migrations.CreateModel(
            name="ClaimLine",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("year", models.SmallIntegerField(db_comment="financial-year start")),
                ("line", models.BigIntegerField(db_comment="lowest id of the entries that stand")),
                ("pence", models.BigIntegerField()),
                ("size", models.BigIntegerField(db_comment="the same without its sign: what is near is looked up")),
                ("grade", models.SmallIntegerField()),
                ("ref", models.TextField(blank=True, db_comment="the one reference it rests on; else empty")),
                ("refs", models.SmallIntegerField(db_comment="how many: 0, 1 or, for several, 2")),
                (
                    "file",
                    models.TextField(blank=True, db_comment="SHA-256 of the one document it rests on; else empty"),
                ),
                ("files", models.SmallIntegerField(db_comment="how many: 0, 1 or, for several, 2")),
                *(
                    (
                        name,
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=to,
                        ),
                    )
                    for name, to in (
                        ("partnership", "partnerships.partnership"),
                        ("council", "councils.council"),
                        ("scheme", "savings.scheme"),
                        ("service", "partnerships.service"),
                    )
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("partnership", "year", "council", "scheme"), name="savings_claimline_once"
                    )
                ],
                "indexes": [
                    models.Index(fields=["partnership", "year", "service", "size"], name="savings_claimline_near"),
                    models.Index(fields=["partnership", "year", "pence", "ref"], name="savings_claimline_ref"),
                    models.Index(fields=["partnership", "year", "pence", "file"], name="savings_claimline_file"),
                    models.Index(fields=["council", "year", "service", "size"], name="savings_claimline_across"),
                ],
            },
        ),
        migrations.RunSQL(
            HERE.with_suffix(".sql").read_text(), HERE.with_name("0023_distinctions_back.sql").read_text()
        ),
        reseal("savings", *CHANGED),
    ]

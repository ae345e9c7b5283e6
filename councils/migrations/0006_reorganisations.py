"""Plans of reorganisations: versions, who goes where, and the steps of two people. Walls and rules: savings 0034."""

import django.contrib.postgres.functions
import django.db.models.deletion
import uuid
from django.db import migrations, models

from councils.sealing import seal

NAMES = ("Reorganisation", "ReorganisationVersion", "PlannedCouncil", "PlannedPassing", "ReorganisationStep")


class Migration(migrations.Migration):
    # the walls stand: what comes later is walled in one by one
    dependencies = [("councils", "0005_invitations"), ("savings", "0029_successors_act")]

    operations = [
        migrations.CreateModel(
            name="PlannedCouncil",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "public_id",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(),
                        default=uuid.uuid4,
                        editable=False,
                        unique=True,
                    ),
                ),
                (
                    "salt",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False
                    ),
                ),
                ("code", models.TextField(db_comment="register code it would get")),
                ("name", models.TextField()),
                ("short_name", models.TextField()),
                ("slug", models.SlugField(max_length=80)),
                (
                    "kind",
                    models.TextField(
                        choices=[
                            ("county", "County council"),
                            ("district", "District council"),
                            ("unitary", "Unitary council"),
                            ("metropolitan", "Metropolitan district"),
                            ("london_borough", "London borough"),
                            ("welsh", "Welsh council"),
                            ("scottish", "Scottish council"),
                            ("northern_irish", "Northern Irish council"),
                            ("combined_authority", "Combined authority"),
                            ("greater_london_authority", "Greater London Authority"),
                            ("nhs", "NHS body"),
                            ("police", "Police body"),
                            ("fire", "Fire authority"),
                            ("company", "Company"),
                            ("government", "Government department"),
                            ("other", "Other public body"),
                        ]
                    ),
                ),
                ("nation", models.TextField(blank=True)),
                ("region", models.TextField(blank=True)),
                (
                    "act",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.act"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Reorganisation",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "public_id",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(),
                        default=uuid.uuid4,
                        editable=False,
                        unique=True,
                    ),
                ),
                (
                    "salt",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False
                    ),
                ),
                (
                    "act",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.act"),
                ),
                (
                    "drafted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.person"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ReorganisationVersion",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "public_id",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(),
                        default=uuid.uuid4,
                        editable=False,
                        unique=True,
                    ),
                ),
                (
                    "salt",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False
                    ),
                ),
                ("number", models.IntegerField()),
                ("name", models.TextField()),
                (
                    "vesting_on",
                    models.DateField(db_comment="first day of the successors, and first without the predecessors"),
                ),
                ("explanation", models.TextField(blank=True)),
                ("written_at", models.DateTimeField()),
                (
                    "act",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.act"),
                ),
                (
                    "reorganisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="councils.reorganisation",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.person"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReorganisationStep",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "public_id",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(),
                        default=uuid.uuid4,
                        editable=False,
                        unique=True,
                    ),
                ),
                (
                    "salt",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False
                    ),
                ),
                (
                    "step",
                    models.TextField(
                        choices=[("proposed", "Proposed"), ("enacted", "Enacted"), ("withdrawn", "Withdrawn")]
                    ),
                ),
                ("stepped_at", models.DateTimeField()),
                ("reason", models.TextField(blank=True)),
                (
                    "act",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.act"),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="councils.reorganisationstep",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        db_comment="copied by key from the proposal",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="councils.person",
                    ),
                ),
                (
                    "reorganisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="councils.reorganisation"
                    ),
                ),
                (
                    "stepped_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.person"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="councils.reorganisationversion",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PlannedPassing",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "public_id",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(),
                        default=uuid.uuid4,
                        editable=False,
                        unique=True,
                    ),
                ),
                (
                    "salt",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False
                    ),
                ),
                ("share_bps", models.IntegerField(db_comment="basis points; 10,000 is the whole")),
                ("share_basis", models.TextField(db_comment="what the share was worked out from")),
                (
                    "act",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.act"),
                ),
                (
                    "planned",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="passings",
                        to="councils.plannedcouncil",
                    ),
                ),
                (
                    "predecessor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.council"
                    ),
                ),
                (
                    "successor",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.council"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="passings",
                        to="councils.reorganisationversion",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="plannedcouncil",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="councils",
                to="councils.reorganisationversion",
            ),
        ),
        migrations.AddConstraint(
            model_name="reorganisationversion",
            constraint=models.UniqueConstraint(fields=("reorganisation", "number"), name="councils_version_once"),
        ),
        migrations.AddConstraint(
            model_name="reorganisationversion",
            constraint=models.UniqueConstraint(fields=("id", "act"), name="councils_version_act"),
        ),
        migrations.AddConstraint(
            model_name="reorganisationversion",
            constraint=models.UniqueConstraint(fields=("id", "reorganisation"), name="councils_version_plan"),
        ),
        migrations.AddConstraint(
            model_name="reorganisationversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True), name="councils_version_named"
            ),
        ),
        migrations.AddConstraint(
            model_name="reorganisationstep",
            constraint=models.UniqueConstraint(
                condition=models.Q(("step__in", ["enacted", "withdrawn"])),
                fields=("reorganisation",),
                name="councils_reorganisation_ends_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="reorganisationstep",
            constraint=models.UniqueConstraint(
                condition=models.Q(("step", "proposed")),
                fields=("version",),
                name="councils_reorganisation_proposed_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="reorganisationstep",
            constraint=models.CheckConstraint(
                condition=models.Q(("step__in", ["proposed", "enacted", "withdrawn"])),
                name="councils_reorganisationstep_step",
            ),
        ),
        migrations.AddConstraint(
            model_name="reorganisationstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("proposal__isnull", False),
                        ("proposed_by__isnull", False),
                        ("step", "enacted"),
                        models.Q(("stepped_by", models.F("proposed_by")), _negated=True),
                    ),
                    models.Q(
                        ("proposal__isnull", True),
                        ("proposed_by__isnull", True),
                        ("step__in", ["proposed", "withdrawn"]),
                    ),
                    _connector="OR",
                ),
                name="councils_reorganisation_two_people",
            ),
        ),
        migrations.AddConstraint(
            model_name="plannedpassing",
            constraint=models.UniqueConstraint(
                fields=("version", "predecessor", "planned", "successor"),
                name="councils_plannedpassing_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="plannedpassing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("planned__isnull", True), ("successor__isnull", False)),
                    models.Q(("planned__isnull", False), ("successor__isnull", True)),
                    _connector="OR",
                ),
                name="councils_plannedpassing_to_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="plannedpassing",
            constraint=models.CheckConstraint(
                condition=models.Q(("share_bps__gt", 0), ("share_bps__lte", 10000)),
                name="councils_plannedpassing_share",
            ),
        ),
        migrations.AddConstraint(
            model_name="plannedcouncil",
            constraint=models.UniqueConstraint(fields=("version", "code"), name="councils_planned_code_once"),
        ),
        migrations.AddConstraint(
            model_name="plannedcouncil",
            constraint=models.UniqueConstraint(fields=("version", "slug"), name="councils_planned_slug_once"),
        ),
        migrations.AddConstraint(
            model_name="plannedcouncil",
            constraint=models.UniqueConstraint(fields=("id", "version"), name="councils_planned_version"),
        ),
        migrations.AddConstraint(
            model_name="plannedcouncil",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("code", ""), _negated=True),
                    models.Q(("name", ""), _negated=True),
                    models.Q(("short_name", ""), _negated=True),
                    models.Q(("slug", ""), _negated=True),
                ),
                name="councils_planned_named",
            ),
        ),
        migrations.AddConstraint(
            model_name="plannedcouncil",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "county",
                            "district",
                            "unitary",
                            "metropolitan",
                            "london_borough",
                            "welsh",
                            "scottish",
                            "northern_irish",
                            "combined_authority",
                            "greater_london_authority",
                            "nhs",
                            "police",
                            "fire",
                            "company",
                            "government",
                            "other",
                        ],
                    )
                ),
                name="councils_planned_kind",
            ),
        ),
        seal("councils", *NAMES),
    ]

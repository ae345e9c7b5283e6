"""Terms of leaving, notices, and what a notice expects leaving to cost."""

import django.contrib.postgres.functions
import django.db.models.deletion
import uuid
from django.db import migrations, models

from councils.sealing import seal


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0006_claimings"), ("savings", "0044_claimings")]

    operations = [
        migrations.CreateModel(
            name="LeavingNotice",
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
                ("leaves_on", models.DateField(db_comment="first day it is no longer a member")),
                ("reason", models.TextField()),
                ("minute_reference", models.TextField(blank=True)),
                ("given_at", models.DateTimeField()),
                (
                    "act",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.act"),
                ),
                (
                    "council",
                    models.ForeignKey(
                        db_comment="who leaves",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="councils.council",
                    ),
                ),
                (
                    "given_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.person"
                    ),
                ),
                (
                    "partnership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="partnerships.partnership",
                    ),
                ),
                (
                    "withdraws",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="withdrawn_by",
                        to="partnerships.leavingnotice",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LeavingCost",
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
                ("scheme_reference", models.TextField()),
                ("what", models.TextField(choices=[("exit", "Exit cost"), ("stranded", "Stranded overhead")])),
                ("year", models.SmallIntegerField(db_comment="financial-year start")),
                ("amount_pence", models.BigIntegerField()),
                (
                    "act",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.act"),
                ),
                (
                    "council",
                    models.ForeignKey(
                        db_comment="who bears it",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="councils.council",
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="costs",
                        to="partnerships.leavingnotice",
                    ),
                ),
                (
                    "partnership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partnerships.partnership"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LeavingTerms",
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
                ("starts_on", models.DateField()),
                ("notice_months", models.SmallIntegerField()),
                (
                    "exit_terms",
                    models.TextField(db_comment="who bears what when a member leaves, in the words of the agreement"),
                ),
                (
                    "act",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.act"),
                ),
                (
                    "council",
                    models.ForeignKey(
                        db_comment="who wrote them down",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="councils.council",
                    ),
                ),
                (
                    "partnership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="terms", to="partnerships.partnership"
                    ),
                ),
                (
                    "set_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.person"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "terms",
            },
        ),
        migrations.AddConstraint(
            model_name="leavingnotice",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason__regex", "\\S")), name="partnerships_leavingnotice_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="leavingcost",
            constraint=models.CheckConstraint(
                condition=models.Q(("what__in", ["exit", "stranded"])), name="partnerships_leavingcost_what"
            ),
        ),
        migrations.AddConstraint(
            model_name="leavingcost",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_pence__gt", 0)), name="partnerships_leavingcost_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="leavingcost",
            constraint=models.CheckConstraint(
                condition=models.Q(("year__range", (1990, 2100))), name="partnerships_leavingcost_year"
            ),
        ),
        migrations.AddConstraint(
            model_name="leavingterms",
            constraint=models.CheckConstraint(
                condition=models.Q(("notice_months__range", (0, 120))), name="partnerships_leavingterms_months"
            ),
        ),
        migrations.AddConstraint(
            model_name="leavingterms",
            constraint=models.CheckConstraint(
                condition=models.Q(("exit_terms__regex", "\\S")), name="partnerships_leavingterms_told"
            ),
        ),
        seal("partnerships", "LeavingTerms"),
        seal("partnerships", "LeavingNotice"),
        seal("partnerships", "LeavingCost"),
    ]

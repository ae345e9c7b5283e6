"""What members change together, and how each of them answers."""

import django.contrib.postgres.functions
import django.db.models.deletion
import uuid
from django.db import migrations, models

from councils.sealing import seal


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0004_offers"), ("savings", "0042_gaps")]

    operations = [
        migrations.CreateModel(
            name="Change",
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
                    "kind",
                    models.TextField(
                        choices=[
                            ("terms", "Shares, roles and host"),
                            ("vehicle", "The vehicle"),
                            ("audience", "Who may see its figures"),
                            ("leaving", "A member leaves earlier than its notice"),
                            ("ending", "The end of the partnership"),
                        ]
                    ),
                ),
                (
                    "starts_on",
                    models.DateField(
                        db_comment="first day on which it holds; of an end, first day it is no longer there"
                    ),
                ),
                (
                    "cost_key",
                    models.TextField(
                        blank=True,
                        choices=[
                            ("fixed", "Fixed percentages"),
                            ("population", "Population"),
                            ("fte", "Full-time equivalents"),
                            ("volume", "Volume"),
                            ("rateable_base", "Rateable base"),
                            ("baseline_spend", "Spend before sharing"),
                            ("marginal", "Marginal cost"),
                        ],
                    ),
                ),
                (
                    "form",
                    models.TextField(
                        blank=True,
                        choices=[
                            ("delegation", "Delegation to another council"),
                            ("joint_committee", "Joint committee"),
                            ("shared_staff", "Shared staff (section 113)"),
                            ("lead_authority", "Lead authority"),
                            ("goods_and_services", "Sale of services (1970 Act)"),
                            ("teckal", "Wholly owned company (Teckal)"),
                            ("trading_company", "Trading company"),
                            ("joint_venture", "Joint venture company"),
                            ("outsourced", "Joint outsourced contract"),
                            ("mutual", "Employee-led mutual"),
                            ("consortium", "Purchasing consortium"),
                            ("joint_board", "Joint board or corporate joint committee"),
                            ("combined_authority", "Combined authority"),
                            ("merger", "Merger of councils"),
                            ("other", "Other"),
                        ],
                        db_comment="of a vehicle",
                    ),
                ),
                (
                    "who",
                    models.TextField(
                        blank=True,
                        choices=[("members", "Its members"), ("sector", "Everyone signed in"), ("public", "Everyone")],
                        db_comment="of an audience",
                    ),
                ),
                ("reason", models.TextField()),
                ("proposed_at", models.DateTimeField()),
                (
                    "act",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.act"),
                ),
                (
                    "partnership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agreed_changes",
                        to="partnerships.partnership",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.person"
                    ),
                ),
                (
                    "proposing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.council"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ChangeAnswer",
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
                    "outcome",
                    models.TextField(
                        choices=[("agreed", "Agreed"), ("refused", "Refused"), ("withdrawn", "Withdrawn")]
                    ),
                ),
                ("completes", models.BooleanField(db_comment="every member has agreed with this one", default=False)),
                ("reason", models.TextField(blank=True)),
                ("answered_at", models.DateTimeField()),
                (
                    "act",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.act"),
                ),
                (
                    "answered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.person"
                    ),
                ),
                (
                    "change",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="answers", to="partnerships.change"
                    ),
                ),
                (
                    "council",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.council"
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
            name="ChangedMember",
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
                    "role",
                    models.TextField(
                        choices=[
                            ("provider", "Provider"),
                            ("receiver", "Receiver"),
                            ("both", "Provider and receiver"),
                            ("unknown", "Not published"),
                        ]
                    ),
                ),
                ("host", models.BooleanField(default=False)),
                ("cost_share_bps", models.IntegerField(blank=True, db_comment="basis points of cost", null=True)),
                ("gain_share_bps", models.IntegerField(blank=True, db_comment="basis points of gain", null=True)),
                (
                    "quantity",
                    models.DecimalField(
                        blank=True,
                        db_comment="of the cost key, in its unit",
                        decimal_places=2,
                        max_digits=18,
                        null=True,
                    ),
                ),
                (
                    "act",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.act"),
                ),
                (
                    "change",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="members", to="partnerships.change"
                    ),
                ),
                (
                    "council",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.council"
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
        migrations.AddIndex(
            model_name="change",
            index=models.Index(fields=["partnership"], name="partnerships_change_of"),
        ),
        migrations.AddConstraint(
            model_name="change",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "terms"), models.Q(("cost_key", ""), _negated=True), ("form", ""), ("who", "")),
                    models.Q(("kind", "vehicle"), models.Q(("form", ""), _negated=True), ("cost_key", ""), ("who", "")),
                    models.Q(
                        ("kind", "audience"),
                        ("who__in", ["members", "sector", "public"]),
                        ("cost_key", ""),
                        ("form", ""),
                    ),
                    models.Q(("kind__in", ["leaving", "ending"]), ("cost_key", ""), ("form", ""), ("who", "")),
                    _connector="OR",
                ),
                name="partnerships_change_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="change",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason__regex", "\\S")), name="partnerships_change_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="changeanswer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("outcome__in", ["agreed", "refused"])),
                fields=("change", "council"),
                name="partnerships_changeanswer_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="changeanswer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("outcome", "withdrawn")),
                fields=("change",),
                name="partnerships_changeanswer_withdrawn",
            ),
        ),
        migrations.AddConstraint(
            model_name="changeanswer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("completes", True)), fields=("change",), name="partnerships_changeanswer_completes"
            ),
        ),
        migrations.AddConstraint(
            model_name="changeanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome", "agreed"), ("reason__regex", "\\S"), _connector="OR"),
                name="partnerships_changeanswer_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="changeanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome", "agreed"), ("completes", False), _connector="OR"),
                name="partnerships_changeanswer_complete",
            ),
        ),
        migrations.AddConstraint(
            model_name="changedmember",
            constraint=models.UniqueConstraint(fields=("change", "council"), name="partnerships_changedmember_once"),
        ),
        migrations.AddConstraint(
            model_name="changedmember",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("cost_share_bps__isnull", True), ("cost_share_bps__range", (0, 10000)), _connector="OR"),
                    models.Q(("gain_share_bps__isnull", True), ("gain_share_bps__range", (0, 10000)), _connector="OR"),
                    models.Q(("quantity__isnull", True), ("quantity__gte", 0), _connector="OR"),
                ),
                name="partnerships_changedmember_shares",
            ),
        ),
        seal("partnerships", "Change"),
        seal("partnerships", "ChangedMember"),
        seal("partnerships", "ChangeAnswer"),
    ]

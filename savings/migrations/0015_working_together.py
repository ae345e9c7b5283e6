"""Deputies, notes, what was read last, and notices of what was corrected."""

from pathlib import Path

import django.contrib.postgres.functions
import django.db.models.deletion
import uuid
from django.db import migrations, models

from councils.sealing import seal

BACK = """
DROP FUNCTION acts_after; DROP FUNCTION heads_of;
DROP TRIGGER note_check ON savings_note; DROP FUNCTION note_check;
DROP TRIGGER not_for_the_absent ON partnerships_approval; DROP FUNCTION approval_not_for_the_absent;
DROP TRIGGER not_for_the_absent ON savings_return; DROP FUNCTION return_not_for_the_absent;
DROP TRIGGER not_for_the_absent ON savings_decision; DROP FUNCTION decision_not_for_the_absent;
DROP POLICY cover_write ON councils_role; DROP TRIGGER role_given_check ON councils_role; DROP FUNCTION role_given_check;
DROP TRIGGER cover_check ON savings_cover; DROP FUNCTION cover_check;
DROP FUNCTION london_day; DROP FUNCTION stands_in_for; DROP FUNCTION own_role;
"""


class Migration(migrations.Migration):
    dependencies = [("savings", "0014_confirmations")]

    operations = [
        migrations.CreateModel(
            name="Notice",
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
                    "quarter",
                    models.DateField(db_comment="of a return that was closed: first day of the quarter", null=True),
                ),
                ("said_pence", models.BigIntegerField(db_comment="banked savings as published")),
                ("now_pence", models.BigIntegerField(db_comment="the same with what was corrected since")),
                ("why", models.TextField(db_comment="the act's own reason, or what it did")),
                ("changed_at", models.DateTimeField()),
                ("made_at", models.DateTimeField()),
                ("emailed_at", models.DateTimeField(null=True)),
                (
                    "act",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.act"),
                ),
                (
                    "council",
                    models.ForeignKey(
                        db_comment="whose figure",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="councils.council",
                    ),
                ),
                (
                    "partnership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partnerships.partnership"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="notices", to="councils.person"
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="savings.report"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="NoticeRead",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                (
                    "notice",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="read", to="savings.notice"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Seen",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("heads", models.JSONField(db_comment="stream id: sequence of its newest event")),
                ("at", models.DateTimeField()),
                (
                    "council",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.council"
                    ),
                ),
                (
                    "partnership",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partnerships.partnership",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.person"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Cover",
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
                    "what",
                    models.TextField(
                        choices=[
                            ("finance_officer", "Finance officer"),
                            ("finance_lead", "Finance lead"),
                            ("chief_executive", "Chief executive"),
                            ("auditor", "Auditor"),
                            ("viewer", "Viewer"),
                            ("administrator", "Administrator"),
                        ],
                        db_comment="the role that is lent",
                    ),
                ),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(db_comment="first day it no longer holds")),
                ("reason", models.TextField()),
                (
                    "act",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.act"),
                ),
                (
                    "council",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="covers", to="councils.council"
                    ),
                ),
                (
                    "covered",
                    models.ForeignKey(
                        db_comment="who is away",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="councils.person",
                    ),
                ),
                (
                    "deputy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.person"
                    ),
                ),
                (
                    "named_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.person"
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="savings.cover",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("what__in", ["finance_officer", "finance_lead"])), name="savings_cover_what"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("covered", models.F("deputy")), _negated=True),
                        name="savings_cover_two_people",
                        violation_error_message="Nobody stands in for themselves.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))), name="savings_cover_ends"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="savings_cover_reason"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Note",
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
                    "about",
                    models.TextField(
                        choices=[
                            ("partnership", "Partnership"),
                            ("entry", "Entry"),
                            ("scheme", "Scheme"),
                            ("charge", "Charge"),
                            ("return", "Return"),
                            ("business_case", "Business case"),
                        ]
                    ),
                ),
                ("quarter", models.DateField(db_comment="of a return: first day of the quarter", null=True)),
                ("text", models.TextField()),
                ("written_at", models.DateTimeField()),
                (
                    "act",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.act"),
                ),
                (
                    "case",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to="partnerships.businesscase",
                    ),
                ),
                (
                    "charge",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to="savings.charge",
                    ),
                ),
                (
                    "council",
                    models.ForeignKey(
                        db_comment="the author's",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to="councils.council",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="notes", to="savings.entry"
                    ),
                ),
                (
                    "partnership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="notes", to="partnerships.partnership"
                    ),
                ),
                (
                    "quarter_of",
                    models.ForeignKey(
                        db_comment="of a return: whose",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="councils.council",
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="savings.note",
                    ),
                ),
                (
                    "scheme",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to="savings.scheme",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.person"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["partnership", "quarter_of", "quarter"], name="savings_note_quarter")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("text", ""), _negated=True), name="savings_note_text"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("about", "partnership"),
                                ("case", None),
                                ("charge", None),
                                ("entry", None),
                                ("quarter", None),
                                ("quarter_of", None),
                                ("scheme", None),
                            ),
                            models.Q(
                                ("about", "entry"),
                                ("case", None),
                                ("charge", None),
                                ("entry__isnull", False),
                                ("quarter", None),
                                ("quarter_of", None),
                                ("scheme", None),
                            ),
                            models.Q(
                                ("about", "scheme"),
                                ("case", None),
                                ("charge", None),
                                ("entry", None),
                                ("quarter", None),
                                ("quarter_of", None),
                                ("scheme__isnull", False),
                            ),
                            models.Q(
                                ("about", "charge"),
                                ("case", None),
                                ("charge__isnull", False),
                                ("entry", None),
                                ("quarter", None),
                                ("quarter_of", None),
                                ("scheme", None),
                            ),
                            models.Q(
                                ("about", "business_case"),
                                ("case__isnull", False),
                                ("charge", None),
                                ("entry", None),
                                ("quarter", None),
                                ("quarter_of", None),
                                ("scheme", None),
                            ),
                            models.Q(
                                ("about", "return"),
                                ("case", None),
                                ("charge", None),
                                ("entry", None),
                                ("quarter__isnull", False),
                                ("quarter_of__isnull", False),
                                ("scheme", None),
                            ),
                            _connector="OR",
                        ),
                        name="savings_note_about",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.UniqueConstraint(
                fields=("person", "partnership", "council", "report", "quarter", "act"),
                name="savings_notice_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddIndex(
            model_name="seen",
            index=models.Index(fields=["person", "council", "partnership", "-id"], name="savings_seen_newest"),
        ),
        migrations.AddConstraint(
            model_name="seen",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("council__isnull", True), ("partnership__isnull", False)),
                    models.Q(("council__isnull", False), ("partnership__isnull", True)),
                    _connector="OR",
                ),
                name="savings_seen_one",
            ),
        ),
        seal("savings", "Cover", "Note"),
        migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(), BACK),
    ]

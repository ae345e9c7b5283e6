"""The closing calendar and its reminders, recurring savings that ended, and nil returns that agree with the ledger."""

import uuid
from pathlib import Path

import django.contrib.postgres.functions
import django.db.models.deletion
from django.db import migrations, models

from councils.sealing import seal

BACK = """
DROP FUNCTION members_joined_record;
DROP TRIGGER saving_ended_check ON savings_savingended; DROP FUNCTION saving_ended_check;
DROP TRIGGER closing_days_check ON savings_closingdays; DROP FUNCTION closing_days_check;
DROP TRIGGER nil_check ON savings_return; DROP FUNCTION return_nil_check;
"""


class Migration(migrations.Migration):
    dependencies = [("savings", "0011_scheme_follow_up")]

    operations = [
        migrations.CreateModel(
            name="YearTurned",
            fields=[
                (
                    "year",
                    models.SmallIntegerField(db_comment="financial-year start", primary_key=True, serialize=False),
                ),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="ReminderChoice",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("wanted", models.BooleanField()),
                ("chosen_at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reminder_choices",
                        to="councils.person",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ClosingDays",
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
                ("record_days", models.SmallIntegerField(db_comment="last day to record, in days after the quarter")),
                ("submit_days", models.SmallIntegerField()),
                ("sign_off_days", models.SmallIntegerField()),
                ("close_days", models.SmallIntegerField()),
                ("reason", models.TextField()),
                ("set_at", models.DateTimeField()),
                (
                    "act",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.act"),
                ),
                (
                    "council",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="closing_days", to="councils.council"
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
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("record_days__gte", 1),
                            ("record_days__lte", models.F("submit_days")),
                            ("submit_days__lte", models.F("sign_off_days")),
                            ("sign_off_days__lte", models.F("close_days")),
                            ("close_days__lte", 30),
                        ),
                        name="savings_closing_days_order",
                        violation_error_message="The days go record, submit, sign off, close, from 1 to 30.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="savings_closing_days_reason"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("quarter", models.DateField(db_comment="first day of the quarter")),
                (
                    "what",
                    models.TextField(
                        choices=[
                            ("submit", "to submit"),
                            ("sign_off", "to sign off"),
                            ("close", "to close"),
                            ("silent", "silent member"),
                        ]
                    ),
                ),
                ("attempts", models.SmallIntegerField(db_comment="counted before the mail is sent", default=0)),
                ("last_error", models.TextField(blank=True)),
                ("sent_at", models.DateTimeField(null=True)),
                (
                    "council",
                    models.ForeignKey(
                        db_comment="whose return it is",
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.person"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "partnership", "council", "quarter", "what"), name="savings_reminder_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SavingEnded",
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
                    "benefit_class",
                    models.TextField(
                        choices=[
                            ("cash_releasing", "Cash-releasing"),
                            ("non_cash_releasing", "Non-cash-releasing"),
                            ("cost_avoidance", "Cost avoidance"),
                            ("service_reduction", "Service reduction"),
                            ("funding_shift", "Funding shift"),
                        ]
                    ),
                ),
                ("year", models.SmallIntegerField(db_comment="financial-year start: the first year without it")),
                ("reason", models.TextField()),
                ("said_at", models.DateTimeField()),
                (
                    "act",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.act"),
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
                (
                    "said_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.person"
                    ),
                ),
                (
                    "scheme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="endings", to="savings.scheme"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("council", "scheme", "benefit_class", "year"), name="savings_saving_ended_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "benefit_class__in",
                                [
                                    "cash_releasing",
                                    "non_cash_releasing",
                                    "cost_avoidance",
                                    "service_reduction",
                                    "funding_shift",
                                ],
                            )
                        ),
                        name="savings_saving_ended_class",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("year__range", (1990, 2100))), name="savings_saving_ended_year"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="savings_saving_ended_reason",
                        violation_error_message="Say why it has ended.",
                    ),
                ],
            },
        ),
        migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(), BACK),
        seal("savings", "ClosingDays", "SavingEnded"),
    ]

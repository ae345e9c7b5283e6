"""What the other members confirm, by a link or signed in, and who may end a dispute."""

from pathlib import Path

import django.contrib.postgres.fields
import django.contrib.postgres.functions
import django.db.models.deletion
import uuid
from django.db import migrations, models

from councils.sealing import seal

HERE = Path(__file__).parent
SEALED = [
    "Contact", "ConfirmationRequest", "ConfirmationLine", "ConfirmationLink", "ConfirmationRevocation", "Confirmation",
    "ConfirmationAnswer",
]  # fmt: skip


def dispute_rules_before():
    """The check as the eighth migration made it, for the way back."""
    before = (HERE / "0008_rows_say_who_wrote_them.sql").read_text()
    start = before.index("CREATE FUNCTION dispute_outcome_check()")
    end = before.index("END $$;", start) + len("END $$;")
    return before[start:end].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


REVERSE = f"""
{dispute_rules_before()}
DROP TRIGGER dispute_check ON savings_dispute;
DROP FUNCTION dispute_check;
DROP POLICY scope_write ON savings_disputeoutcome;
CREATE POLICY scope_write ON savings_disputeoutcome FOR INSERT TO banked_app WITH CHECK (
    partnership_id = ANY ((SELECT scope_ids('partnerships'))::bigint[])
    AND council_id = ANY ((SELECT scope_ids('leads'))::bigint[]));
DROP POLICY contacts_read ON councils_person;
DROP FUNCTION confirmation_open, contact_person, confirmation_answer_check, confirmation_whole, confirmation_check,
    confirmation_revocation_check, confirmation_link_check, confirmation_request_check, contact_check,
    confirmation_is_latest, confirmation_lines, confirming, held_role CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("councils", "0003_checkpoints"),
        ("partnerships", "0003_cases_take_steps"),
        ("savings", "0013_double_claims"),
    ]

    operations = [
        migrations.CreateModel(
            name="Contact",
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
                    "act",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.act"),
                ),
                (
                    "salt",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False
                    ),
                ),
                (
                    "partnership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partnerships.partnership"
                    ),
                ),
                (
                    "council",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.council"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_comment="who answers; an account with the same address is the same person",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="councils.person",
                    ),
                ),
                ("name", models.TextField()),
                ("email", models.TextField(db_comment="in lower case")),
                ("ended", models.BooleanField(db_comment="not asked any more", db_default=False, default=False)),
                (
                    "replaces",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="savings.contact",
                    ),
                ),
                (
                    "set_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.person"
                    ),
                ),
                ("set_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["partnership", "council"], name="savings_contact_member")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("name", ""), _negated=True), ("email__contains", "@")),
                        name="savings_contact_said",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ended", False), ("replaces__isnull", False), _connector="OR"),
                        name="savings_contact_ended",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ConfirmationRequest",
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
                    "act",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.act"),
                ),
                (
                    "salt",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False
                    ),
                ),
                (
                    "partnership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partnerships.partnership"
                    ),
                ),
                (
                    "council",
                    models.ForeignKey(
                        db_comment="who is asked",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="councils.council",
                    ),
                ),
                ("quarter", models.DateField(db_comment="first day of the quarter")),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.person"
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["partnership", "council", "quarter", "-id"], name="savings_asked_latest")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("id", "partnership", "council", "quarter"), name="savings_asked_what"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("quarter__day", 1), ("quarter__month__in", [1, 4, 7, 10])),
                        name="savings_asked_quarter",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("asked_at"))), name="savings_asked_expires"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ConfirmationLine",
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
                    "act",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.act"),
                ),
                (
                    "salt",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="savings.confirmationrequest",
                    ),
                ),
                (
                    "partnership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partnerships.partnership"
                    ),
                ),
                (
                    "council",
                    models.ForeignKey(
                        db_comment="who is asked",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="councils.council",
                    ),
                ),
                (
                    "claimant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.council"
                    ),
                ),
                (
                    "scheme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="savings.scheme"
                    ),
                ),
                ("title", models.TextField(db_comment="the scheme, as it was called")),
                (
                    "kind",
                    models.TextField(
                        choices=[
                            ("saving", "Saving"),
                            ("one_off_cost", "One-off cost"),
                            ("running_cost", "Running cost"),
                            ("income", "Income"),
                        ]
                    ),
                ),
                (
                    "benefit_class",
                    models.TextField(
                        blank=True,
                        choices=[
                            ("cash_releasing", "Cash-releasing"),
                            ("non_cash_releasing", "Non-cash-releasing"),
                            ("cost_avoidance", "Cost avoidance"),
                            ("service_reduction", "Service reduction"),
                            ("funding_shift", "Funding shift"),
                        ],
                    ),
                ),
                ("amount_pence", models.BigIntegerField(db_comment="net of the entries, signed")),
                (
                    "entries",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(),
                        db_comment="ids of the entries in it, reversals too",
                        size=None,
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("id", "request"), name="savings_line_request")],
            },
        ),
        migrations.CreateModel(
            name="ConfirmationLink",
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
                    "act",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.act"),
                ),
                (
                    "salt",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links",
                        to="savings.confirmationrequest",
                    ),
                ),
                (
                    "partnership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partnerships.partnership"
                    ),
                ),
                (
                    "council",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.council"
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="savings.contact"
                    ),
                ),
                ("nth", models.SmallIntegerField(db_comment="0 the first, 1 and 2 the reminders")),
                ("digest", models.TextField(db_comment="SHA-256, hexadecimal", unique=True)),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("request", "contact", "nth"), name="savings_link_once"),
                    models.CheckConstraint(condition=models.Q(("nth__in", [0, 1, 2])), name="savings_link_nth"),
                    models.CheckConstraint(
                        condition=models.Q(("digest__regex", "^[0-9a-f]{64}$")), name="savings_link_hash"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ConfirmationRevocation",
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
                    "act",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.act"),
                ),
                (
                    "salt",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False
                    ),
                ),
                (
                    "request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="revoked",
                        to="savings.confirmationrequest",
                    ),
                ),
                (
                    "partnership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partnerships.partnership"
                    ),
                ),
                (
                    "council",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.council"
                    ),
                ),
                ("reason", models.TextField()),
                (
                    "revoked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.person"
                    ),
                ),
                ("revoked_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="savings_revoked_reason"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Confirmation",
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
                    "act",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.act"),
                ),
                (
                    "salt",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False
                    ),
                ),
                (
                    "request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answered",
                        to="savings.confirmationrequest",
                    ),
                ),
                (
                    "partnership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partnerships.partnership"
                    ),
                ),
                (
                    "council",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.council"
                    ),
                ),
                ("quarter", models.DateField(db_comment="first day of the quarter")),
                (
                    "link",
                    models.OneToOneField(
                        db_comment="null: signed in",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="used",
                        to="savings.confirmationlink",
                    ),
                ),
                (
                    "without_sharing",
                    models.TextField(
                        choices=[
                            ("none", "None of it"),
                            ("under_quarter", "Under a quarter"),
                            ("quarter_to_half", "A quarter to a half"),
                            ("over_half", "Over half"),
                            ("nearly_all", "Nearly all of it"),
                            ("not_known", "Not known"),
                        ]
                    ),
                ),
                (
                    "answered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.person"
                    ),
                ),
                ("answered_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("id", "request"), name="savings_confirmation_request"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "without_sharing__in",
                                ["none", "under_quarter", "quarter_to_half", "over_half", "nearly_all", "not_known"],
                            )
                        ),
                        name="savings_confirmation_band",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ConfirmationAnswer",
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
                    "act",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.act"),
                ),
                (
                    "salt",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False
                    ),
                ),
                (
                    "confirmation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="answers", to="savings.confirmation"
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="savings.confirmationrequest"
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="savings.confirmationline",
                    ),
                ),
                (
                    "partnership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partnerships.partnership"
                    ),
                ),
                (
                    "council",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.council"
                    ),
                ),
                (
                    "answer",
                    models.TextField(
                        choices=[("agreed", "Agreed"), ("other_amount", "Another amount"), ("disputed", "Disputed")]
                    ),
                ),
                (
                    "stated_pence",
                    models.BigIntegerField(blank=True, db_comment="the amount they say, if another", null=True),
                ),
                ("reason", models.TextField(blank=True, db_default="")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("confirmation", "line"), name="savings_answer_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", "agreed"), ("reason", ""), ("stated_pence__isnull", True)),
                            models.Q(("answer", "other_amount"), ("stated_pence__isnull", False)),
                            models.Q(
                                ("answer", "disputed"),
                                ("stated_pence__isnull", True),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="savings_answer_said",
                        violation_error_message="Say which amount, or what is wrong.",
                    ),
                ],
            },
        ),
        migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(), REVERSE),
        seal("savings", *SEALED),
    ]

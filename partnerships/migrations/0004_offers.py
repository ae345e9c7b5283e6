"""Offers of membership, and how each ended."""

import django.contrib.postgres.functions
import django.db.models.deletion
import uuid
from django.db import migrations, models

from councils.sealing import seal


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0003_cases_take_steps"), ("savings", "0036_notes_on_anything")]

    operations = [
        migrations.CreateModel(
            name="MembershipOffer",
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
                ("starts_on", models.DateField()),
                ("cost_share_bps", models.IntegerField(blank=True, db_comment="basis points of cost", null=True)),
                ("gain_share_bps", models.IntegerField(blank=True, db_comment="basis points of gain", null=True)),
                ("message", models.TextField(blank=True)),
                ("offered_at", models.DateTimeField()),
                (
                    "act",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.act"),
                ),
                (
                    "council",
                    models.ForeignKey(
                        db_comment="who is asked",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offers",
                        to="councils.council",
                    ),
                ),
                (
                    "offered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.person"
                    ),
                ),
                (
                    "offering",
                    models.ForeignKey(
                        db_comment="the member who asks",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="councils.council",
                    ),
                ),
                (
                    "partnership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offers",
                        to="partnerships.partnership",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="OfferAnswer",
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
                        choices=[("accepted", "Accepted"), ("declined", "Declined"), ("withdrawn", "Withdrawn")]
                    ),
                ),
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
                    "council",
                    models.ForeignKey(
                        db_comment="who was asked",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="councils.council",
                    ),
                ),
                (
                    "offer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answer",
                        to="partnerships.membershipoffer",
                    ),
                ),
                (
                    "offered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.person"
                    ),
                ),
                (
                    "partnership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partnerships.partnership"
                    ),
                ),
                (
                    "speaking",
                    models.ForeignKey(
                        db_comment="for whom it is said",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="councils.council",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="membershipoffer",
            index=models.Index(fields=["partnership", "council"], name="partnerships_offer_council"),
        ),
        migrations.AddConstraint(
            model_name="membershipoffer",
            constraint=models.CheckConstraint(
                condition=models.Q(("role__in", ["provider", "receiver", "both"])), name="partnerships_offer_role"
            ),
        ),
        migrations.AddConstraint(
            model_name="membershipoffer",
            constraint=models.CheckConstraint(
                condition=models.Q(("council", models.F("offering")), _negated=True), name="partnerships_offer_other"
            ),
        ),
        migrations.AddConstraint(
            model_name="membershipoffer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("cost_share_bps__isnull", True), ("cost_share_bps__range", (0, 10000)), _connector="OR"),
                    models.Q(("gain_share_bps__isnull", True), ("gain_share_bps__range", (0, 10000)), _connector="OR"),
                ),
                name="partnerships_offer_shares",
            ),
        ),
        migrations.AddConstraint(
            model_name="offeranswer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome__in", ["accepted", "declined"]), ("speaking", models.F("council"))),
                    models.Q(("outcome", "withdrawn"), models.Q(("speaking", models.F("council")), _negated=True)),
                    _connector="OR",
                ),
                name="partnerships_offeranswer_outcome",
            ),
        ),
        migrations.AddConstraint(
            model_name="offeranswer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", "accepted"), _negated=True),
                    models.Q(("offered_by", models.F("answered_by")), _negated=True),
                    _connector="OR",
                ),
                name="partnerships_offeranswer_two_people",
                violation_error_message="You made this offer, so another finance lead of your council accepts it.",
            ),
        ),
        migrations.AddConstraint(
            model_name="offeranswer",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome", "accepted"), ("reason__regex", "\\S"), _connector="OR"),
                name="partnerships_offeranswer_reason",
            ),
        ),
        seal("partnerships", "MembershipOffer", "OfferAnswer"),
    ]

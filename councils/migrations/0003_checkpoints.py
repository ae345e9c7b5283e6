"""Signed checkpoints of every stream, who is sent them, and what the migrations installed."""

import django.contrib.postgres.functions
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from councils.sealing import seal


class Migration(migrations.Migration):
    dependencies = [
        ("councils", "0002_acts"),
        ("savings", "0008_rows_say_who_wrote_them"),  # the walls stand: what comes later is walled in one by one
    ]

    operations = [
        migrations.CreateModel(
            name="Verification",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("rows", models.BigIntegerField(default=0)),
                ("acts", models.BigIntegerField(default=0)),
                ("events", models.BigIntegerField(default=0)),
                ("problem_count", models.IntegerField(default=0)),
                ("problems", models.TextField(blank=True, db_comment="the first hundred, one a line")),
            ],
        ),
        migrations.CreateModel(
            name="Checkpoint",
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
                    "why",
                    models.TextField(
                        choices=[("daily", "Daily"), ("close", "A quarter was closed"), ("asked", "Asked for")]
                    ),
                ),
                ("moment", models.DateTimeField()),
                (
                    "heads",
                    models.TextField(
                        db_comment="one line a stream in key order: key, sequence and hash, parted by blanks"
                    ),
                ),
                ("root", models.TextField(db_comment="Merkle root over the heads, hexadecimal")),
                ("key", models.TextField(db_comment="SHA-256 of the public key, hexadecimal")),
                ("public_key", models.TextField(db_comment="32 bytes, hexadecimal")),
                ("signature", models.TextField(db_comment="64 bytes, hexadecimal")),
                (
                    "act",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.act"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CheckpointMail",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("attempts", models.IntegerField(db_comment="counted before each try", default=0)),
                ("try_after", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
                (
                    "dropped_at",
                    models.DateTimeField(
                        db_comment="no longer wanted, or the account or the role has ended", null=True
                    ),
                ),
                (
                    "checkpoint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="mails", to="councils.checkpoint"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="checkpoint_mails",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CheckpointWish",
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
                ("wanted", models.BooleanField()),
                (
                    "act",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.act"),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="checkpoint_wishes",
                        to="councils.person",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SchemaRecord",
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
                ("listing", models.TextField()),
                (
                    "act",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.act"),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddIndex(
            model_name="checkpoint",
            index=models.Index(fields=["moment"], name="councils_checkpoint_moment"),
        ),
        migrations.AddConstraint(
            model_name="checkpoint",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("key__regex", "^[0-9a-f]{64}$"),
                    ("root__regex", "^[0-9a-f]{64}$"),
                    ("public_key__regex", "^[0-9a-f]{64}$"),
                    ("signature__regex", "^[0-9a-f]{128}$"),
                ),
                name="councils_checkpoint_hexadecimal",
            ),
        ),
        migrations.AddConstraint(
            model_name="checkpoint",
            constraint=models.CheckConstraint(
                condition=models.Q(("why__in", ["daily", "close", "asked"])), name="councils_checkpoint_why"
            ),
        ),
        migrations.AddIndex(
            model_name="checkpointmail",
            index=models.Index(
                condition=models.Q(("dropped_at__isnull", True), ("sent_at__isnull", True)),
                fields=["try_after"],
                name="councils_checkpoint_mail_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="checkpointmail",
            constraint=models.UniqueConstraint(fields=("checkpoint", "user"), name="councils_checkpoint_mail_once"),
        ),
        migrations.AddConstraint(
            model_name="checkpointmail",
            constraint=models.CheckConstraint(
                condition=models.Q(("sent_at__isnull", True), ("dropped_at__isnull", True), _connector="OR"),
                name="councils_checkpoint_mail_ends_once",
            ),
        ),
        seal("councils", "Checkpoint", "CheckpointWish", "SchemaRecord"),
    ]

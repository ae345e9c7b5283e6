"""Files somebody sent, behind the walls: checked, applied, undone."""

from pathlib import Path

import django.contrib.postgres.functions
import django.db.models.deletion
import uuid
from django.db import migrations, models

from councils.sealing import seal


class Migration(migrations.Migration):
    dependencies = [
        ("councils", "0006_reorganisations"),
        ("savings", "0048_members_letters"),
    ]

    operations = [
        migrations.CreateModel(
            name="Upload",
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
                ("sent_at", models.DateTimeField()),
                (
                    "source",
                    models.TextField(
                        choices=[
                            ("file", "A file"),
                            ("paste", "Pasted"),
                            ("shell", "From the shell"),
                            ("api", "By the API"),
                        ]
                    ),
                ),
                ("name", models.TextField(db_comment="the file's own name, to show")),
                ("sha256", models.TextField(db_comment="of the file")),
                ("size_bytes", models.BigIntegerField()),
                (
                    "allow_extra",
                    models.BooleanField(db_comment="columns not known are left out, by choice", default=False),
                ),
                ("notes", models.TextField(blank=True, db_comment="what the reader decided by itself, a line each")),
                ("refused", models.TextField(blank=True, db_comment="why the file was refused whole; a line each")),
                ("checked_sha256", models.TextField(blank=True, db_comment="of the checked rows, kept as Parquet")),
                ("new", models.IntegerField(default=0)),
                ("same", models.IntegerField(default=0)),
                ("duplicate", models.IntegerField(default=0)),
                ("bad", models.IntegerField(default=0)),
                ("left_out", models.IntegerField(default=0)),
                ("new_pence", models.BigIntegerField(default=0)),
                (
                    "council",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="uploads", to="councils.council"
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.person"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="UploadApplied",
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
                ("applied_at", models.DateTimeField()),
                ("sha256", models.TextField(db_comment="of the file")),
                (
                    "checked_sha256",
                    models.TextField(db_comment="of the rows as they were checked when they were applied"),
                ),
                ("good_rows", models.BooleanField(db_comment="bad rows were handed back, by choice")),
                ("new", models.IntegerField()),
                ("same", models.IntegerField()),
                ("duplicate", models.IntegerField()),
                ("bad", models.IntegerField()),
                ("new_pence", models.BigIntegerField()),
                (
                    "act",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.act"),
                ),
                (
                    "applied_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.person"
                    ),
                ),
                (
                    "council",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.council"
                    ),
                ),
                (
                    "upload",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="applied", to="savings.upload"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="UploadUndone",
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
                ("undone_at", models.DateTimeField()),
                ("reason", models.TextField()),
                ("reversed", models.IntegerField(db_comment="entries; those reversed before are not among them")),
                (
                    "act",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.act"),
                ),
                (
                    "applied",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="undone", to="savings.uploadapplied"
                    ),
                ),
                (
                    "council",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.council"
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.person"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="upload",
            index=models.Index(fields=["council", "-id"], name="savings_upload_council"),
        ),
        migrations.AddIndex(
            model_name="upload",
            index=models.Index(fields=["council", "sha256"], name="savings_upload_again"),
        ),
        migrations.AddConstraint(
            model_name="upload",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("refused", ""), models.Q(("bad", 0), ("duplicate", 0), ("new", 0), ("same", 0)), _connector="OR"
                ),
                name="savings_upload_checked",
            ),
        ),
        migrations.AddConstraint(
            model_name="uploadapplied",
            constraint=models.CheckConstraint(
                condition=models.Q(("bad", 0), ("good_rows", True), _connector="OR"),
                name="savings_uploadapplied_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="uploadapplied",
            constraint=models.CheckConstraint(condition=models.Q(("new__gt", 0)), name="savings_uploadapplied_some"),
        ),
        migrations.AddConstraint(
            model_name="uploadundone",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason__regex", "\\S")), name="savings_uploadundone_reason"
            ),
        ),
        seal("savings", "UploadApplied"),
        seal("savings", "UploadUndone"),
        migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text()),
    ]

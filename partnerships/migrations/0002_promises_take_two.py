"""Partnerships' tables are sealed, and a promise takes two people."""

from pathlib import Path

from django.db import migrations

from councils.sealing import seal

REVERSE = """
DROP TRIGGER approval_check ON partnerships_approval; DROP FUNCTION approval_check;
DROP TRIGGER drafting_check ON partnerships_businesscase; DROP FUNCTION drafting_check;
DROP FUNCTION case_line_check CASCADE;
ALTER TABLE partnerships_approval DROP CONSTRAINT partnerships_approval_drafter,
    DROP CONSTRAINT partnerships_approval_case;
ALTER TABLE partnerships_plannedline DROP CONSTRAINT partnerships_plannedline_case;
ALTER TABLE partnerships_plannedcharge DROP CONSTRAINT partnerships_plannedcharge_case;
ALTER TABLE partnerships_baseline DROP CONSTRAINT partnerships_baseline_case;
"""

SEALED = [
    "Service", "Partnership", "PartnershipService", "Purpose", "Vehicle", "Audience", "Ending", "Membership",
    "Resolution", "BusinessCase", "Baseline", "PlannedLine", "PlannedCharge", "Approval", "PublicClaim", "MapTotal",
]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0001_initial"), ("councils", "0002_acts")]

    operations = [
        seal("partnerships", *SEALED),
        migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(), REVERSE),
    ]

"""A report's files say which snapshot they show, and colleagues may follow the job that makes them.

The heads were on the report, which is written before the worker knows them. The two tables change their columns and so
their seals; before the first release no installation has rows in them.
"""

import datetime
from pathlib import Path

from django.db import migrations, models

from councils.sealing import reseal

REVERSE = """
ALTER POLICY scope_read ON savings_job USING (person_id = (SELECT scope_person()));
ALTER POLICY scope_write ON savings_report WITH CHECK (
    council_id = ANY ((SELECT scope_ids('councils'))::bigint[])
    AND partnership_id = ANY ((SELECT scope_ids('partnerships'))::bigint[])
    AND asked_by_id = (SELECT scope_person()));
"""
NEVER = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


class Migration(migrations.Migration):
    dependencies = [("savings", "0005_facts_know_returns")]

    operations = [
        reseal("savings", "Report", "ReportFile"),
        migrations.RemoveField("report", "as_at"),
        migrations.RemoveField("report", "heads"),
        migrations.AddField(
            "reportfile",
            "as_at",
            models.DateTimeField(db_comment="when the snapshot was taken", default=NEVER),
            preserve_default=False,
        ),
        migrations.AddField(
            "reportfile",
            "heads",
            models.TextField(
                db_comment="stream heads, as 'key=sequence' lines in key order (DESIGN 10.14)", default=""
            ),
            preserve_default=False,
        ),
        migrations.AlterField(
            "reportfile", "rows", models.IntegerField(db_comment="entries in it, printed or attached")
        ),
        reseal("savings", "Report", "ReportFile"),
        migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(), REVERSE),
    ]

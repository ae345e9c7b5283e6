"""A council passes to its successors whole, once and forwards in time."""

from pathlib import Path

from django.db import migrations

BACK = """
DROP FUNCTION passed_on; DROP INDEX councils_act_moment; DROP INDEX councils_succession_line;
DROP TRIGGER succession_check ON councils_succession; DROP FUNCTION succession_check;
"""


class Migration(migrations.Migration):
    dependencies = [("councils", "0003_checkpoints")]

    operations = [migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(), BACK)]

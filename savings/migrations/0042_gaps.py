"""What the budget of a council needs is said by its finance lead, for years in which it was there."""

from pathlib import Path

from django.db import migrations

REVERSE = """
DROP TRIGGER gap_check ON councils_budgetgap;
DROP FUNCTION gap_check;
"""


class Migration(migrations.Migration):
    dependencies = [("savings", "0037_offers")]

    operations = [migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(), REVERSE)]

"""Grades, disputes and returns follow from what people did, not from what anybody types."""

from pathlib import Path

from django.db import migrations

REVERSE = """
DROP FUNCTION arrangement_changed, return_check, distinction_check, decision_check, support_check, entry_touched CASCADE;
DROP FUNCTION entry_state_refresh;
ALTER TABLE savings_decision DROP CONSTRAINT savings_decision_recorder, DROP CONSTRAINT savings_decision_support;
"""


class Migration(migrations.Migration):
    dependencies = [("savings", "0002_ledger_rules")]

    operations = [migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(), REVERSE)]

"""The ledger is sealed, and its rules hold whoever writes."""

from pathlib import Path

from django.db import migrations

from councils.sealing import seal

REVERSE = """
DROP TRIGGER charge_check ON savings_charge; DROP FUNCTION charge_check;
DROP TRIGGER entry_check ON savings_entry; DROP FUNCTION entry_check;
DROP FUNCTION ledger_refuse, quarter_closed, period_quarter, period_end, period_start;
"""

SEALED = [
    "Indicator", "Reading", "Scheme", "SchemeStatus", "BudgetReduction", "Entry", "Charge", "Document", "Support",
    "Decision", "Dispute", "DisputeOutcome", "Distinction", "Return", "DeflatorRelease", "Deflator", "DiscountRate",
    "OptimismBias", "Study", "Report", "ReportFile",
]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("savings", "0001_initial"), ("partnerships", "0002_promises_take_two"), ("councils", "0002_acts")]

    operations = [
        migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(), REVERSE),
        seal("savings", *SEALED),
    ]

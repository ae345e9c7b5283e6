"""A quarter is reopened by another person than who closed it, and closes with its charges agreed or explained."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


def as_it_was():
    """The check as the third migration made it, for the way back."""
    before = (HERE / "0003_grades.sql").read_text()
    start = before.index("CREATE FUNCTION return_check()")
    end = before.index("END $$;", start) + len("END $$;")
    return before[start:end].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


class Migration(migrations.Migration):
    dependencies = [("savings", "0006_reports_know_their_snapshot")]

    operations = [
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text(),
            f"{as_it_was()}\nDROP FUNCTION quarter_charge_differences;",
        ),
    ]

"""A claim and a bad reading of the same moment do not miss each other, and what is worse is said once."""

import re
from pathlib import Path

from django.db import migrations

HERE = Path(__file__)
#: The two functions as the eleventh migration made them.
AS_BEFORE = "\n".join(
    found.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
    for found in re.findall(
        r"CREATE FUNCTION quality_(?:failed|dispute)\(.*?\$\$;\n",
        (HERE.parent / "0011_scheme_follow_up.sql").read_text(),
        re.DOTALL,
    )
)
REVERSE = f"""
DROP TRIGGER quality_together ON councils_event;
DROP FUNCTION quality_together;
{AS_BEFORE}
DROP FUNCTION quality_due;
DROP FUNCTION worse_than_tolerated;
"""


class Migration(migrations.Migration):
    dependencies = [("savings", "0024_told_of")]

    operations = [migrations.RunSQL(HERE.with_suffix(".sql").read_text(), REVERSE)]

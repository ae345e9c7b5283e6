"""Acts are opened and sealed by the database itself; the councils' own tables are sealed."""

from pathlib import Path

from django.db import migrations

from councils.sealing import seal

REVERSE = """
DROP TRIGGER sealed_at_commit ON councils_act;
DROP FUNCTION act_must_be_sealed, act_seal, event_body, merkle_root, netstring, act_note, act_open, scope_person,
    scope_ids;
DROP FUNCTION refuse_change CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("councils", "0001_initial")]

    operations = [
        migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(), REVERSE),
        seal("councils", "Council", "CouncilAlias", "Succession", "Outturn", "BudgetGap", "Role"),
    ]

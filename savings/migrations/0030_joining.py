"""Who may invite whom, and how a link is redeemed."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


def as_it_was(file, name):
    """A function as an earlier migration made it, for the way back."""
    before = (HERE / file).read_text()
    start = before.index(f"FUNCTION {name}()")
    return f"CREATE OR REPLACE {before[start : before.index('END $$;', start)]}END $$;"


REVERSE = f"""
{as_it_was("0020_what_the_adversary_found.sql", "role_check")}
{as_it_was("0015_working_together.sql", "role_given_check")}
DROP FUNCTION invitation_accept, invitation_take, invitation_open, invitation_state, invitation_outcome_check,
    invitation_link_check, invitation_check, came_by_invitation, is_administrator, council_led, council_over, joining CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("savings", "0029_successors_act"), ("councils", "0005_invitations")]
    operations = [migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(), REVERSE)]

"""Who sees the access stream: whose sign-in it is, whose document was read, and the administrators."""

from pathlib import Path

from django.db import migrations

REVERSE = """
ALTER POLICY scope_read ON councils_event USING (EXISTS (SELECT 1 FROM councils_stream s WHERE s.id = stream_id AND (
    s.council_id = ANY ((SELECT scope_ids('councils'))::bigint[])
    OR (s.key = 'register' AND (SELECT scope_has('administers'))))));
DROP FUNCTION access_shown;
"""


class Migration(migrations.Migration):
    dependencies = [("savings", "0017_one_at_a_time")]

    operations = [migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(), REVERSE)]

"""What a large ledger meets and a small one never does."""

from pathlib import Path

from django.db import migrations

REVERSE = """
ALTER FUNCTION entry_check() RESET enable_seqscan;
ALTER FUNCTION one_at_a_time() RESET enable_seqscan;
DROP INDEX savings_entry_claims, savings_entry_whole;
DO $$
DECLARE v_name text;
BEGIN
    FOREACH v_name IN ARRAY ARRAY['entry_check()', 'one_at_a_time()'] LOOP
        EXECUTE regexp_replace(pg_get_functiondef(v_name::regprocedure),
            'WHERE CASE WHEN d.whole THEN EXISTS \\((.*?)e.month IS NOT NULL(.*?)\\) ELSE EXISTS .*? END LIMIT 1;',
            'WHERE EXISTS (\\1(e.month IS NULL) = NOT d.whole\\2) LIMIT 1;');
    END LOOP;
END $$;
CREATE OR REPLACE FUNCTION as_at_acts() RETURNS int8multirange LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT current_setting('banked.as_at_acts')::int8multirange
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("savings", "0018_access_is_seen")]

    operations = [migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(), REVERSE)]

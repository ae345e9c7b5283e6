"""What somebody with all power over the database can do: guards switched off, rows changed, seals made anew."""

from contextlib import contextmanager

from django.db import connection

from councils.sealing import leaf_expression
from councils.verification import sealed_models

from .database import set_role

ALWAYS_ON = """
SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE t.tgenabled = 'A' AND NOT t.tgisinternal ORDER BY 1, 2
"""


@contextmanager
def unguarded():
    """A superuser's cursor with every trigger and key silent; afterwards all is as it was, and nobody is the wiser."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # nothing may be pending when the guards are switched
        cursor.execute("RESET SESSION AUTHORIZATION")
        cursor.execute(ALWAYS_ON)
        guards = cursor.fetchall()
        for table, guard in guards:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {guard}")
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield cursor
        cursor.execute("SET LOCAL session_replication_role = origin")
        for table, guard in guards:
            cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {guard}")
    set_role(connection, "app")


def forget_acts(cursor, which):
    """Take the acts that the condition `which` finds out of the ledger, with all that tells of them."""
    cursor.execute(f"CREATE TEMP TABLE gone ON COMMIT DROP AS SELECT id FROM councils_act WHERE {which}")
    for model in sealed_models():
        table = model._meta.db_table
        if table == "savings_entry":
            ids = "SELECT id FROM savings_entry WHERE act_id IN (TABLE gone)"
            cursor.execute(f"DELETE FROM savings_entrystate WHERE entry_id IN ({ids})")
        cursor.execute(f"DELETE FROM {table} WHERE act_id IN (TABLE gone)")
    for table in ("councils_written", "councils_event"):
        cursor.execute(f"DELETE FROM {table} WHERE act_id IN (TABLE gone)")
    cursor.execute("DELETE FROM councils_act WHERE id IN (TABLE gone)")
    cursor.execute("DROP TABLE gone")


def seal_anew(cursor):
    """Make every digest, root and hash follow from the content as it is now, with the product's own code."""
    for model in sealed_models():
        table = model._meta.db_table
        cursor.execute(
            f"""UPDATE councils_written w SET digests = (
                    SELECT string_agg({leaf_expression(model)}, ''::bytea ORDER BY i.place)
                    FROM unnest(w.ids) WITH ORDINALITY AS i (id, place) JOIN {table} n ON n.id = i.id)
                WHERE w.relation = %s""",
            [table],
        )
    cursor.execute(
        """
        DO $$
        DECLARE e record; a councils_act; v_root bytea; v_rows int; v_hash bytea; v_stream bigint := 0;
        BEGIN
            FOR e IN SELECT v.id, v.act_id, v.stream_id, v.sequence, s.key FROM councils_event v
                     JOIN councils_stream s ON s.id = v.stream_id ORDER BY v.stream_id, v.sequence LOOP
                IF e.stream_id <> v_stream THEN v_hash := decode(repeat('00', 32), 'hex'); END IF;
                v_stream := e.stream_id;
                SELECT * INTO a FROM councils_act WHERE id = e.act_id;
                SELECT coalesce(sum(rows), 0), coalesce(string_agg(digests, ''::bytea ORDER BY id), ''::bytea)
                INTO v_rows, v_root FROM councils_written WHERE act_id = e.act_id;
                v_root := merkle_root(v_root);
                UPDATE councils_event SET previous = v_hash, root = v_root, rows = v_rows,
                    hash = sha256(v_hash || sha256(convert_to(event_body(e.key, e.sequence, a,
                        (SELECT public_id FROM councils_person WHERE id = a.person_id), v_rows, v_root), 'UTF8')))
                WHERE id = e.id RETURNING hash INTO v_hash;
            END LOOP;
        END $$
        """
    )

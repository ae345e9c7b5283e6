"""The canonical bytes of a sealed row, said once: the triggers that digest rows and the verifier both start here.

`docs/ledger.md` is the specification in words. Each field becomes a netstring of its text (`3:abc,`), a null becomes
`-,`; the row is its heading (table, version and the names of its columns) as the first netstring, then every column
except the salt in alphabetical order. The leaf is SHA-256(0x00 || salt || those bytes), so nobody can guess an amount
from a digest, and a value cannot be shown later under another column's name.
"""

from django.db import migrations, models

VERSION = 1


def text_of(field):
    """The SQL expression for the canonical text of one model field, over the row alias `n`."""
    column = f'n."{field.column}"'
    target = field
    while isinstance(target, models.ForeignKey):
        target = target.target_field
    if isinstance(target, models.DateTimeField):
        return f"(extract(epoch from {column}) * 1000000)::bigint::text"
    if isinstance(target, models.DateField):
        return f"to_char({column}, 'YYYY-MM-DD')"
    if isinstance(target, models.BooleanField):
        return f"{column}::int::text"
    if isinstance(target, models.JSONField | models.FloatField):
        raise TypeError(f"{field} has no canonical text: its printed form is not fixed")
    return f"{column}::text"


def netstring(expression):
    return f"coalesce(octet_length({expression})::text || ':' || ({expression}) || ',', '-,')"


def sealed_columns(model):
    """The fields of `model` that its digest covers, in alphabetical order of their columns."""
    fields = [field for field in model._meta.concrete_fields if field.column != "salt"]
    return sorted(fields, key=lambda field: field.column)


def heading(model):
    """What a row of `model` begins with: `table/version column column …`."""
    return f"{model._meta.db_table}/{VERSION} {' '.join(field.column for field in sealed_columns(model))}"


def leaf_expression(model):
    """The SQL expression of the leaf of row `n` of `model`: 32 bytes."""
    name = heading(model)
    first = f"{len(name)}:{name},"
    fields = " || ".join(netstring(text_of(field)) for field in sealed_columns(model))
    return f"sha256('\\x00'::bytea || uuid_send(n.salt) || convert_to('{first}' || {fields}, 'UTF8'))"


def seal_sql(model):
    """The triggers that make `model`'s table sealed: no act no write, digests noted, no change ever."""
    table = model._meta.db_table
    names = {field.column for field in model._meta.concrete_fields}
    councils = "array_agg(DISTINCT n.council_id)" if "council_id" in names else "'{}'::bigint[]"
    return f"""
CREATE FUNCTION seal_{table}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE w record;
BEGIN
    FOR w IN
        SELECT n.act_id, count(*)::int AS rows, array_agg(n.id ORDER BY n.id) AS ids,
               string_agg({leaf_expression(model)}, ''::bytea ORDER BY n.id) AS digests,
               array_remove({councils}, NULL) AS councils
        FROM written_rows n GROUP BY n.act_id
    LOOP
        PERFORM act_note(w.act_id, '{table}', {VERSION}::smallint, w.rows, w.ids, w.digests, w.councils);
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER act_noted AFTER INSERT ON {table} REFERENCING NEW TABLE AS written_rows
    FOR EACH STATEMENT EXECUTE FUNCTION seal_{table}();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER act_noted;
ALTER TABLE {table} ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE {table} ENABLE ALWAYS TRIGGER never_emptied;
"""


def unseal_sql(model):
    table = model._meta.db_table
    return f"""
DROP TRIGGER never_emptied ON {table}; DROP TRIGGER append_only ON {table}; DROP TRIGGER act_noted ON {table};
DROP FUNCTION seal_{table}();
"""


def seal(app_label, *names):
    """A migration operation that seals the tables of these models, as they are at that point of the history."""

    def forwards(apps, schema_editor):
        for name in names:
            schema_editor.execute(seal_sql(apps.get_model(app_label, name)), params=None)

    def backwards(apps, schema_editor):
        for name in reversed(names):
            schema_editor.execute(unseal_sql(apps.get_model(app_label, name)), params=None)

    return migrations.RunPython(forwards, backwards)


def reseal(app_label, *names):
    """A migration operation that seals these models anew, after their columns changed.

    Put it first and last in the migration: the last one serves the way forward, the first one the way back.
    """

    def again(apps, schema_editor):
        for name in names:
            model = apps.get_model(app_label, name)
            schema_editor.execute(unseal_sql(model), params=None)
            schema_editor.execute(seal_sql(model), params=None)

    return migrations.RunPython(again, again)

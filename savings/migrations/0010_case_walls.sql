-- Steps, volumes and sources of a business case: its members read them, each council writes its own.

DO $$
-- Made before the walls on a new database and after them on an old one: either way the wall is built once, from nothing.
DECLARE t text; p record;
BEGIN
    FOREACH t IN ARRAY ARRAY['partnerships_casestep', 'partnerships_volume', 'savings_baselinesource'] LOOP
        FOR p IN SELECT polname FROM pg_policy WHERE polrelid = t::regclass LOOP
            EXECUTE format('DROP POLICY %I ON %I', p.polname, t);
        END LOOP;
        EXECUTE format('REVOKE ALL ON %I FROM banked_app, banked_worker, banked_readonly', t);
    END LOOP;
END $$;

DO $$
DECLARE
    in_scope text := 'partnership_id = ANY ((SELECT scope_ids(''partnerships''))::bigint[])';
    writes text := 'council_id = ANY ((SELECT scope_ids(''writes''))::bigint[])';
    leads text := 'council_id = ANY ((SELECT scope_ids(''leads''))::bigint[])';
    member_writes text;
BEGIN
    member_writes := in_scope || ' AND has_member(''writes'', partnership_id)';
    CALL wall('partnerships_casestep', in_scope,
        in_scope || ' AND ((step = ''returned'' AND ' || leads || ') OR (step <> ''returned'' AND ' || writes || '))');
    CALL wall('partnerships_volume', in_scope,
        in_scope || ' AND (' || writes || ' OR (case_id IS NOT NULL AND has_member(''writes'', partnership_id)))');
    CALL wall('savings_baselinesource', in_scope, member_writes);
    GRANT INSERT ON partnerships_casestep, partnerships_volume, savings_baselinesource TO banked_worker;
END $$;

CREATE FUNCTION baseline_source_check() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE v bigint;
BEGIN
    SELECT n.id INTO v FROM written_rows n JOIN partnerships_baseline b ON b.id = n.baseline_id
    WHERE (b.act_id, b.partnership_id, b.council_id) <> (n.act_id, n.partnership_id, n.council_id) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a baseline names its source as it is drafted', v); END IF;
    SELECT n.id INTO v FROM written_rows n JOIN partnerships_baseline b ON b.id = n.baseline_id
        JOIN councils_outturn o ON o.id = n.outturn_id
    WHERE (o.council_id, o.year, o.amount_pence) IS DISTINCT FROM (b.council_id, b.year, b.amount_pence) LIMIT 1;
    IF FOUND THEN
        PERFORM ledger_refuse('a baseline from outturn is the amount, council and year of that line', v);
    END IF;
    SELECT n.id INTO v FROM written_rows n JOIN savings_document d ON d.id = n.document_id
    WHERE d.partnership_id <> n.partnership_id LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a baseline is documented by its own partnership', v); END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER baseline_source_check AFTER INSERT ON savings_baselinesource REFERENCING NEW TABLE AS written_rows
    FOR EACH STATEMENT EXECUTE FUNCTION baseline_source_check();
ALTER TABLE savings_baselinesource ENABLE ALWAYS TRIGGER baseline_source_check;

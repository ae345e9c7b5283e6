-- Files somebody sent, that they were applied and undone: read and written by whoever acts for the council.

DO $$
DECLARE
    own text := 'council_id = ANY ((SELECT scope_ids(''councils''))::bigint[])';
    writes text := 'council_id = ANY ((SELECT scope_ids(''writes''))::bigint[])';
    t text;
BEGIN
    CALL wall('savings_upload', own, writes || ' AND sent_by_id = (SELECT scope_person())');
    CALL wall('savings_uploadapplied', own, writes || ' AND applied_by_id = (SELECT scope_person())');
    CALL wall('savings_uploadundone', own, writes || ' AND undone_by_id = (SELECT scope_person())');
    FOREACH t IN ARRAY ARRAY['savings_uploadapplied', 'savings_uploadundone'] LOOP
        CALL as_at_wall(t, 'act_id');
    END LOOP;
    FOREACH t IN ARRAY ARRAY['savings_upload', 'savings_uploadapplied', 'savings_uploadundone'] LOOP
        EXECUTE format('GRANT INSERT ON %I TO banked_worker', t);
    END LOOP;
END $$;

ALTER TABLE savings_uploadundone ADD CONSTRAINT savings_uploadundone_plain CHECK (plain_text(reason, true));
ALTER TABLE savings_upload ADD CONSTRAINT savings_upload_name_plain CHECK (plain_text(name, false));
-- What was applied is of the council the file was sent for, and what is undone is of that council too.
ALTER TABLE savings_upload ADD CONSTRAINT savings_upload_copied UNIQUE (id, council_id, sha256);
ALTER TABLE savings_uploadapplied ADD CONSTRAINT savings_uploadapplied_copies
    FOREIGN KEY (upload_id, council_id, sha256) REFERENCES savings_upload (id, council_id, sha256);
ALTER TABLE savings_uploadapplied ADD CONSTRAINT savings_uploadapplied_copied UNIQUE (id, council_id);
ALTER TABLE savings_uploadundone ADD CONSTRAINT savings_uploadundone_copies
    FOREIGN KEY (applied_id, council_id) REFERENCES savings_uploadapplied (id, council_id);

CREATE FUNCTION upload_check() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v bigint;
BEGIN
    IF TG_TABLE_NAME = 'savings_uploadapplied' THEN
        SELECT n.id INTO v FROM written_applied n WHERE NOT EXISTS (
            SELECT 1 FROM savings_entry e WHERE e.act_id = n.act_id AND e.council_id = n.council_id
                AND e.upload_row IS NOT NULL
            HAVING count(*) = n.new AND sum(e.amount_pence) = n.new_pence AND count(DISTINCT e.upload_row) = n.new) LIMIT 1;
        IF FOUND THEN PERFORM ledger_refuse('an upload is applied with its entries, each from a row of its own', v); END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER upload_check AFTER INSERT ON savings_uploadapplied REFERENCING NEW TABLE AS written_applied
    FOR EACH STATEMENT EXECUTE FUNCTION upload_check();
ALTER TABLE savings_uploadapplied ENABLE ALWAYS TRIGGER upload_check;

-- Entries of one act, which is what an upload is: its page and its undoing ask for them.
CREATE INDEX savings_entry_uploaded ON savings_entry (act_id, upload_row) WHERE upload_row IS NOT NULL;

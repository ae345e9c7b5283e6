-- A promise is approved by somebody who did not draft it: the drafter is copied by key, so no caller can claim otherwise.
ALTER TABLE partnerships_approval ADD CONSTRAINT partnerships_approval_drafter
    FOREIGN KEY (case_id, drafted_by_id) REFERENCES partnerships_businesscase (id, drafted_by_id);
ALTER TABLE partnerships_approval ADD CONSTRAINT partnerships_approval_case
    FOREIGN KEY (case_id, partnership_id) REFERENCES partnerships_businesscase (id, partnership_id);
ALTER TABLE partnerships_plannedline ADD CONSTRAINT partnerships_plannedline_case
    FOREIGN KEY (case_id, partnership_id) REFERENCES partnerships_businesscase (id, partnership_id);
ALTER TABLE partnerships_plannedcharge ADD CONSTRAINT partnerships_plannedcharge_case
    FOREIGN KEY (case_id, partnership_id) REFERENCES partnerships_businesscase (id, partnership_id);
ALTER TABLE partnerships_baseline ADD CONSTRAINT partnerships_baseline_case
    FOREIGN KEY (case_id, partnership_id) REFERENCES partnerships_businesscase (id, partnership_id);

CREATE FUNCTION approval_check() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM written_rows n JOIN councils_act a ON a.id = n.act_id
               WHERE a.person_id <> n.approved_by_id) THEN
        RAISE EXCEPTION 'an approval is given by the person who acts' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER approval_check AFTER INSERT ON partnerships_approval REFERENCING NEW TABLE AS written_rows
    FOR EACH STATEMENT EXECUTE FUNCTION approval_check();
ALTER TABLE partnerships_approval ENABLE ALWAYS TRIGGER approval_check;

CREATE FUNCTION drafting_check() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM written_rows n JOIN councils_act a ON a.id = n.act_id
               WHERE a.person_id <> n.drafted_by_id) THEN
        RAISE EXCEPTION 'a business case is drafted by the person who acts' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER drafting_check AFTER INSERT ON partnerships_businesscase REFERENCING NEW TABLE AS written_rows
    FOR EACH STATEMENT EXECUTE FUNCTION drafting_check();
ALTER TABLE partnerships_businesscase ENABLE ALWAYS TRIGGER drafting_check;

CREATE FUNCTION case_line_check() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
-- The lines of a case come in the act that drafted it: an approved promise cannot grow.
BEGIN
    IF EXISTS (SELECT 1 FROM written_rows n JOIN partnerships_businesscase c ON c.id = n.case_id
               WHERE c.act_id <> n.act_id) THEN
        RAISE EXCEPTION 'a business case is written whole: draft the next version instead'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['partnerships_plannedline', 'partnerships_plannedcharge', 'partnerships_baseline'] LOOP
        EXECUTE format('CREATE TRIGGER case_line_check AFTER INSERT ON %I REFERENCING NEW TABLE AS written_rows
            FOR EACH STATEMENT EXECUTE FUNCTION case_line_check()', t);
        EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER case_line_check', t);
    END LOOP;
END $$;

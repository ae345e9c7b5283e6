-- What a row says of who wrote it is true, a row that replaces another replaces its own like, and parts belong together.

CREATE FUNCTION written_by_actor() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
-- The person a row names (the trigger's argument says in which column) is the person who acts.
DECLARE v bigint;
BEGIN
    EXECUTE format('SELECT n.id FROM written_rows n JOIN councils_act a ON a.id = n.act_id
                    WHERE n.%I <> a.person_id LIMIT 1', TG_ARGV[0]) INTO v;
    IF v IS NOT NULL THEN
        PERFORM ledger_refuse(format('%s names somebody else than the person who acts', TG_TABLE_NAME), v);
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION role_check() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v bigint;
BEGIN
    SELECT n.id INTO v FROM written_rows n JOIN councils_role r ON r.id = n.replaces_id
    WHERE (r.person_id, r.what) <> (n.person_id, n.what) OR r.council_id IS DISTINCT FROM n.council_id LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a role is replaced by one of the same person, council and kind', v); END IF;
    SELECT n.id INTO v FROM written_rows n JOIN councils_act a ON a.id = n.act_id
    WHERE n.person_id = a.person_id AND n.replaces_id IS NULL LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('nobody gives a role to themselves', v); END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION membership_check() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE v bigint;
BEGIN
    SELECT n.id INTO v FROM written_rows n JOIN partnerships_membership m ON m.id = n.replaces_id
    WHERE (m.partnership_id, m.council_id) <> (n.partnership_id, n.council_id) LIMIT 1;
    IF FOUND THEN
        PERFORM ledger_refuse('a membership is replaced by one of the same council in the same partnership', v);
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION dispute_outcome_check() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE v bigint;
BEGIN
    SELECT n.id INTO v FROM written_rows n JOIN savings_dispute d ON d.id = n.dispute_id
        JOIN savings_entry e ON e.id = d.entry_id
    WHERE (d.entry_id, d.partnership_id) <> (n.entry_id, n.partnership_id)
       OR (n.outcome <> 'withdrawn' AND d.raised_by_id = n.decided_by_id)
       OR (n.outcome = 'withdrawn' AND d.council_id <> n.council_id)
       OR (n.outcome = 'dismissed' AND e.recorded_by_id = n.decided_by_id) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a dispute is decided by somebody who neither raised nor caused it', v); END IF;
    RETURN NULL;
END $$;

DO $$
DECLARE t text[];
BEGIN
    FOREACH t SLICE 1 IN ARRAY ARRAY[
        ['savings_dispute', 'raised_by_id'], ['savings_disputeoutcome', 'decided_by_id'],
        ['savings_document', 'uploaded_by_id'], ['savings_scheme', 'proposed_by_id'],
        ['savings_budgetreduction', 'recorded_by_id'], ['savings_report', 'asked_by_id']]
    LOOP
        EXECUTE format('CREATE TRIGGER written_by_actor AFTER INSERT ON %I REFERENCING NEW TABLE AS written_rows
            FOR EACH STATEMENT EXECUTE FUNCTION written_by_actor(%L)', t[1], t[2]);
        EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER written_by_actor', t[1]);
    END LOOP;
    FOREACH t SLICE 1 IN ARRAY ARRAY[
        ['councils_role', 'role_check'], ['partnerships_membership', 'membership_check'],
        ['savings_disputeoutcome', 'dispute_outcome_check']]
    LOOP
        EXECUTE format('CREATE TRIGGER %I AFTER INSERT ON %I REFERENCING NEW TABLE AS written_rows
            FOR EACH STATEMENT EXECUTE FUNCTION %I()', t[2], t[1], t[2]);
        EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER %I', t[1], t[2]);
    END LOOP;
END $$;

ALTER TABLE partnerships_audience ADD CONSTRAINT partnerships_audience_who
    CHECK (who IN ('members', 'sector', 'public'));
ALTER TABLE savings_schemestatus ADD CONSTRAINT savings_schemestatus_partnership
    FOREIGN KEY (scheme_id, partnership_id) REFERENCES savings_scheme (id, partnership_id);
ALTER TABLE savings_indicator ADD CONSTRAINT savings_indicator_partnership UNIQUE (id, partnership_id);
ALTER TABLE savings_reading ADD CONSTRAINT savings_reading_partnership
    FOREIGN KEY (indicator_id, partnership_id) REFERENCES savings_indicator (id, partnership_id);
ALTER TABLE savings_scheme ADD CONSTRAINT savings_scheme_indicator_partnership
    FOREIGN KEY (indicator_id, partnership_id) REFERENCES savings_indicator (id, partnership_id);

-- the latest decision is the one with the highest id, so nobody may choose an id
ALTER TABLE savings_decision ALTER COLUMN id SET GENERATED ALWAYS;
ALTER TABLE savings_return ALTER COLUMN id SET GENERATED ALWAYS;
ALTER TABLE partnerships_audience ALTER COLUMN id SET GENERATED ALWAYS;

-- grades are kept by triggers, whoever writes
REVOKE INSERT, UPDATE, DELETE ON savings_entrystate FROM banked_app, banked_worker;

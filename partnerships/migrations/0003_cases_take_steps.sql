-- A business case goes draft, submitted, approved, by two people; what is withdrawn or superseded never comes back.
-- One lock for each partnership orders steps and approvals, so that what each of them looks at stays so.

CREATE FUNCTION case_lock(p_partnerships bigint[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE v bigint;
BEGIN
    FOR v IN SELECT DISTINCT unnest(p_partnerships) ORDER BY 1 LOOP
        PERFORM pg_advisory_xact_lock(x'63617365'::int, (v % 2147483648)::int);
    END LOOP;
END $$;

CREATE FUNCTION case_state(p_case bigint) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT step FROM partnerships_casestep WHERE case_id = p_case ORDER BY sequence DESC LIMIT 1), 'draft')
$$;

CREATE FUNCTION case_step_check() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE v bigint;
BEGIN
    PERFORM case_lock((SELECT array_agg(partnership_id) FROM written_rows));
    SELECT n.id INTO v FROM written_rows n JOIN councils_act a ON a.id = n.act_id
    WHERE a.person_id <> n.stepped_by_id LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a business case is stepped on by the person who acts', v); END IF;
    SELECT n.id INTO v FROM written_rows n
        LEFT JOIN partnerships_casestep b ON (b.case_id, b.sequence) = (n.case_id, n.sequence - 1)
    WHERE n.sequence < 1 OR (n.sequence > 1 AND b.id IS NULL)
       OR (n.step = 'submitted' AND (b.step IS NULL OR b.step = 'returned')
        OR n.step = 'returned' AND b.step = 'submitted'
        OR n.step IN ('withdrawn', 'superseded') AND (b.step IS NULL OR b.step IN ('submitted', 'returned'))) IS NOT TRUE
    LIMIT 1;
    IF FOUND THEN
        PERFORM ledger_refuse('a business case goes from draft to submitted, and ends when it is withdrawn or superseded', v);
    END IF;
    SELECT n.id INTO v FROM written_rows n
    WHERE n.step <> 'returned' AND NOT EXISTS (
        SELECT 1 FROM councils_role r WHERE r.person_id = n.drafted_by_id AND r.council_id = n.council_id
          AND r.what IN ('finance_officer', 'finance_lead')) LIMIT 1;
    IF FOUND THEN
        PERFORM ledger_refuse('a business case is submitted and withdrawn for the council that drafted it', v);
    END IF;
    SELECT n.id INTO v FROM written_rows n
    WHERE NOT EXISTS (SELECT 1 FROM partnerships_membership m
                      WHERE (m.partnership_id, m.council_id) = (n.partnership_id, n.council_id)) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a business case is stepped on for a member', v); END IF;
    SELECT n.id INTO v FROM written_rows n JOIN partnerships_approval p ON p.case_id = n.case_id
    WHERE n.step IN ('withdrawn', 'superseded') LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('an approved business case stands: a later version restates it', v); END IF;
    SELECT n.id INTO v FROM written_rows n
        JOIN partnerships_approval p ON (p.case_id, p.council_id) = (n.case_id, n.council_id)
    WHERE n.step = 'returned' LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a business case is not returned by a council that approved it', v); END IF;
    SELECT n.id INTO v FROM written_rows n
        JOIN partnerships_businesscase c ON c.id = n.case_id JOIN partnerships_businesscase l ON l.id = n.later_id
    WHERE l.act_id <> n.act_id OR l.version <= c.version LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a business case is superseded by a later one as that is drafted', v); END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER case_step_check AFTER INSERT ON partnerships_casestep REFERENCING NEW TABLE AS written_rows
    FOR EACH STATEMENT EXECUTE FUNCTION case_step_check();
ALTER TABLE partnerships_casestep ENABLE ALWAYS TRIGGER case_step_check;

CREATE FUNCTION approval_step_check() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE v bigint;
BEGIN
    PERFORM case_lock((SELECT array_agg(partnership_id) FROM written_rows));
    SELECT n.id INTO v FROM written_rows n WHERE case_state(n.case_id) <> 'submitted' LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('only a submitted business case is approved', v); END IF;
    SELECT n.id INTO v FROM written_rows n JOIN partnerships_businesscase c ON c.id = n.case_id
        JOIN partnerships_approval o ON (o.partnership_id, o.council_id) = (n.partnership_id, n.council_id)
        JOIN partnerships_businesscase later ON later.id = o.case_id AND later.version > c.version LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a later version is already approved for this council', v); END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER approval_step_check AFTER INSERT ON partnerships_approval REFERENCING NEW TABLE AS written_rows
    FOR EACH STATEMENT EXECUTE FUNCTION approval_step_check();
ALTER TABLE partnerships_approval ENABLE ALWAYS TRIGGER approval_step_check;

CREATE FUNCTION volume_check() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE v bigint;
BEGIN
    SELECT n.id INTO v FROM written_rows n JOIN councils_act a ON a.id = n.act_id
    WHERE a.person_id <> n.recorded_by_id LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a volume is recorded by the person who acts', v); END IF;
    SELECT n.id INTO v FROM written_rows n JOIN partnerships_businesscase c ON c.id = n.case_id
    WHERE (c.partnership_id, c.volume_driver, c.act_id) <> (n.partnership_id, n.driver, n.act_id) LIMIT 1;
    IF FOUND THEN
        PERFORM ledger_refuse('a volume comes with the draft of its own business case, or later from its council', v);
    END IF;
    SELECT n.id INTO v FROM written_rows n
    WHERE NOT EXISTS (SELECT 1 FROM partnerships_membership m
                      WHERE (m.partnership_id, m.council_id) = (n.partnership_id, n.council_id))
       OR NOT EXISTS (SELECT 1 FROM partnerships_businesscase c
                      WHERE (c.partnership_id, c.volume_driver) = (n.partnership_id, n.driver)) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a volume is of a member, and of a driver that a business case names', v); END IF;
    SELECT n.id INTO v FROM written_rows n JOIN partnerships_volume o
        ON (o.partnership_id, o.driver) = (n.partnership_id, n.driver) AND o.unit <> n.unit LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('one driver is counted in one unit', v); END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER volume_check AFTER INSERT ON partnerships_volume REFERENCING NEW TABLE AS written_rows
    FOR EACH STATEMENT EXECUTE FUNCTION volume_check();
ALTER TABLE partnerships_volume ENABLE ALWAYS TRIGGER volume_check;

-- the drafter and the partnership are copied by key, so no caller can claim others; the latest row has the highest id
ALTER TABLE partnerships_casestep ADD CONSTRAINT partnerships_casestep_drafter
    FOREIGN KEY (case_id, drafted_by_id) REFERENCES partnerships_businesscase (id, drafted_by_id);
ALTER TABLE partnerships_casestep ADD CONSTRAINT partnerships_casestep_case
    FOREIGN KEY (case_id, partnership_id) REFERENCES partnerships_businesscase (id, partnership_id);
ALTER TABLE partnerships_casestep ADD CONSTRAINT partnerships_casestep_later_case
    FOREIGN KEY (later_id, partnership_id) REFERENCES partnerships_businesscase (id, partnership_id);
ALTER TABLE partnerships_casestep ALTER COLUMN id SET GENERATED ALWAYS;
ALTER TABLE partnerships_volume ALTER COLUMN id SET GENERATED ALWAYS;
-- what was promised first follows from the order of approvals, so nobody may choose an id
ALTER TABLE partnerships_approval ALTER COLUMN id SET GENERATED ALWAYS;

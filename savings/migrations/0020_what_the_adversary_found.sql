-- What one person could still do alone, or to others, when somebody tried.

-- Roles and deputies ---------------------------------------------------------------------------------------------------

CREATE OR REPLACE FUNCTION role_check() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- One's own role may be given up or shortened, and never begun earlier or made to last longer.
DECLARE v bigint;
BEGIN
    SELECT n.id INTO v FROM written_rows n JOIN councils_role r ON r.id = n.replaces_id
    WHERE (r.person_id, r.what) <> (n.person_id, n.what) OR r.council_id IS DISTINCT FROM n.council_id LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a role is replaced by one of the same person, council and kind', v); END IF;
    SELECT n.id INTO v FROM written_rows n JOIN councils_act a ON a.id = n.act_id
    LEFT JOIN councils_role r ON r.id = n.replaces_id
    WHERE n.person_id = a.person_id
      AND (r.id IS NULL OR n.starts_on < r.starts_on
           OR coalesce(n.ends_on, 'infinity'::date) > coalesce(r.ends_on, 'infinity'::date)) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('nobody gives a role to themselves, nor makes their own last longer', v); END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION stands_in_for(p_person bigint, p_council bigint, p_on date) RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- Whose finance lead's duties somebody has only because those people are away; nobody's for a lead in their own right.
-- Asked of the roles that came with a cover, because a cover can be ended in an act that leaves the role standing.
    SELECT CASE WHEN own_role(p_person, p_council, 'finance_lead', p_on) THEN '{}'::bigint[] ELSE coalesce((
        SELECT array_agg(DISTINCT c.covered_id) FROM councils_role r
        JOIN savings_cover c ON (c.act_id, c.deputy_id, c.council_id, c.what) = (r.act_id, r.person_id, r.council_id, r.what)
        WHERE r.person_id = p_person AND r.council_id = p_council AND r.what = 'finance_lead' AND r.starts_on <= p_on
          AND (r.ends_on IS NULL OR r.ends_on > p_on)
          AND NOT EXISTS (SELECT 1 FROM councils_role later WHERE later.replaces_id = r.id)), '{}'::bigint[]) END
$$;
-- They tell of any person and council, and only triggers ask them.
REVOKE ALL ON FUNCTION own_role, stands_in_for FROM PUBLIC;

CREATE FUNCTION dispute_not_for_the_absent() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v bigint;
BEGIN
    SELECT n.id INTO v FROM written_rows n JOIN councils_act a ON a.id = n.act_id JOIN savings_entry e ON e.id = n.entry_id
    WHERE n.outcome = 'dismissed'
      AND e.recorded_by_id = ANY (stands_in_for(n.decided_by_id, n.council_id, london_day(a.at))) LIMIT 1;
    IF FOUND THEN
        PERFORM ledger_refuse('you stand in for the person who recorded it, so you cannot dismiss what is said of it', v);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER not_for_the_absent AFTER INSERT ON savings_disputeoutcome REFERENCING NEW TABLE AS written_rows
    FOR EACH STATEMENT EXECUTE FUNCTION dispute_not_for_the_absent();
ALTER TABLE savings_disputeoutcome ENABLE ALWAYS TRIGGER not_for_the_absent;

CREATE FUNCTION product_writes_elsewhere() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
-- What the product does of its own accord it does as the worker or the owner. The application notes refused sign-ins
-- in its name, which write no row.
BEGIN
    IF 'banked_app' IN (session_user, current_setting('role')) AND EXISTS (
        SELECT 1 FROM councils_act a JOIN councils_person p ON p.id = a.person_id WHERE a.id = NEW.act_id AND p.system) THEN
        PERFORM ledger_refuse('the application writes nothing in the name of the product', NEW.act_id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER product_writes_elsewhere AFTER INSERT ON councils_event
    FOR EACH ROW WHEN (NEW.rows > 0) EXECUTE FUNCTION product_writes_elsewhere();
ALTER TABLE councils_event ENABLE ALWAYS TRIGGER product_writes_elsewhere;

-- Quality --------------------------------------------------------------------------------------------------------------

CREATE FUNCTION reading_by_another() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
-- A reading put right ends what is disputed for it, so it is no way round the second person either. Fires before
-- reading_check, which ends the disputes.
DECLARE v bigint;
BEGIN
    SELECT n.id INTO v FROM written_rows n
    JOIN savings_reading x ON (x.indicator_id, x.council_id, x.quarter) = (n.indicator_id, n.council_id, n.quarter)
    JOIN savings_dispute d ON d.reading_id = x.id
    JOIN savings_entry e ON e.id = d.entry_id AND e.recorded_by_id = n.read_by_id
    LEFT JOIN savings_disputeoutcome o ON o.dispute_id = d.id
    WHERE n.replaces_id IS NOT NULL AND (o.id IS NULL OR o.outcome = 'upheld')
      AND NOT quality_failed(n.indicator_id, n.council_id, n.quarter) LIMIT 1;
    IF FOUND THEN
        PERFORM ledger_refuse('you recorded a claim that this reading disputes, so somebody else puts the reading right', v);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER by_another AFTER INSERT ON savings_reading REFERENCING NEW TABLE AS written_rows
    FOR EACH STATEMENT EXECUTE FUNCTION reading_by_another();
ALTER TABLE savings_reading ENABLE ALWAYS TRIGGER by_another;

-- Mail -----------------------------------------------------------------------------------------------------------------

CREATE FUNCTION letters_few() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- Each request and each contact sends letters to addresses that somebody typed, so a day has only so many of them. Held
-- one at a time for each partnership, so that many at once are counted too.
DECLARE v bigint;
BEGIN
    FOR v IN SELECT DISTINCT partnership_id FROM written_rows ORDER BY 1 LOOP
        PERFORM pg_advisory_xact_lock(x'61736b'::int, (v % 2147483648)::int);
    END LOOP;
    IF TG_TABLE_NAME = 'savings_contact' THEN
        SELECT n.id INTO v FROM written_rows n WHERE NOT n.ended AND 20 < (
            SELECT count(*) FROM savings_contact c
            WHERE (c.partnership_id, c.council_id) = (n.partnership_id, n.council_id) AND NOT c.ended
              AND c.set_at > n.set_at - interval '1 day') LIMIT 1;
        IF FOUND THEN PERFORM ledger_refuse('a council sets at most 20 contacts a day for a partnership', v); END IF;
        RETURN NULL;
    END IF;
    SELECT n.id INTO v FROM written_rows n WHERE 5 < (
        SELECT count(*) FROM savings_confirmationrequest r
        WHERE (r.partnership_id, r.council_id, r.quarter) = (n.partnership_id, n.council_id, n.quarter)
          AND r.asked_at > n.asked_at - interval '1 day') LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a member is asked about one quarter at most 5 times a day', v); END IF;
    RETURN NULL;
END $$;
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['savings_contact', 'savings_confirmationrequest'] LOOP
        EXECUTE format('CREATE TRIGGER letters_few AFTER INSERT ON %I REFERENCING NEW TABLE AS written_rows
            FOR EACH STATEMENT EXECUTE FUNCTION letters_few()', t);
        EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER letters_few', t);
    END LOOP;
END $$;

-- Claims in other partnerships -----------------------------------------------------------------------------------------

DO $$
-- Whoever asks about lines of others may not choose their amounts, and nobody how near is near: with an amount of
-- their own and a wide tolerance it told every claim of every fellow member elsewhere.
DECLARE
    v_was text := pg_get_functiondef('claims_elsewhere'::regproc);
    v_is text := replace(replace(v_was,
        '* p_bps, p_tolerance * 10000)', '* least(p_bps, 500), least(p_tolerance, 1000000) * 10000)'),
        'm.partnership_id = p_partnership AND m.council_id = l.council_id)',
        'm.partnership_id = p_partnership AND m.council_id = l.council_id)
          AND CASE WHEN ''banked_worker'' IN (session_user, current_setting(''role'')) THEN true
                   WHEN l.council_id = ANY (scope_ids(''councils'')) THEN true
                   ELSE l.pence = (SELECT sum(x.amount_pence) FROM savings_entry x
                   WHERE x.partnership_id = p_partnership AND x.scheme_id = l.scheme_id AND x.council_id = l.council_id
                     AND x.year = p_year AND x.series = ''banked'' AND x.kind = ''saving''
                     AND x.benefit_class = ''cash_releasing''
                     AND (coalesce(current_setting(''banked.as_at'', true), '''') = ''''
                       OR coalesce(nullif(current_setting(''banked.as_at_acts'', true), ''''), ''{}'')::int8multirange
                          @> x.act_id)) END');
BEGIN
    IF length(v_is) - length(v_was) < 500 THEN RAISE EXCEPTION 'claims_elsewhere is no longer what it was'; END IF;
    EXECUTE v_is;
END $$;

-- Words and ids --------------------------------------------------------------------------------------------------------

DO $$
-- The texts that came after the others were held to what can be seen. Table, column, and whether it may have lines.
DECLARE t text[];
BEGIN
    FOREACH t SLICE 1 IN ARRAY ARRAY[
        ['partnerships_casestep', 'reason', 'true'], ['partnerships_businesscase', 'volume_driver', 'false'],
        ['partnerships_volume', 'driver', 'false'], ['partnerships_volume', 'unit', 'false'],
        ['partnerships_volume', 'source', 'false'], ['savings_closingdays', 'reason', 'true'],
        ['savings_confirmationanswer', 'reason', 'true'], ['savings_confirmationrevocation', 'reason', 'true'],
        ['savings_contact', 'name', 'false'], ['savings_contact', 'email', 'false'], ['savings_cover', 'reason', 'true'],
        ['savings_note', 'text', 'true'], ['savings_savingended', 'reason', 'true'], ['savings_reading', 'source', 'true'],
        ['savings_reading', 'reason', 'true'], ['savings_indicatorwaiver', 'reason', 'true'],
        ['savings_schemeversion', 'reason', 'true'], ['savings_schemeversion', 'owner', 'false']]
    LOOP
        EXECUTE format('ALTER TABLE %I ADD CONSTRAINT %I CHECK (plain_text(%I, %s)) NOT VALID',
                       t[1], t[1] || '_' || t[2] || '_plain', t[2], t[3]);
    END LOOP;
END $$;
ALTER TABLE savings_contact ADD CONSTRAINT savings_contact_one_address CHECK (email !~ '\s') NOT VALID;

-- the latest row holds, so nobody may choose an id
ALTER TABLE savings_closingdays ALTER COLUMN id SET GENERATED ALWAYS;
ALTER TABLE savings_reminderchoice ALTER COLUMN id SET GENERATED ALWAYS;
ALTER TABLE savings_seen ALTER COLUMN id SET GENERATED ALWAYS;

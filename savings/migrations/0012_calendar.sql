-- The closing calendar, its reminders, recurring savings that ended, and nil returns that agree with the ledger.

CREATE FUNCTION return_nil_check() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- What a return states to be nil is nil in the ledger too, whenever the return goes on. What was reversed is nothing.
DECLARE v bigint;
BEGIN
    SELECT n.id INTO v FROM written_rows n
    WHERE n.step <> 'reopened' AND (n.nil_savings OR n.nil_costs) AND EXISTS (
        SELECT 1 FROM savings_entry e
        WHERE e.partnership_id = n.partnership_id AND e.council_id = n.council_id AND e.series = 'banked'
          AND e.year = extract(year FROM n.quarter) - (extract(month FROM n.quarter) < 4)::int
          AND period_quarter(e.year, e.month) = n.quarter
          AND (n.nil_savings AND e.kind = 'saving' OR n.nil_costs AND e.kind IN ('one_off_cost', 'running_cost'))
          AND e.reverses_id IS NULL
          AND NOT EXISTS (SELECT 1 FROM savings_entry r WHERE r.reverses_id = e.id)) LIMIT 1;
    IF FOUND THEN
        PERFORM ledger_refuse('the return states nil, and the ledger holds an amount for that quarter', v);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER nil_check AFTER INSERT ON savings_return REFERENCING NEW TABLE AS written_rows
    FOR EACH STATEMENT EXECUTE FUNCTION return_nil_check();
ALTER TABLE savings_return ENABLE ALWAYS TRIGGER nil_check;

CREATE FUNCTION closing_days_check() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v bigint;
BEGIN
    SELECT n.id INTO v FROM written_rows n JOIN councils_act a ON a.id = n.act_id
    WHERE a.person_id <> n.set_by_id LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('closing days are set by the person who acts', v); END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER closing_days_check AFTER INSERT ON savings_closingdays REFERENCING NEW TABLE AS written_rows
    FOR EACH STATEMENT EXECUTE FUNCTION closing_days_check();
ALTER TABLE savings_closingdays ENABLE ALWAYS TRIGGER closing_days_check;

CREATE FUNCTION saving_ended_check() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v bigint;
BEGIN
    SELECT n.id INTO v FROM written_rows n JOIN councils_act a ON a.id = n.act_id
    WHERE a.person_id <> n.said_by_id LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('that a saving ended is said by the person who acts', v); END IF;
    SELECT n.id INTO v FROM written_rows n LEFT JOIN savings_scheme s
        ON s.id = n.scheme_id AND s.partnership_id = n.partnership_id WHERE s.id IS NULL LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('the scheme does not belong to the partnership', v); END IF;
    SELECT n.id INTO v FROM written_rows n WHERE NOT EXISTS (
        SELECT 1 FROM savings_entry e
        WHERE e.scheme_id = n.scheme_id AND e.council_id = n.council_id AND e.benefit_class = n.benefit_class
          AND e.series = 'banked' AND e.recurrence = 'recurring' AND e.year < n.year
        GROUP BY e.year HAVING sum(e.amount_pence) > 0) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('only a recurring saving that was banked before can end', v); END IF;
    SELECT n.id INTO v FROM written_rows n WHERE (
        SELECT coalesce(sum(e.amount_pence), 0) FROM savings_entry e
        WHERE e.scheme_id = n.scheme_id AND e.council_id = n.council_id AND e.benefit_class = n.benefit_class
          AND e.series = 'banked' AND e.recurrence = 'recurring' AND e.year = n.year) <> 0 LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('the saving is banked in the year in which it is said to have ended', v); END IF;
    INSERT INTO savings_mark (partnership_id, year, act, made_at)
    SELECT DISTINCT partnership_id, year, act_id, clock_timestamp() FROM written_rows;
    RETURN NULL;
END $$;
CREATE TRIGGER saving_ended_check AFTER INSERT ON savings_savingended REFERENCING NEW TABLE AS written_rows
    FOR EACH STATEMENT EXECUTE FUNCTION saving_ended_check();
ALTER TABLE savings_savingended ENABLE ALWAYS TRIGGER saving_ended_check;

CREATE FUNCTION members_joined_record(p_partnerships bigint[])
RETURNS TABLE (partnership_id bigint, council_id bigint, at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- When each member's membership was first entered here. Runs as the owner, because the act of another council's joining
-- may be out of the reader's sight; it tells a moment, and only of partnerships in the reader's scope.
    SELECT m.partnership_id, m.council_id, min(a.at)
    FROM partnerships_membership m JOIN councils_act a ON a.id = m.act_id
    WHERE m.partnership_id = ANY (p_partnerships)
      AND CASE WHEN 'banked_worker' IN (session_user, current_setting('role')) THEN true
               ELSE m.partnership_id = ANY (scope_ids('partnerships')) END
    GROUP BY m.partnership_id, m.council_id
$$;
REVOKE ALL ON FUNCTION members_joined_record FROM PUBLIC;
GRANT EXECUTE ON FUNCTION members_joined_record TO banked_app, banked_worker, banked_readonly;

CALL wall('savings_closingdays', 'council_id = ANY ((SELECT scope_ids(''fellows''))::bigint[])',
    'council_id = ANY ((SELECT scope_ids(''leads''))::bigint[])');
CALL wall('savings_reminder', 'person_id = (SELECT scope_person())', NULL);
CALL wall('savings_reminderchoice', 'person_id = (SELECT scope_person())', 'person_id = (SELECT scope_person())');
CALL wall('savings_yearturned', 'true', NULL);
CALL wall('savings_savingended', 'partnership_id = ANY ((SELECT scope_ids(''partnerships''))::bigint[])',
    'partnership_id = ANY ((SELECT scope_ids(''partnerships''))::bigint[])
        AND council_id = ANY ((SELECT scope_ids(''writes''))::bigint[])');
GRANT INSERT, UPDATE ON savings_reminder TO banked_worker;
GRANT INSERT ON savings_closingdays, savings_reminderchoice, savings_yearturned, savings_savingended TO banked_worker;

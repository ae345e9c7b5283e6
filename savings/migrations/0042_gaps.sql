-- A budget gap is said by a finance lead of the council, on the day of saying it; loading it is the system's.
CREATE FUNCTION gap_check() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v bigint;
BEGIN
    SELECT n.id INTO v FROM written_rows n JOIN councils_act a ON a.id = n.act_id
        JOIN councils_person p ON p.id = a.person_id
    WHERE NOT p.system AND NOT holds_lead(a.person_id, n.council_id, london_day(a.at)) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a budget gap is entered by a finance lead of the council', v); END IF;
    SELECT n.id INTO v FROM written_rows n JOIN councils_council c ON c.id = n.council_id
    WHERE least(c.ended_on, passed_on(c.id)) <= make_date(n.year, 4, 1) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a council has no budget for a year in which it is not there', v); END IF;
    SELECT n.id INTO v FROM written_rows n WHERE n.amount_pence > 1000000000000 LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a budget gap is no more than £10 billion', v); END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER gap_check AFTER INSERT ON councils_budgetgap REFERENCING NEW TABLE AS written_rows
    FOR EACH STATEMENT EXECUTE FUNCTION gap_check();
ALTER TABLE councils_budgetgap ENABLE ALWAYS TRIGGER gap_check;

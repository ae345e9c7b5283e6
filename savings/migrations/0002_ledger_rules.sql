-- The rules of the ledger, checked once a statement, so that ten thousand rows cost little more than one.

CREATE FUNCTION period_start(p_year smallint, p_month smallint) RETURNS date LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN p_month IS NULL THEN make_date(p_year, 4, 1)
                ELSE make_date(p_year + (p_month > 9)::int, (p_month + 2) % 12 + 1, 1) END
$$;
CREATE FUNCTION period_end(p_year smallint, p_month smallint) RETURNS date LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN p_month IS NULL THEN make_date(p_year + 1, 4, 1)
                ELSE (period_start(p_year, p_month) + interval '1 month')::date END
$$;
CREATE FUNCTION period_quarter(p_year smallint, p_month smallint) RETURNS date LANGUAGE sql IMMUTABLE AS $$
-- First day of the quarter that closes this period: a whole year closes with its fourth (DESIGN 10.12).
    SELECT CASE WHEN p_month IS NULL THEN make_date(p_year + 1, 1, 1)
                ELSE period_start(p_year, (((p_month - 1) / 3) * 3 + 1)::smallint) END
$$;

CREATE FUNCTION quarter_closed(p_partnership bigint, p_council bigint, p_quarter date) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT step = 'closed' FROM savings_return
                     WHERE partnership_id = p_partnership AND council_id = p_council AND quarter = p_quarter
                     ORDER BY sequence DESC LIMIT 1), false)
$$;

CREATE FUNCTION ledger_refuse(p_words text, p_id bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', p_words USING ERRCODE = 'check_violation', DETAIL = 'row ' || p_id;
END $$;

CREATE FUNCTION entry_check() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v bigint; v_held bigint[];
BEGIN
    SELECT n.id INTO v FROM written_rows n LEFT JOIN councils_act a ON a.id = n.act_id
    WHERE a.person_id IS DISTINCT FROM n.recorded_by_id LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('an entry is recorded by the person who acts', v); END IF;

    SELECT d.id INTO v FROM (SELECT min(id) AS id, scheme_id, partnership_id FROM written_rows GROUP BY 2, 3) d
    WHERE NOT EXISTS (SELECT 1 FROM savings_scheme s WHERE s.id = d.scheme_id AND s.partnership_id = d.partnership_id)
    LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('the scheme does not belong to the partnership', v); END IF;

    -- a cost may come before joining (setting up); nothing comes after leaving
    SELECT d.id INTO v FROM (
        SELECT min(id) AS id, partnership_id, council_id, year, month, kind IN ('one_off_cost', 'running_cost') AS cost
        FROM written_rows WHERE reverses_id IS NULL GROUP BY 2, 3, 4, 5, 6) d
    WHERE NOT EXISTS (
        SELECT 1 FROM partnerships_membership m
        WHERE m.partnership_id = d.partnership_id AND m.council_id = d.council_id
          AND (d.cost OR m.starts_on < period_end(d.year, d.month))
          AND (m.ends_on IS NULL OR m.ends_on > period_start(d.year, d.month))
          AND NOT EXISTS (SELECT 1 FROM partnerships_membership later WHERE later.replaces_id = m.id)) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('the council was not a member of the partnership in that period', v); END IF;

    SELECT n.id INTO v FROM written_rows n LEFT JOIN savings_entry r ON r.id = n.reverses_id
        AND (r.council_id, r.partnership_id, r.scheme_id, r.series, r.kind, r.recurrence, r.year)
          = (n.council_id, n.partnership_id, n.scheme_id, n.series, n.kind, n.recurrence, n.year)
        AND (r.benefit_class, r.month, r.price_base, r.business_case_id, r.budget_reduction_id) IS NOT DISTINCT FROM
            (n.benefit_class, n.month, n.price_base, n.business_case_id, n.budget_reduction_id)
        AND r.amount_pence = -n.amount_pence AND r.reverses_id IS NULL
    WHERE n.reverses_id IS NOT NULL AND r.id IS NULL LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a reversal is equal and opposite to one entry that is no reversal itself', v); END IF;

    SELECT n.id INTO v FROM written_rows n
    WHERE n.business_case_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM partnerships_approval a WHERE a.case_id = n.business_case_id AND a.council_id = n.council_id
          AND a.partnership_id = n.partnership_id AND a.act_id = n.act_id) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a projected amount is posted by the approval of its business case', v); END IF;

    SELECT n.id INTO v FROM written_rows n WHERE n.series = 'projected' AND n.reverses_id IS NOT NULL LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a promise is frozen: a later version restates it', v); END IF;

    SELECT d.id INTO v FROM (
        SELECT min(id) AS id, partnership_id, council_id, posted_quarter FROM written_rows WHERE series <> 'projected'
        GROUP BY 2, 3, 4) d
    WHERE quarter_closed(d.partnership_id, d.council_id, d.posted_quarter) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('the quarter it would be posted in is closed', v); END IF;

    SELECT d.id INTO v FROM (
        SELECT min(id) AS id, partnership_id, council_id, year, month, adjustment FROM written_rows
        WHERE series = 'banked' AND reverses_id IS NULL GROUP BY 2, 3, 4, 5, 6) d
    WHERE d.adjustment <> quarter_closed(d.partnership_id, d.council_id, period_quarter(d.year, d.month)) LIMIT 1;
    IF FOUND THEN
        PERFORM ledger_refuse('an amount for a closed quarter is an adjustment, and only such an amount is one', v);
    END IF;

    -- a scheme's year is monthly or whole, never both
    SELECT d.id INTO v FROM (
        SELECT min(id) AS id, scheme_id, council_id, year, series, kind, month IS NULL AS whole FROM written_rows
        WHERE reverses_id IS NULL GROUP BY 2, 3, 4, 5, 6, 7) d
    WHERE EXISTS (
        SELECT 1 FROM savings_entry e
        WHERE e.scheme_id = d.scheme_id AND e.council_id = d.council_id AND e.year = d.year AND e.series = d.series
          AND e.kind = d.kind AND (e.month IS NULL) = NOT d.whole AND e.reverses_id IS NULL
          AND NOT EXISTS (SELECT 1 FROM savings_entry r WHERE r.reverses_id = e.id)) LIMIT 1;
    IF FOUND THEN
        PERFORM ledger_refuse('this scheme already has amounts for that year of the other kind: a year is recorded by '
            'month or as a whole, never both', v);
    END IF;

    -- claims on a budget reduction never exceed it; the row lock makes it true for two at once
    SELECT n.id INTO v FROM written_rows n LEFT JOIN savings_budgetreduction b
        ON b.id = n.budget_reduction_id AND b.council_id = n.council_id AND b.year = n.year
    WHERE n.budget_reduction_id IS NOT NULL AND b.id IS NULL LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('the budget reduction is of another council or year', v); END IF;
    SELECT array_agg(DISTINCT budget_reduction_id ORDER BY budget_reduction_id) INTO v_held
    FROM written_rows WHERE budget_reduction_id IS NOT NULL AND series = 'banked';
    IF v_held IS NOT NULL THEN
        PERFORM 1 FROM savings_budgetreduction WHERE id = ANY (v_held) ORDER BY id FOR NO KEY UPDATE;
        SELECT b.id INTO v FROM savings_budgetreduction b
        WHERE b.id = ANY (v_held) AND b.amount_pence < (
            SELECT coalesce(sum(e.amount_pence), 0) FROM savings_entry e
            WHERE e.budget_reduction_id = b.id AND e.series = 'banked') LIMIT 1;
        IF FOUND THEN PERFORM ledger_refuse('claims on a budget reduction would exceed it', v); END IF;
    END IF;

    INSERT INTO savings_mark (partnership_id, year, act, made_at)
    SELECT DISTINCT partnership_id, year, act_id, clock_timestamp() FROM written_rows;
    RETURN NULL;
END $$;
CREATE TRIGGER entry_check AFTER INSERT ON savings_entry REFERENCING NEW TABLE AS written_rows
    FOR EACH STATEMENT EXECUTE FUNCTION entry_check();
ALTER TABLE savings_entry ENABLE ALWAYS TRIGGER entry_check;

CREATE FUNCTION charge_check() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v bigint;
BEGIN
    SELECT n.id INTO v FROM written_rows n JOIN councils_act a ON a.id = n.act_id
    WHERE a.person_id <> n.recorded_by_id LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a charge is recorded by the person who acts', v); END IF;
    SELECT n.id INTO v FROM written_rows n CROSS JOIN LATERAL (VALUES (n.payer_id), (n.receiver_id)) AS side (council_id)
    WHERE n.reverses_id IS NULL AND NOT EXISTS (
        SELECT 1 FROM partnerships_membership m
        WHERE m.partnership_id = n.partnership_id AND m.council_id = side.council_id
          AND m.starts_on < period_end(n.year, n.month)
          AND (m.ends_on IS NULL OR m.ends_on > period_start(n.year, n.month))
          AND NOT EXISTS (SELECT 1 FROM partnerships_membership later WHERE later.replaces_id = m.id)) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('payer and receiver must both be members in that period', v); END IF;
    SELECT n.id INTO v FROM written_rows n LEFT JOIN savings_charge r ON r.id = n.reverses_id
        AND (r.council_id, r.partnership_id, r.payer_id, r.receiver_id, r.series, r.year)
          = (n.council_id, n.partnership_id, n.payer_id, n.receiver_id, n.series, n.year)
        AND r.month IS NOT DISTINCT FROM n.month AND r.amount_pence = -n.amount_pence AND r.reverses_id IS NULL
    WHERE n.reverses_id IS NOT NULL AND r.id IS NULL LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a reversal is equal and opposite to one charge', v); END IF;
    SELECT n.id INTO v FROM written_rows n
    WHERE n.business_case_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM partnerships_approval a WHERE a.case_id = n.business_case_id AND a.council_id = n.payer_id
          AND a.partnership_id = n.partnership_id AND a.act_id = n.act_id) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a planned charge is posted by the payer''s approval', v); END IF;
    SELECT n.id INTO v FROM written_rows n WHERE n.series = 'projected' AND n.reverses_id IS NOT NULL LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a promise is frozen: a later version restates it', v); END IF;
    SELECT n.id INTO v FROM written_rows n
    WHERE n.series <> 'projected' AND quarter_closed(n.partnership_id, n.council_id, n.posted_quarter) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('the quarter it would be posted in is closed', v); END IF;
    INSERT INTO savings_mark (partnership_id, year, act, made_at)
    SELECT DISTINCT partnership_id, year, act_id, clock_timestamp() FROM written_rows;
    RETURN NULL;
END $$;
CREATE TRIGGER charge_check AFTER INSERT ON savings_charge REFERENCING NEW TABLE AS written_rows
    FOR EACH STATEMENT EXECUTE FUNCTION charge_check();
ALTER TABLE savings_charge ENABLE ALWAYS TRIGGER charge_check;

-- Corrections of budget reductions, claims made in two partnerships, and what the duplicate rules found.

ALTER TABLE savings_budgetreduction ADD CONSTRAINT savings_reduction_council UNIQUE (id, council_id);
ALTER TABLE savings_budgetcorrection ADD CONSTRAINT savings_correction_council
    FOREIGN KEY (reduction_id, council_id) REFERENCES savings_budgetreduction (id, council_id);
ALTER TABLE savings_distinctionacross ADD CONSTRAINT savings_across_scheme
    FOREIGN KEY (scheme_id, partnership_id) REFERENCES savings_scheme (id, partnership_id);
ALTER TABLE savings_distinctionacross ADD CONSTRAINT savings_across_other_scheme
    FOREIGN KEY (other_scheme_id, other_partnership_id) REFERENCES savings_scheme (id, partnership_id);
-- the latest correction is the one with the highest sequence, and nobody chooses an id
ALTER TABLE savings_budgetcorrection ALTER COLUMN id SET GENERATED ALWAYS;

CREATE FUNCTION reduction_amount(p_reduction bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
-- What was taken out of the budget, as last corrected; pence.
    SELECT coalesce(
        (SELECT amount_pence FROM savings_budgetcorrection WHERE reduction_id = p_reduction
         ORDER BY sequence DESC LIMIT 1),
        (SELECT amount_pence FROM savings_budgetreduction WHERE id = p_reduction))
$$;

DO $$
-- Entries are held against what a reduction was corrected to; nothing else of their check changes.
DECLARE
    v_was text := pg_get_functiondef('entry_check()'::regprocedure);
    v_is text := replace(v_was, 'b.amount_pence < (', 'reduction_amount(b.id) < (');
BEGIN
    IF v_is = v_was THEN RAISE EXCEPTION 'entry_check no longer compares claims with the budget reduction'; END IF;
    EXECUTE v_is;
END $$;

CREATE FUNCTION budget_correction_check() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE v bigint;
BEGIN
    -- the same row lock as a claim takes, so that one waits for the other
    PERFORM 1 FROM savings_budgetreduction WHERE id IN (SELECT reduction_id FROM written_rows)
    ORDER BY id FOR NO KEY UPDATE;
    SELECT n.id INTO v FROM written_rows n
    WHERE n.sequence <> 1 + (SELECT count(*) FROM savings_budgetcorrection c
                             WHERE c.reduction_id = n.reduction_id AND c.sequence < n.sequence) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a correction follows the one before it', v); END IF;
    SELECT n.id INTO v FROM written_rows n
    WHERE reduction_amount(n.reduction_id) < (
        SELECT coalesce(sum(e.amount_pence), 0) FROM savings_entry e
        WHERE e.budget_reduction_id = n.reduction_id AND e.series = 'banked') LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a budget reduction is not lowered below what is claimed of it', v); END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION distinction_across_check() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE v bigint;
BEGIN
    SELECT n.id INTO v FROM written_rows n
    WHERE EXISTS (
        SELECT 1 FROM savings_entry e
        WHERE e.year = n.year AND e.council_id = n.council_id AND e.recorded_by_id = n.decided_by_id
          AND e.series = 'banked' AND e.kind = 'saving' AND e.scheme_id IN (n.scheme_id, n.other_scheme_id)) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('two claims are found distinct by somebody who recorded neither', v); END IF;
    INSERT INTO savings_mark (partnership_id, year, act, made_at)
    SELECT DISTINCT p.id, n.year, n.act_id, clock_timestamp()
    FROM written_rows n CROSS JOIN LATERAL (VALUES (n.partnership_id), (n.other_partnership_id)) p (id);
    RETURN NULL;
END $$;

CREATE FUNCTION neighbours_marked() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
-- Rule 3 looks across partnerships, so a claim in one makes marks in every other that its council is in and that has a
-- scheme for the same service (DESIGN 10.30). Asking whether anything is claimed there already would be narrower and
-- wrong: of two acts at the same moment neither sees the other's rows, and neither would mark the other's partnership.
BEGIN
    INSERT INTO savings_mark (partnership_id, year, act, made_at)
    SELECT DISTINCT o.partnership_id, n.year, n.act_id, clock_timestamp()
    FROM (SELECT DISTINCT partnership_id, council_id, scheme_id, year, act_id FROM written_rows
          WHERE series = 'banked' AND benefit_class = 'cash_releasing') n
    JOIN savings_scheme s ON s.id = n.scheme_id
    JOIN partnerships_membership m ON m.council_id = n.council_id AND m.partnership_id <> n.partnership_id
    JOIN savings_scheme o ON o.partnership_id = m.partnership_id AND o.service_id = s.service_id;
    RETURN NULL;
END $$;

CREATE FUNCTION claims_elsewhere(p_partnership bigint, p_year int, p_lines bigint[], p_councils bigint[],
    p_services text[], p_schemes bigint[], p_pence bigint[], p_bps int, p_tolerance bigint)
RETURNS TABLE (own_line bigint, partnership_id bigint, scheme_id bigint, line bigint, pence bigint, apart boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- Claims of the same councils in other partnerships, near in amount to lines of this one (rule 3), and whether somebody
-- found the two distinct. Runs as the owner, because whether a figure is disputed must not depend on who reads it; it
-- tells no more than that: a near amount, and an id that opens to whoever may see its row. In the past, of the past.
    WITH own AS (
        SELECT * FROM unnest(p_lines, p_councils, p_services, p_schemes, p_pence)
            l (line, council_id, service, scheme_id, pence)
        WHERE CASE WHEN 'banked_worker' IN (session_user, current_setting('role')) THEN true
                   ELSE p_partnership = ANY (scope_ids('partnerships')) END
          AND EXISTS (SELECT 1 FROM partnerships_membership m
                      WHERE m.partnership_id = p_partnership AND m.council_id = l.council_id)
    ), candidate AS (
        SELECT DISTINCT o.council_id, o.service, s.id AS scheme_id, s.partnership_id
        FROM own o
        JOIN partnerships_membership m ON m.council_id = o.council_id AND m.partnership_id <> p_partnership
        JOIN partnerships_service v ON v.slug = o.service
        JOIN savings_scheme s ON s.partnership_id = m.partnership_id AND s.service_id = v.id
    ), entry AS (
        SELECT c.council_id, c.service, c.scheme_id, c.partnership_id, e.id, e.amount_pence, e.reverses_id
        FROM candidate c JOIN savings_entry e ON e.scheme_id = c.scheme_id AND e.council_id = c.council_id
            AND e.year = p_year AND e.series = 'banked' AND e.kind = 'saving' AND e.benefit_class = 'cash_releasing'
        WHERE coalesce(current_setting('banked.as_at', true), '') = ''
           OR coalesce(nullif(current_setting('banked.as_at_acts', true), ''), '{}')::int8multirange @> e.act_id
    ), claim AS (
        SELECT council_id, service, scheme_id, partnership_id, sum(amount_pence)::bigint AS pence,
               min(id) FILTER (WHERE reverses_id IS NULL
                   AND NOT EXISTS (SELECT 1 FROM entry r WHERE r.reverses_id = entry.id)) AS line
        FROM entry GROUP BY 1, 2, 3, 4
    )
    SELECT o.line, c.partnership_id, c.scheme_id, c.line, c.pence, EXISTS (
        SELECT 1 FROM savings_distinctionacross d
        WHERE d.council_id = o.council_id AND d.year = p_year
          AND (d.scheme_id, d.other_scheme_id) IN ((o.scheme_id, c.scheme_id), (c.scheme_id, o.scheme_id))
          AND (coalesce(current_setting('banked.as_at', true), '') = ''
            OR coalesce(nullif(current_setting('banked.as_at_acts', true), ''), '{}')::int8multirange @> d.act_id))
    FROM own o JOIN claim c ON c.council_id = o.council_id AND c.service = o.service
    WHERE c.line IS NOT NULL AND c.pence <> 0
      AND abs(abs(o.pence) - abs(c.pence)) * 10000
        <= greatest(greatest(abs(o.pence), abs(c.pence)) * p_bps, p_tolerance * 10000)
    ORDER BY o.line, c.line
$$;
REVOKE ALL ON FUNCTION claims_elsewhere FROM PUBLIC;
GRANT EXECUTE ON FUNCTION claims_elsewhere TO banked_app, banked_worker, banked_readonly;

DO $$
DECLARE t text[];
BEGIN
    FOREACH t SLICE 1 IN ARRAY ARRAY[
        ['savings_budgetcorrection', 'written_by_actor', 'recorded_by_id'],
        ['savings_distinctionacross', 'written_by_actor', 'decided_by_id'],
        ['savings_budgetcorrection', 'budget_correction_check', ''],
        ['savings_distinctionacross', 'distinction_across_check', ''],
        ['savings_entry', 'neighbours_marked', '']]
    LOOP
        EXECUTE format('CREATE TRIGGER %I AFTER INSERT ON %I REFERENCING NEW TABLE AS written_rows
            FOR EACH STATEMENT EXECUTE FUNCTION %I(%s)', t[2], t[1], t[2], nullif(quote_literal(t[3]), ''''''));
        EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER %I', t[1], t[2]);
    END LOOP;
END $$;

DO $$
DECLARE
    in_scope text := 'partnership_id = ANY ((SELECT scope_ids(''partnerships''))::bigint[])';
    own text := 'council_id = ANY ((SELECT scope_ids(''councils''))::bigint[])';
    writes text := 'council_id = ANY ((SELECT scope_ids(''writes''))::bigint[])';
    leads text := 'council_id = ANY ((SELECT scope_ids(''leads''))::bigint[])';
BEGIN
    CALL wall('savings_budgetcorrection', own, writes);
    CALL wall('savings_distinctionacross', own, leads);
    CALL wall('savings_doubleclaim', in_scope, NULL);
END $$;
GRANT INSERT ON savings_budgetcorrection, savings_distinctionacross TO banked_worker;
GRANT INSERT, UPDATE, DELETE ON savings_doubleclaim TO banked_worker;

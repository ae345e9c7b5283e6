-- What is claimed of each budget reduction, kept beside it: a claim adds to one row and looks at one row, where it used
-- to add up every claim there was. The row is the lock as well: of two claims, or of a claim and a correction, the
-- second waits for the first and then sees what it left; a transaction that looks at an older state than it waits for
-- (REPEATABLE READ) is refused by PostgreSQL itself. The total is no source of truth: `verify_ledger` compares it with
-- the entries, `roll_up --rebuild` makes it anew, and a past moment is answered from the entries.

ALTER TABLE savings_budgettotal ADD CONSTRAINT savings_total_council
    FOREIGN KEY (reduction_id, council_id) REFERENCES savings_budgetreduction (id, council_id);
ALTER TABLE savings_budgettotal SET (fillfactor = 50);  -- a total is rewritten often, and best on its own page
CALL wall('savings_budgettotal', 'council_id = ANY ((SELECT scope_ids(''councils''))::bigint[])', NULL);

DO $$
DECLARE
    v_was text := pg_get_functiondef('entry_check()'::regprocedure);
    v_is text := regexp_replace(v_was,
        'PERFORM 1 FROM savings_budgetreduction WHERE id = ANY \(v_held\) ORDER BY id FOR NO KEY UPDATE;\s+'
        'SELECT b\.id INTO v FROM savings_budgetreduction b\s+'
        'WHERE b\.id = ANY \(v_held\) AND reduction_amount\(b\.id\) < \(.*?\) LIMIT 1;',
        'INSERT INTO savings_budgettotal AS t (reduction_id, council_id, claimed_pence)
        SELECT n.budget_reduction_id, n.council_id, sum(n.amount_pence) FROM written_rows n
        WHERE n.budget_reduction_id IS NOT NULL AND n.series = ''banked'' GROUP BY 1, 2 ORDER BY 1
        ON CONFLICT (reduction_id) DO UPDATE SET claimed_pence = t.claimed_pence + excluded.claimed_pence;
        SELECT t.reduction_id INTO v FROM savings_budgettotal t
        WHERE t.reduction_id = ANY (v_held) AND reduction_amount(t.reduction_id) < t.claimed_pence LIMIT 1;');
BEGIN
    IF v_is = v_was THEN RAISE EXCEPTION 'entry_check no longer adds up the claims on a budget reduction'; END IF;
    EXECUTE v_is;
END $$;

CREATE OR REPLACE FUNCTION budget_correction_check() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE v bigint;
BEGIN
    -- the same row lock as a claim takes, so that one waits for the other
    INSERT INTO savings_budgettotal AS t (reduction_id, council_id, claimed_pence)
    SELECT DISTINCT n.reduction_id, n.council_id, 0 FROM written_rows n ORDER BY 1
    ON CONFLICT (reduction_id) DO UPDATE SET claimed_pence = t.claimed_pence;
    SELECT n.id INTO v FROM written_rows n
    WHERE n.sequence <> 1 + (SELECT count(*) FROM savings_budgetcorrection c
                             WHERE c.reduction_id = n.reduction_id AND c.sequence < n.sequence) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a correction follows the one before it', v); END IF;
    SELECT n.id INTO v FROM written_rows n
    WHERE reduction_amount(n.reduction_id) < (
        SELECT t.claimed_pence FROM savings_budgettotal t WHERE t.reduction_id = n.reduction_id) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a budget reduction is not lowered below what is claimed of it', v); END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION budget_totals_rebuild() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- Every total anew from the entries. Locks them in id order, in a statement before the one that reads: a claim that
-- came before is added up here, one that comes after adds itself.
BEGIN
    INSERT INTO savings_budgettotal (reduction_id, council_id, claimed_pence)
    SELECT id, council_id, 0 FROM savings_budgetreduction ORDER BY id ON CONFLICT (reduction_id) DO NOTHING;
    PERFORM 1 FROM savings_budgettotal ORDER BY reduction_id FOR UPDATE;
    UPDATE savings_budgettotal t SET claimed_pence = f.pence
    FROM (SELECT b.id, coalesce(sum(e.amount_pence), 0) AS pence FROM savings_budgetreduction b
          LEFT JOIN savings_entry e ON e.budget_reduction_id = b.id AND e.series = 'banked' GROUP BY b.id) f
    WHERE f.id = t.reduction_id AND f.pence <> t.claimed_pence;
END $$;
REVOKE ALL ON FUNCTION budget_totals_rebuild FROM PUBLIC;
GRANT EXECUTE ON FUNCTION budget_totals_rebuild TO banked_worker;

-- The totals of a past moment, from the entries that it shows.
CREATE VIEW as_at.savings_budgettotal WITH (security_invoker = true) AS
SELECT e.budget_reduction_id AS reduction_id, e.council_id, sum(e.amount_pence)::bigint AS claimed_pence
FROM public.savings_entry e WHERE e.budget_reduction_id IS NOT NULL AND e.series = 'banked' GROUP BY 1, 2;
GRANT SELECT ON as_at.savings_budgettotal TO banked_app, banked_worker, banked_readonly;

SELECT budget_totals_rebuild();

-- What documents, decisions and disputes make of an entry, derived and never typed; kept beside the entry.

ALTER TABLE savings_decision ADD CONSTRAINT savings_decision_recorder
    FOREIGN KEY (entry_id, recorded_by_id) REFERENCES savings_entry (id, recorded_by_id);
ALTER TABLE savings_decision ADD CONSTRAINT savings_decision_support
    FOREIGN KEY (support_id, entry_id) REFERENCES savings_support (id, entry_id);

CREATE FUNCTION entry_state_refresh(p_entries bigint[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- Locks the states it writes in id order, in a statement before the one that reads, so two decisions cannot cross.
BEGIN
    INSERT INTO savings_entrystate (entry_id, partnership_id, grade, outcome, disputed)
    SELECT e.id, e.partnership_id, 0, '', false FROM savings_entry e WHERE e.id = ANY (p_entries)
    ORDER BY e.id ON CONFLICT (entry_id) DO NOTHING;
    PERFORM 1 FROM savings_entrystate WHERE entry_id = ANY (p_entries) ORDER BY entry_id FOR UPDATE;
    UPDATE savings_entrystate s SET grade = f.grade, outcome = f.outcome, disputed = f.disputed
    FROM (
        SELECT e.id, coalesce(d.outcome, '') AS outcome, disputed,
               CASE WHEN NOT documented THEN 0
                    WHEN e.kind = 'saving' AND e.benefit_class = 'cash_releasing' AND e.budget_reduction_id IS NULL THEN 1
                    WHEN d.outcome = 'audited' THEN 3
                    WHEN d.outcome = 'signed_off' AND shown THEN 2
                    ELSE 1 END AS grade
        FROM savings_entry e
        LEFT JOIN LATERAL (
            SELECT outcome, support_id FROM savings_decision WHERE entry_id = e.id ORDER BY id DESC LIMIT 1) d ON true
        CROSS JOIN LATERAL (
            SELECT coalesce(bool_or(true), false) AS documented, coalesce(bool_or(u.id = d.support_id), false) AS shown
            FROM savings_support u
            WHERE u.entry_id = e.id AND u.withdraws_id IS NULL
              AND NOT EXISTS (SELECT 1 FROM savings_support w WHERE w.withdraws_id = u.id)) support
        CROSS JOIN LATERAL (
            SELECT EXISTS (SELECT 1 FROM savings_dispute p WHERE p.entry_id = e.id
                AND NOT EXISTS (SELECT 1 FROM savings_disputeoutcome o WHERE o.dispute_id = p.id)) AS disputed) dispute
        WHERE e.id = ANY (p_entries)
    ) f WHERE s.entry_id = f.id AND (s.grade, s.outcome, s.disputed) IS DISTINCT FROM (f.grade, f.outcome, f.disputed);
END $$;

CREATE FUNCTION entry_touched() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- After a support, decision, dispute or outcome: its entry must be of the same partnership, its state is worked out
-- again, and the year it relates to is stale.
DECLARE v bigint;
BEGIN
    SELECT n.id INTO v FROM written_rows n LEFT JOIN savings_entry e
        ON e.id = n.entry_id AND e.partnership_id = n.partnership_id WHERE e.id IS NULL LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('the entry is not of that partnership', v); END IF;
    PERFORM entry_state_refresh(array_agg(DISTINCT entry_id ORDER BY entry_id)) FROM written_rows;
    INSERT INTO savings_mark (partnership_id, year, act, made_at)
    SELECT DISTINCT e.partnership_id, e.year, n.act_id, clock_timestamp()
    FROM written_rows n JOIN savings_entry e ON e.id = n.entry_id;
    RETURN NULL;
END $$;

CREATE FUNCTION support_check() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v bigint;
BEGIN
    SELECT n.id INTO v FROM written_rows n JOIN savings_entry e ON e.id = n.entry_id
        JOIN savings_document d ON d.id = n.document_id
    WHERE n.council_id <> e.council_id OR d.council_id <> e.council_id OR d.partnership_id <> e.partnership_id LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a document supports entries of its own council and partnership', v); END IF;
    SELECT n.id INTO v FROM written_rows n LEFT JOIN savings_support w ON w.id = n.withdraws_id
        AND w.entry_id = n.entry_id AND w.document_id = n.document_id AND w.withdraws_id IS NULL
    WHERE n.withdraws_id IS NOT NULL AND w.id IS NULL LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a withdrawal names the support it withdraws', v); END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION decision_check() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v bigint;
BEGIN
    SELECT n.id INTO v FROM written_rows n JOIN councils_act a ON a.id = n.act_id
    WHERE a.person_id <> n.decided_by_id LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a decision is made by the person who acts', v); END IF;
    SELECT n.id INTO v FROM written_rows n JOIN savings_entry e ON e.id = n.entry_id
    WHERE e.council_id <> n.council_id LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a decision is made for the entry''s own council', v); END IF;
    SELECT n.id INTO v FROM written_rows n JOIN savings_entry e ON e.id = n.entry_id
    WHERE e.reverses_id IS NOT NULL OR EXISTS (SELECT 1 FROM savings_entry r WHERE r.reverses_id = e.id) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('the entry is reversed: there is nothing left to decide', v); END IF;
    SELECT n.id INTO v FROM written_rows n JOIN savings_entry e ON e.id = n.entry_id
    WHERE n.outcome IN ('signed_off', 'audited') AND e.kind = 'saving' AND e.benefit_class = 'cash_releasing'
      AND e.budget_reduction_id IS NULL LIMIT 1;
    IF FOUND THEN
        PERFORM ledger_refuse('a cash-releasing saving needs the budget it was taken out of before it is signed off', v);
    END IF;
    SELECT n.id INTO v FROM written_rows n JOIN savings_entry e ON e.id = n.entry_id WHERE e.series <> 'banked' LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('only a banked amount is decided on', v); END IF;
    SELECT n.id INTO v FROM written_rows n JOIN savings_support u ON u.entry_id = n.entry_id
        JOIN savings_document d ON d.id = u.document_id
    WHERE n.outcome IN ('signed_off', 'audited') AND d.uploaded_by_id = n.decided_by_id AND u.withdraws_id IS NULL
      AND NOT EXISTS (SELECT 1 FROM savings_support w WHERE w.withdraws_id = u.id) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('nobody signs off against a document they uploaded', v); END IF;
    SELECT n.id INTO v FROM written_rows n
    WHERE n.support_id IS NOT NULL AND EXISTS (SELECT 1 FROM savings_support w WHERE w.withdraws_id = n.support_id) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('the document was withdrawn', v); END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION distinction_check() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE v bigint;
BEGIN
    SELECT n.id INTO v FROM written_rows n JOIN councils_act a ON a.id = n.act_id
    WHERE a.person_id <> n.decided_by_id OR EXISTS (
        SELECT 1 FROM savings_entry e
        WHERE e.year = n.year AND e.recorded_by_id = n.decided_by_id AND e.series = 'banked' AND e.kind = 'saving'
          AND ((e.scheme_id, e.council_id) = (n.scheme_id, n.council_id)
            OR (e.scheme_id, e.council_id) = (n.other_scheme_id, n.other_council_id))) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('two claims are found distinct by somebody who recorded neither', v); END IF;
    INSERT INTO savings_mark (partnership_id, year, act, made_at)
    SELECT DISTINCT partnership_id, year, act_id, clock_timestamp() FROM written_rows;
    RETURN NULL;
END $$;

CREATE FUNCTION return_check() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- open → submitted → signed off → closed; reopened starts again. The step before is copied, not trusted.
DECLARE v bigint;
BEGIN
    SELECT n.id INTO v FROM written_rows n JOIN councils_act a ON a.id = n.act_id
    WHERE a.person_id <> n.stepped_by_id LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a return is stepped on by the person who acts', v); END IF;
    SELECT n.id INTO v FROM written_rows n LEFT JOIN savings_return b
        ON (b.partnership_id, b.council_id, b.quarter, b.sequence)
         = (n.partnership_id, n.council_id, n.quarter, n.sequence - 1)
    WHERE n.previous_by_id IS DISTINCT FROM b.stepped_by_id
       OR (n.sequence > 1 AND b.id IS NULL)
       OR NOT (n.step = 'submitted' AND (b.step IS NULL OR b.step = 'reopened')
            OR n.step = 'signed_off' AND b.step = 'submitted'
            OR n.step = 'closed' AND b.step = 'signed_off'
            OR n.step = 'reopened' AND b.step IN ('submitted', 'signed_off', 'closed')) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a return goes open, submitted, signed off, closed, in that order', v); END IF;
    INSERT INTO savings_mark (partnership_id, year, act, made_at)
    SELECT DISTINCT partnership_id,
        (extract(year FROM quarter) - (extract(month FROM quarter) < 4)::int)::smallint, act_id, clock_timestamp()
    FROM written_rows;
    RETURN NULL;
END $$;

CREATE FUNCTION arrangement_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
-- Who is a member, in which role, and who may see it decide what the facts of every year say.
BEGIN
    INSERT INTO savings_mark (partnership_id, year, act, made_at)
    SELECT DISTINCT n.partnership_id, r.year, n.act_id, clock_timestamp()
    FROM written_rows n JOIN savings_rollup r ON r.partnership_id = n.partnership_id;
    RETURN NULL;
END $$;

DO $$
DECLARE pair text[];
BEGIN
    FOREACH pair SLICE 1 IN ARRAY ARRAY[
        ['savings_support', 'support_check'], ['savings_support', 'entry_touched'],
        ['savings_decision', 'decision_check'], ['savings_decision', 'entry_touched'],
        ['savings_dispute', 'entry_touched'], ['savings_disputeoutcome', 'entry_touched'],
        ['savings_distinction', 'distinction_check'], ['savings_return', 'return_check'],
        ['partnerships_membership', 'arrangement_changed'], ['partnerships_audience', 'arrangement_changed']]
    LOOP
        EXECUTE format('CREATE TRIGGER %I AFTER INSERT ON %I REFERENCING NEW TABLE AS written_rows
            FOR EACH STATEMENT EXECUTE FUNCTION %I()', pair[2], pair[1], pair[2]);
        EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER %I', pair[1], pair[2]);
    END LOOP;
END $$;

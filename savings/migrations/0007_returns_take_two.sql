-- A quarter closes with its charges agreed or explained (DESIGN 10.5), and whoever closed it does not reopen it.

CREATE FUNCTION quarter_charge_differences(p_partnership bigint, p_council bigint, p_quarter date)
RETURNS TABLE (payer_id bigint, receiver_id bigint, payer_says bigint, receiver_says bigint) LANGUAGE sql STABLE AS $$
-- Banked charges to or from one council on which payer and receiver differ, in pence net of reversals: those for the
-- months of the quarter, and in the fourth quarter those of the whole year, because some report a year as one.
    SELECT h.payer_id, h.receiver_id,
           coalesce(sum(h.amount_pence) FILTER (WHERE h.council_id = h.payer_id), 0)::bigint,
           coalesce(sum(h.amount_pence) FILTER (WHERE h.council_id = h.receiver_id), 0)::bigint
    FROM savings_charge h
    WHERE h.partnership_id = p_partnership AND p_council IN (h.payer_id, h.receiver_id) AND h.series = 'banked'
      AND h.year = extract(year FROM p_quarter) - (extract(month FROM p_quarter) < 4)::int
      AND (extract(month FROM p_quarter) = 1 OR (h.month IS NOT NULL AND period_quarter(h.year, h.month) = p_quarter))
    GROUP BY h.payer_id, h.receiver_id
    HAVING sum(h.amount_pence * CASE WHEN h.council_id = h.payer_id THEN 1 ELSE -1 END) <> 0
    ORDER BY h.payer_id, h.receiver_id
$$;

CREATE OR REPLACE FUNCTION return_check() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
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
    SELECT n.id INTO v FROM written_rows n JOIN savings_return b
        ON (b.partnership_id, b.council_id, b.quarter, b.sequence)
         = (n.partnership_id, n.council_id, n.quarter, n.sequence - 1)
    WHERE n.step = 'reopened' AND b.step = 'closed' AND b.stepped_by_id = n.stepped_by_id LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a quarter is reopened by somebody other than who closed it', v); END IF;
    SELECT n.id INTO v FROM written_rows n
    WHERE n.step = 'closed' AND btrim(n.reason) = ''
      AND EXISTS (SELECT 1 FROM quarter_charge_differences(n.partnership_id, n.council_id, n.quarter)) LIMIT 1;
    IF FOUND THEN
        PERFORM ledger_refuse('payer and receiver differ on a charge: a quarter closes when that is nil or explained', v);
    END IF;
    INSERT INTO savings_mark (partnership_id, year, act, made_at)
    SELECT DISTINCT partnership_id,
        (extract(year FROM quarter) - (extract(month FROM quarter) < 4)::int)::smallint, act_id, clock_timestamp()
    FROM written_rows;
    RETURN NULL;
END $$;

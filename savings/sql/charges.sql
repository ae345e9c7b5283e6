-- One row per payer, receiver and series of one partnership and year: what the payers report and what the receivers do,
-- net of reversals, in pence. Provisional charges count like final ones until they are reversed.
-- Planned charges: of the highest version of the business case that the payer's finance lead has approved.
WITH in_force AS (
    SELECT DISTINCT ON (a.council_id) a.council_id, a.case_id
    FROM partnerships_approval a JOIN partnerships_businesscase c ON c.id = a.case_id
    WHERE a.partnership_id = %(partnership)s
    ORDER BY a.council_id, c.version DESC
)
SELECT h.series, h.payer_id, h.receiver_id,
       coalesce(sum(h.amount_pence) FILTER (WHERE h.council_id = h.payer_id), 0)::bigint,
       coalesce(sum(h.amount_pence) FILTER (WHERE h.council_id = h.receiver_id), 0)::bigint
FROM savings_charge h
WHERE h.partnership_id = %(partnership)s AND h.year = %(year)s
  AND (h.series <> 'projected' OR (h.payer_id, h.business_case_id) IN (SELECT council_id, case_id FROM in_force))
GROUP BY h.series, h.payer_id, h.receiver_id

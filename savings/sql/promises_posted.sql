-- One row per projected entry or charge that no approved business case plans just so, and one per planned line or charge
-- that its approval did not post just so: which of the two, line or charge, and its id. An approval posts in its own act,
-- so what came in any other act is not what it posted.
WITH planned AS (
    SELECT 'line' AS what, l.id, a.act_id, a.case_id, a.council_id, a.approved_by_id AS by_id,
           s.id AS scheme_id, NULL::bigint AS receiver_id, l.kind, l.benefit_class, l.recurrence, l.year, l.month,
           l.amount_pence, l.funded_by, c.price_base
    FROM partnerships_approval a
    JOIN partnerships_businesscase c ON c.id = a.case_id
    JOIN partnerships_plannedline l ON l.case_id = a.case_id AND l.council_id = a.council_id
    LEFT JOIN savings_scheme s ON s.partnership_id = a.partnership_id AND s.reference = l.scheme_reference
    UNION ALL
    SELECT 'charge', l.id, a.act_id, a.case_id, a.council_id, a.approved_by_id,
           NULL, l.receiver_id, NULL, NULL, NULL, l.year, NULL, l.amount_pence, NULL, NULL
    FROM partnerships_approval a
    JOIN partnerships_plannedcharge l ON l.case_id = a.case_id AND l.payer_id = a.council_id
), posted AS (
    SELECT 'line' AS what, id, act_id, business_case_id AS case_id, council_id, recorded_by_id AS by_id,
           scheme_id, NULL::bigint AS receiver_id, kind, benefit_class, recurrence, year, month,
           amount_pence, funded_by, price_base
    FROM savings_entry WHERE series = 'projected'
    UNION ALL
    SELECT 'charge', id, act_id, business_case_id, council_id, recorded_by_id,
           NULL, receiver_id, NULL, NULL, NULL, year, month, amount_pence, NULL, NULL
    FROM savings_charge WHERE series = 'projected'
), numbered AS (  -- the second of two like amounts is another one
    SELECT *, row_number() OVER (
        PARTITION BY side, what, act_id, case_id, council_id, by_id, scheme_id, receiver_id, kind, benefit_class,
                     recurrence, year, month, amount_pence, funded_by, price_base ORDER BY id) AS nth
    FROM (SELECT 'planned' AS side, * FROM planned UNION ALL SELECT 'posted', * FROM posted) either
)
SELECT min(side), what, min(id)
FROM numbered
GROUP BY what, act_id, case_id, council_id, by_id, scheme_id, receiver_id, kind, benefit_class, recurrence, year, month,
         amount_pence, funded_by, price_base, nth
HAVING count(*) = 1
ORDER BY 1 DESC, 2, 3

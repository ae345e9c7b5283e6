-- One row per scheme, member and year with savings of any class, in signed pence net of reversals. Promised: of the
-- business case in force for the member; to date are its months that have ended, and of a whole year as many twelfths.
-- First and last month are those of banked amounts that stand; `whole` says that one is banked for the whole year.
WITH in_force AS (
    SELECT DISTINCT ON (a.partnership_id, a.council_id) a.council_id, a.case_id
    FROM partnerships_approval a JOIN partnerships_businesscase c ON c.id = a.case_id
    WHERE a.partnership_id IN (SELECT partnership_id FROM savings_scheme WHERE id = ANY (%(schemes)s))
    ORDER BY a.partnership_id, a.council_id, c.version DESC
)
SELECT e.scheme_id, e.council_id, e.year,
       coalesce(sum(e.amount_pence) FILTER (WHERE e.series = 'projected'), 0)::bigint,
       coalesce(sum(CASE WHEN e.year < %(year)s THEN e.amount_pence
                         WHEN e.year > %(year)s THEN 0
                         WHEN e.month IS NULL THEN trunc(e.amount_pence * %(months)s / 12.0)
                         WHEN e.month <= %(months)s THEN e.amount_pence
                         ELSE 0 END) FILTER (WHERE e.series = 'projected'), 0)::bigint,
       coalesce(sum(e.amount_pence) FILTER (WHERE e.series = 'forecast'), 0)::bigint,
       coalesce(sum(e.amount_pence) FILTER (WHERE e.series = 'banked'), 0)::bigint,
       coalesce(sum(e.amount_pence) FILTER (WHERE e.series = 'banked' AND e.recurrence = 'recurring'), 0)::bigint,
       min(e.month) FILTER (WHERE e.series = 'banked' AND e.reverses_id IS NULL AND back.id IS NULL),
       max(e.month) FILTER (WHERE e.series = 'banked' AND e.reverses_id IS NULL AND back.id IS NULL),
       coalesce(bool_or(e.series = 'banked' AND e.month IS NULL AND e.reverses_id IS NULL AND back.id IS NULL), false)
FROM savings_entry e
LEFT JOIN savings_entry back ON back.reverses_id = e.id
WHERE e.scheme_id = ANY (%(schemes)s) AND e.kind = 'saving'
  AND (e.series <> 'projected' OR (e.council_id, e.business_case_id) IN (SELECT council_id, case_id FROM in_force))
GROUP BY e.scheme_id, e.council_id, e.year
ORDER BY e.scheme_id, e.year, e.council_id

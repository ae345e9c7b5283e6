-- One row per council, scheme, class and year of recurring banked savings in sight: the net in pence, and the months it
-- was live (12 where the year was recorded as a whole). Narrowed to one partnership or to councils where given.
SELECT m.partnership_id, m.council_id, m.scheme_id, m.benefit_class, m.year, sum(m.pence)::bigint,
       CASE WHEN bool_or(m.month IS NULL) THEN 12 ELSE count(*) END::int, bool_or(m.month IS NULL)
FROM (
    SELECT e.partnership_id, e.council_id, e.scheme_id, e.benefit_class, e.year, e.month, sum(e.amount_pence) AS pence
    FROM savings_entry e
    WHERE (%(partnership)s::bigint IS NULL OR e.partnership_id = %(partnership)s)
      AND (%(councils)s::bigint[] IS NULL OR e.council_id = ANY (%(councils)s))
      AND e.series = 'banked' AND e.kind = 'saving' AND e.recurrence = 'recurring'
    GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(e.amount_pence) <> 0
) m
GROUP BY 1, 2, 3, 4, 5
ORDER BY 1, 2, 3, 4, 5

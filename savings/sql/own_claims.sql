-- The lines of one council on some schemes of one partnership and year, as last counted and with what waits to be.
WITH changed AS MATERIALIZED (SELECT * FROM claims_changed(%(partnership)s, %(year)s))
SELECT c.council_id, c.scheme_id, v.slug, c.line, c.pence, c.grade, c.ref, c.refs, c.file, c.files
FROM changed c JOIN partnerships_service v ON v.id = c.service_id
WHERE c.council_id = %(council)s AND c.scheme_id = ANY (%(schemes)s)
UNION ALL
SELECT k.council_id, k.scheme_id, v.slug, k.line, k.pence, k.grade, k.ref, k.refs, k.file, k.files
FROM savings_claimline k JOIN partnerships_service v ON v.id = k.service_id
WHERE k.partnership_id = %(partnership)s AND k.year = %(year)s AND k.council_id = %(council)s
  AND k.scheme_id = ANY (%(schemes)s)
  AND NOT EXISTS (SELECT 1 FROM changed c WHERE c.council_id = k.council_id AND c.scheme_id = k.scheme_id)

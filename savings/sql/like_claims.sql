-- The lines of one partnership and year that rule 2 may take for one of those asked about: near in amount for the same
-- service, or equal with the same reference or document. Of each kind the 20 nearest from an index, so the cost does not
-- grow with the ledger; and every line that waits to be counted.
WITH changed AS MATERIALIZED (
    SELECT * FROM claims_changed(%(partnership)s, %(year)s) LIMIT 500
), asked AS (
    SELECT a.*, v.id AS service_id FROM unnest(%(councils)s::bigint[], %(services)s::text[], %(pence)s::bigint[],
        %(refs)s::text[], %(files)s::text[]) a (council_id, slug, pence, ref, file)
    JOIN partnerships_service v ON v.slug = a.slug
), found AS (
    SELECT council_id, scheme_id, service_id, line, pence, grade, ref, refs, file, files FROM changed WHERE pence <> 0
    UNION
    SELECT k.* FROM asked a CROSS JOIN LATERAL (
        (SELECT council_id, scheme_id, service_id, line, pence, grade, ref, refs, file, files FROM savings_claimline n
         WHERE n.partnership_id = %(partnership)s AND n.year = %(year)s AND n.service_id = a.service_id
           AND n.council_id <> a.council_id AND n.size >= abs(a.pence)
           AND n.size <= greatest(abs(a.pence) + %(tolerance_pence)s,
                                  abs(a.pence) * 10000 / (10000 - %(tolerance_bps)s) + 1)
         ORDER BY n.size LIMIT 20)
        UNION ALL
        (SELECT council_id, scheme_id, service_id, line, pence, grade, ref, refs, file, files FROM savings_claimline n
         WHERE n.partnership_id = %(partnership)s AND n.year = %(year)s AND n.service_id = a.service_id
           AND n.council_id <> a.council_id AND n.size < abs(a.pence)
           AND n.size >= least(abs(a.pence) - %(tolerance_pence)s, abs(a.pence) * (10000 - %(tolerance_bps)s) / 10000)
         ORDER BY n.size DESC LIMIT 20)
        UNION ALL
        (SELECT council_id, scheme_id, service_id, line, pence, grade, ref, refs, file, files FROM savings_claimline n
         WHERE n.partnership_id = %(partnership)s AND n.year = %(year)s AND n.pence = a.pence
           AND n.ref = a.ref AND a.ref <> '' LIMIT 20)
        UNION ALL
        (SELECT council_id, scheme_id, service_id, line, pence, grade, ref, refs, file, files FROM savings_claimline n
         WHERE n.partnership_id = %(partnership)s AND n.year = %(year)s AND n.pence = a.pence
           AND n.file = a.file AND a.file <> '' LIMIT 20)) k
    WHERE NOT EXISTS (SELECT 1 FROM changed c WHERE c.council_id = k.council_id AND c.scheme_id = k.scheme_id)
)
SELECT f.council_id, f.scheme_id, v.slug, f.line, f.pence, f.grade, f.ref, f.refs, f.file, f.files
FROM found f JOIN partnerships_service v ON v.id = f.service_id

-- One row per claim of another partnership, as last counted, that is near one asked about: as `elsewhere`.
SELECT l.own_line, l.partnership_id, l.scheme_id, l.line, l.pence, l.apart
FROM claim_lines_elsewhere(%(partnership)s, %(year)s, %(council)s, %(lines)s, (
    SELECT array_agg(v.id ORDER BY a.n) FROM unnest(%(services)s::text[]) WITH ORDINALITY a (slug, n)
    JOIN partnerships_service v ON v.slug = a.slug), %(schemes)s, %(pence)s) l

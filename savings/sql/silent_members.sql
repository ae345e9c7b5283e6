-- One row per member of a partnership in sight that has said nothing for one financial year in which it was a member:
-- its fact has neither a banked entry nor a return, or there is no fact.
SELECT DISTINCT c.name, c.slug, p.name, p.slug, %(year)s::int
FROM partnerships_membership m
JOIN councils_council c ON c.id = m.council_id
JOIN partnerships_partnership p ON p.id = m.partnership_id
WHERE (%(partnership)s::bigint IS NULL OR m.partnership_id = %(partnership)s)
  AND (%(council)s::bigint IS NULL OR m.partnership_id IN (
      SELECT mine.partnership_id FROM partnerships_membership mine WHERE mine.council_id = %(council)s))
  AND is_kept(p.id)  -- nobody keeps a ledger for those yet, so nobody owes a return
  AND m.starts_on < %(end)s AND (m.ends_on IS NULL OR m.ends_on > %(first_day)s)
  AND NOT EXISTS (SELECT 1 FROM partnerships_membership later WHERE later.replaces_id = m.id)
  AND NOT EXISTS (SELECT 1 FROM partnerships_ending e WHERE e.partnership_id = p.id AND e.ended_on <= %(first_day)s)
  AND NOT EXISTS (
      SELECT 1 FROM savings_rollup r
      WHERE r.partnership_id = m.partnership_id AND r.council_id = m.council_id AND r.year = %(year)s
        AND (r.entries > 0 OR r.returned > 0))
ORDER BY 1, 3

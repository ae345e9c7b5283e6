-- One row per council that was a member of one partnership at some time in one year: whether it provided, whether it
-- received. A role that was never published is neither.
SELECT m.council_id, bool_or(m.role IN ('provider', 'both')), bool_or(m.role IN ('receiver', 'both'))
FROM partnerships_membership m
WHERE m.partnership_id = %(partnership)s AND m.starts_on < %(end)s AND (m.ends_on IS NULL OR m.ends_on > %(first_day)s)
  AND NOT EXISTS (SELECT 1 FROM partnerships_membership later WHERE later.replaces_id = m.id)
GROUP BY m.council_id

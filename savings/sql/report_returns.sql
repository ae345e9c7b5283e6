-- One row per member and quarter with any step of a return: the latest step, who took it and when, and what it states.
SELECT DISTINCT ON (r.council_id, r.quarter) r.council_id, r.quarter, r.step, p.name, r.stepped_at, r.nil_savings, r.nil_costs
FROM savings_return r JOIN councils_person p ON p.id = r.stepped_by_id
WHERE r.partnership_id = %(partnership)s
ORDER BY r.council_id, r.quarter, r.sequence DESC

-- What each other member says of one banked entry: one row a member, in name order. The latest answer of a member for the
-- quarter holds; an entry that came after it is not in it.
SELECT c.short_name, coalesce(said.answer, ''), said.stated_pence, coalesce(said.reason, ''), f.answered_at,
       coalesce(p.name, ''), f.public_id, asked.asked_at, asked.public_id
FROM (
    SELECT DISTINCT m.council_id FROM partnerships_membership m
    WHERE m.partnership_id = %(partnership)s AND m.council_id <> %(council)s
      AND m.starts_on < %(quarter)s::date + interval '3 months' AND (m.ends_on IS NULL OR m.ends_on > %(quarter)s)
      AND NOT EXISTS (SELECT 1 FROM partnerships_membership later WHERE later.replaces_id = m.id)) m
JOIN councils_council c ON c.id = m.council_id
LEFT JOIN LATERAL (
    SELECT r.* FROM savings_confirmationrequest r
    WHERE r.partnership_id = %(partnership)s AND r.council_id = m.council_id AND r.quarter = %(quarter)s
    ORDER BY r.id DESC LIMIT 1) asked ON EXISTS (
        SELECT 1 FROM savings_confirmationline l WHERE l.request_id = asked.id AND %(entry)s = ANY (l.entries))
LEFT JOIN LATERAL (
    SELECT a.* FROM savings_confirmation a
    WHERE a.partnership_id = %(partnership)s AND a.council_id = m.council_id AND a.quarter = %(quarter)s
    ORDER BY a.id DESC LIMIT 1) latest ON true
LEFT JOIN LATERAL (
    SELECT a.answer, a.stated_pence, a.reason FROM savings_confirmationanswer a
    JOIN savings_confirmationline l ON l.id = a.line_id AND %(entry)s = ANY (l.entries)
    WHERE a.confirmation_id = latest.id LIMIT 1) said ON true
LEFT JOIN savings_confirmation f ON f.id = latest.id AND said.answer IS NOT NULL
LEFT JOIN councils_person p ON p.id = f.answered_by_id
ORDER BY c.name

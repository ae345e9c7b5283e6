-- One row per line of one partnership and year: the net of all entries of one series, member, scheme, kind and class.
-- A scheme has one service, so the service follows from it. All amounts are signed pence.
-- A reversal takes the state (grade, disputed) of what it reverses, so the two cancel in every column.
-- An entry stands when it is neither a reversal nor reversed; a line's id and its documents come from those that stand.
-- Projected amounts: for each member the highest version of the business case that its finance lead has approved.
WITH in_force AS (
    SELECT DISTINCT ON (a.council_id) a.council_id, a.case_id
    FROM partnerships_approval a JOIN partnerships_businesscase c ON c.id = a.case_id
    WHERE a.partnership_id = %(partnership)s
    ORDER BY a.council_id, c.version DESC
), taken_back AS (
    SELECT reverses_id AS id FROM savings_entry
    WHERE partnership_id = %(partnership)s AND year = %(year)s AND reverses_id IS NOT NULL
), entry AS (
    SELECT e.id, e.series, e.council_id, e.scheme_id, e.kind, e.benefit_class, e.recurrence, e.amount_pence,
           e.document_ref, e.reverses_id, coalesce(s.grade, 0) AS grade,
           coalesce(s.disputed, false) AS disputed, e.reverses_id IS NULL AND t.id IS NULL AS stands
    FROM savings_entry e
    LEFT JOIN savings_entrystate s ON s.entry_id = coalesce(e.reverses_id, e.id)
    LEFT JOIN taken_back t ON t.id = e.id
    WHERE e.partnership_id = %(partnership)s AND e.year = %(year)s
      AND (e.series <> 'projected' OR (e.council_id, e.business_case_id) IN (SELECT council_id, case_id FROM in_force))
), proof AS (
    SELECT e.council_id, e.scheme_id, min(d.sha256) AS first, max(d.sha256) AS last
    FROM savings_support u
    JOIN savings_entry e ON e.id = u.entry_id
    JOIN savings_document d ON d.id = u.document_id
    WHERE u.partnership_id = %(partnership)s AND u.withdraws_id IS NULL
      AND e.partnership_id = %(partnership)s AND e.year = %(year)s
      AND e.series = 'banked' AND e.benefit_class = 'cash_releasing' AND e.reverses_id IS NULL
      AND NOT EXISTS (SELECT 1 FROM taken_back t WHERE t.id = e.id)
      AND NOT EXISTS (SELECT 1 FROM savings_support w WHERE w.withdraws_id = u.id)
    GROUP BY e.council_id, e.scheme_id
), part AS (  -- of a line, what is alike in every way that is told apart below: a third of the additions per entry
    SELECT series, council_id, scheme_id, kind, benefit_class, grade, disputed, recurrence, stands,
           sum(amount_pence) AS amount, min(id) AS id, count(*) AS entries, count(reverses_id) AS reversals,
           min(nullif(document_ref, '') COLLATE "C") AS first_ref, max(document_ref COLLATE "C") AS last_ref
    FROM entry
    GROUP BY series, council_id, scheme_id, kind, benefit_class, grade, disputed, recurrence, stands
), line AS (
    SELECT series, council_id, scheme_id, kind, benefit_class,
           min(id) FILTER (WHERE stands) AS id,
           coalesce(sum(amount) FILTER (WHERE grade = 0), 0)::bigint AS grade_0,
           coalesce(sum(amount) FILTER (WHERE grade = 1), 0)::bigint AS grade_1,
           coalesce(sum(amount) FILTER (WHERE grade = 2), 0)::bigint AS grade_2,
           coalesce(sum(amount) FILTER (WHERE grade = 3), 0)::bigint AS grade_3,
           coalesce(sum(amount) FILTER (WHERE disputed), 0)::bigint AS disputed,
           coalesce(sum(amount) FILTER (WHERE recurrence = 'recurring'), 0)::bigint AS recurring,
           min(first_ref) FILTER (WHERE stands) AS first_ref,
           max(last_ref) FILTER (WHERE stands) AS last_ref,
           sum(entries)::int AS entries,
           -- a reversal takes away the one it reverses, having its grade
           coalesce(sum(entries - 2 * reversals) FILTER (WHERE grade < 2), 0)::int AS unsigned
    FROM part
    GROUP BY series, council_id, scheme_id, kind, benefit_class
)
SELECT l.id, l.series, l.council_id, l.scheme_id, v.slug, l.kind, coalesce(l.benefit_class, ''),
       l.grade_0, l.grade_1, l.grade_2, l.grade_3, l.disputed, l.recurring,
       coalesce(CASE WHEN l.first_ref = l.last_ref THEN l.first_ref END, ''),
       CASE WHEN l.first_ref IS NULL THEN 0 WHEN l.first_ref = l.last_ref THEN 1 ELSE 2 END,
       coalesce(CASE WHEN p.first = p.last THEN p.first END, ''),
       CASE WHEN p.first IS NULL THEN 0 WHEN p.first = p.last THEN 1 ELSE 2 END,
       l.entries, l.unsigned
FROM line l
JOIN savings_scheme c ON c.id = l.scheme_id
JOIN partnerships_service v ON v.id = c.service_id
LEFT JOIN proof p ON p.council_id = l.council_id AND p.scheme_id = l.scheme_id
    AND l.series = 'banked' AND l.benefit_class = 'cash_releasing'

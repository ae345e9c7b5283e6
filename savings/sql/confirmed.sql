-- What members say of each other's cash-releasing savings: the latest answer of each for each quarter, a line at a time.
-- One row per partnership, claimant, year, standing and the bands given; all amounts are signed pence.
-- A line is confirmed when every other member of that quarter agrees, disputed when one does not, partly when some have
-- agreed and the others have not answered. What was reversed since it was asked about is taken off.
WITH latest AS (
    SELECT DISTINCT ON (c.partnership_id, c.council_id, c.quarter)
           c.id, c.request_id, c.partnership_id, c.council_id, c.quarter, c.without_sharing
    FROM savings_confirmation c
    WHERE (%(partnership)s::bigint IS NULL OR c.partnership_id = %(partnership)s)
    ORDER BY c.partnership_id, c.council_id, c.quarter, c.id DESC
), said AS (
    SELECT l.partnership_id, l.claimant_id, l.scheme_id, f.quarter, a.answer, f.without_sharing,
           l.amount_pence + coalesce(since.taken, 0) AS pence
    FROM latest f
    JOIN savings_confirmationline l ON l.request_id = f.request_id AND l.benefit_class = 'cash_releasing'
        AND (%(council)s::bigint IS NULL OR l.claimant_id = %(council)s)
    JOIN savings_confirmationanswer a ON a.confirmation_id = f.id AND a.line_id = l.id
    CROSS JOIN LATERAL (
        SELECT sum(r.amount_pence)::bigint AS taken FROM savings_entry r
        WHERE r.reverses_id = ANY (l.entries) AND r.id <> ALL (l.entries)) since
), line AS (
    SELECT s.partnership_id, s.claimant_id, s.quarter, s.scheme_id,
           count(*) FILTER (WHERE s.answer = 'agreed') AS agreed,
           count(*) FILTER (WHERE s.answer <> 'agreed') AS against,
           coalesce(max(s.pence) FILTER (WHERE s.answer <> 'agreed'), min(s.pence)) AS pence,
           array_agg(DISTINCT s.without_sharing ORDER BY s.without_sharing) FILTER (WHERE s.answer = 'agreed') AS bands
    FROM said s GROUP BY s.partnership_id, s.claimant_id, s.quarter, s.scheme_id
), standing AS (
    SELECT l.*,
           (extract(year FROM l.quarter) - (extract(month FROM l.quarter) < 4)::int)::int AS year,
           CASE WHEN l.against > 0 THEN 'disputed'
                WHEN l.agreed >= (
                    SELECT count(DISTINCT m.council_id) FROM partnerships_membership m
                    WHERE m.partnership_id = l.partnership_id AND m.council_id <> l.claimant_id
                      AND m.starts_on < l.quarter + interval '3 months'
                      AND (m.ends_on IS NULL OR m.ends_on > l.quarter)
                      AND NOT EXISTS (SELECT 1 FROM partnerships_membership later WHERE later.replaces_id = m.id))
                THEN 'confirmed' ELSE 'partly' END AS standing
    FROM line l
)
SELECT s.partnership_id, s.claimant_id, s.year, s.standing, coalesce(s.bands, '{}'), sum(s.pence)::bigint
FROM standing s
GROUP BY s.partnership_id, s.claimant_id, s.year, s.standing, s.bands

-- One row: newest and oldest computation, highest event included, changes that wait, keys that are parked; of one council,
-- one partnership, or everything the reader may see. Marks tell everybody that something waits, never what, so they are
-- counted only for partnerships in sight.
WITH seen AS (
    SELECT m.partnership_id FROM partnerships_membership m
    WHERE (%(partnership)s::bigint IS NULL OR m.partnership_id = %(partnership)s)
      AND (%(council)s::bigint IS NULL OR m.council_id = %(council)s)
    GROUP BY m.partnership_id
)
SELECT fact.newest, fact.oldest, coalesce(fact.last_event, 0), waits.marks, parked.keys
FROM (
    SELECT max(computed_at) AS newest, min(computed_at) AS oldest, max(last_event) AS last_event
    FROM savings_rollup
    WHERE (%(partnership)s::bigint IS NULL OR partnership_id = %(partnership)s)
      AND (%(council)s::bigint IS NULL OR council_id = %(council)s)
) fact
CROSS JOIN (
    SELECT count(DISTINCT coalesce(k.act, -k.id)) AS marks FROM savings_mark k JOIN seen USING (partnership_id)
) waits
CROSS JOIN (
    SELECT count(*) AS keys FROM savings_attempt a JOIN seen USING (partnership_id) WHERE a.parked_at IS NOT NULL
) parked

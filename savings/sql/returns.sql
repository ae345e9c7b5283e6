-- One row per council that returned anything for one partnership and year: quarters returned, of those signed off, and
-- of those the ones that state there was no cost. The latest step of each quarter holds; a reopened one is not returned.
SELECT council_id, count(*), count(*) FILTER (WHERE step <> 'submitted'),
       count(*) FILTER (WHERE step <> 'submitted' AND nil_costs)
FROM (
    SELECT DISTINCT ON (council_id, quarter) council_id, step, nil_costs
    FROM savings_return
    WHERE partnership_id = %(partnership)s AND quarter >= %(first_day)s AND quarter < %(end)s
    ORDER BY council_id, quarter, sequence DESC
) latest
WHERE step <> 'reopened'
GROUP BY council_id

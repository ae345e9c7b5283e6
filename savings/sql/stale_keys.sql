-- One row per partnership and year that has marks and is not parked, the longest waiting first.
SELECT m.partnership_id, m.year
FROM savings_mark m
WHERE NOT EXISTS (
    SELECT 1 FROM savings_attempt a
    WHERE a.partnership_id = m.partnership_id AND a.year = m.year AND a.parked_at IS NOT NULL)
GROUP BY m.partnership_id, m.year
ORDER BY min(m.id)

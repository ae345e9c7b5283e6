-- Takes the marks of one key that are committed by now, and keeps the acts that made them for those who relied on what
-- was published before. Whatever commits later leaves its own marks.
WITH taken AS (
    DELETE FROM savings_mark WHERE partnership_id = %(partnership)s AND year = %(year)s RETURNING act
), kept AS (
    INSERT INTO savings_recounted (partnership_id, act)
    SELECT DISTINCT %(partnership)s::bigint, act FROM taken
    WHERE act IS NOT NULL AND (
        EXISTS (SELECT 1 FROM savings_report WHERE partnership_id = %(partnership)s)
        OR EXISTS (SELECT 1 FROM savings_return WHERE partnership_id = %(partnership)s AND step = 'closed'))
)
SELECT 1 FROM taken  -- as many rows as marks were taken

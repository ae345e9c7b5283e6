-- Counts one more attempt at a key before the work; after five that never finished the key is parked. One row: may it be
-- tried?
INSERT INTO savings_attempt AS a (partnership_id, year, attempts, last_error)
VALUES (%(partnership)s, %(year)s, 1, '')
ON CONFLICT (partnership_id, year) DO UPDATE
SET attempts = least(a.attempts + 1, %(most)s),
    parked_at = CASE WHEN a.attempts >= %(most)s THEN coalesce(a.parked_at, clock_timestamp()) END
RETURNING parked_at IS NULL

-- Notes why an attempt failed, and parks the key when it was the last.
UPDATE savings_attempt
SET last_error = %(error)s, parked_at = CASE WHEN attempts >= %(most)s THEN clock_timestamp() END
WHERE partnership_id = %(partnership)s AND year = %(year)s

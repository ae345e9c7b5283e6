-- One row per stream that says anything of one partnership: the register, and each council that ever was a member or
-- recorded in it: key, sequence and hash of the newest event (nothing yet: 0 and empty), and the moment of the snapshot.
SELECT s.key, coalesce(head.sequence, 0), coalesce(encode(head.hash, 'hex'), ''), clock_timestamp()
FROM councils_stream s
LEFT JOIN LATERAL (
    SELECT e.sequence, e.hash FROM councils_event e WHERE e.stream_id = s.id ORDER BY e.sequence DESC LIMIT 1) head ON true
WHERE s.key = 'register'
   OR s.council_id IN (SELECT council_id FROM partnerships_membership WHERE partnership_id = %(partnership)s)
ORDER BY s.key COLLATE "C"

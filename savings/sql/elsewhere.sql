-- One row per claim of another partnership that is near a claim of this one, of the same council, year and service: the
-- line here, and there the partnership, scheme, line and pence, and whether somebody found the two distinct.
SELECT own_line, partnership_id, scheme_id, line, pence, apart
FROM claims_elsewhere(%(partnership)s, %(year)s, %(lines)s, %(councils)s, %(services)s, %(schemes)s, %(pence)s,
                      %(tolerance_bps)s, %(tolerance_pence)s)

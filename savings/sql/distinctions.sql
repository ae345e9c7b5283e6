-- One row per pair of claims of one partnership and year that somebody found to be two savings, and that is not
-- withdrawn: council and scheme, twice.
SELECT council_id, scheme_id, other_council_id, other_scheme_id
FROM savings_distinction d
WHERE partnership_id = %(partnership)s AND year = %(year)s AND apart AND NOT EXISTS (
    SELECT 1 FROM savings_distinction w
    WHERE (w.partnership_id, w.year, w.council_id, w.scheme_id, w.other_council_id, w.other_scheme_id)
        = (d.partnership_id, d.year, d.council_id, d.scheme_id, d.other_council_id, d.other_scheme_id)
      AND w.sequence > d.sequence)

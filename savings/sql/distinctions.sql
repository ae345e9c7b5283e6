-- One row per pair of claims of one partnership and year that somebody found to be two savings: council and scheme, twice.
SELECT council_id, scheme_id, other_council_id, other_scheme_id
FROM savings_distinction WHERE partnership_id = %(partnership)s AND year = %(year)s

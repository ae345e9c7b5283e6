-- Takes the marks of one key that are committed by now. Whatever commits later leaves its own.
DELETE FROM savings_mark WHERE partnership_id = %(partnership)s AND year = %(year)s

-- One row per partnership and year about which the ledger of some partnerships says anything.
SELECT partnership_id, year FROM savings_entry WHERE partnership_id = ANY (%(partnerships)s)
UNION SELECT partnership_id, year FROM savings_charge WHERE partnership_id = ANY (%(partnerships)s)
UNION SELECT partnership_id, (extract(year FROM quarter) - (extract(month FROM quarter) < 4)::int)::smallint
    FROM savings_return WHERE partnership_id = ANY (%(partnerships)s)
ORDER BY 1, 2

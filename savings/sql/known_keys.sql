-- One row per partnership and year about which the ledger or the facts say anything.
SELECT partnership_id, year FROM savings_entry
UNION SELECT partnership_id, year FROM savings_charge
UNION SELECT partnership_id, (extract(year FROM quarter) - (extract(month FROM quarter) < 4)::int)::smallint
    FROM savings_return
UNION SELECT partnership_id, year FROM savings_rollup
ORDER BY 1, 2

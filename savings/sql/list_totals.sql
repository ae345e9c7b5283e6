-- One row a series: what the entries named add up to, in pence, nominal, every class of saving, reversals taken off.
SELECT series,
       coalesce(sum(amount_pence) FILTER (WHERE kind = 'saving'), 0)::bigint AS savings,
       coalesce(sum(amount_pence) FILTER (WHERE kind IN ('one_off_cost', 'running_cost')), 0)::bigint AS costs,
       coalesce(sum(amount_pence) FILTER (WHERE kind = 'income'), 0)::bigint AS income
FROM savings_entry
WHERE id = ANY (%(ids)s)
GROUP BY series
ORDER BY array_position(ARRAY['banked', 'forecast', 'projected'], series)

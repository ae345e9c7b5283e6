DROP TRIGGER of_claims_caught ON savings_distinctionacross;
DROP TRIGGER of_claims_caught ON savings_distinction;
DO $$ BEGIN
    EXECUTE regexp_replace(pg_get_functiondef('claims_elsewhere'::regproc),
        'AND d\.apart AND NOT EXISTS \(.*?@> w\.act_id\)\)\s+', '');
END $$;
DROP FUNCTION claims_changed, claim_lines_elsewhere, across_turn, distinction_turn, claims_alike_across, claims_alike, claim_of,
    claims_near;
ALTER TABLE savings_distinctionacross DROP CONSTRAINT savings_across_turns;
ALTER TABLE savings_distinction DROP CONSTRAINT savings_distinction_turns;

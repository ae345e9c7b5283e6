-- What decides the facts of years that nobody writes to: who is a member, who may see it, and which promise is in force.
-- A year is known by its facts, or by its marks while its first facts are being worked out: one of the two is visible.

CREATE OR REPLACE FUNCTION arrangement_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO savings_mark (partnership_id, year, act, made_at)
    SELECT n.partnership_id, known.year, min(n.act_id), clock_timestamp()
    FROM written_rows n JOIN (
        SELECT partnership_id, year FROM savings_rollup UNION SELECT partnership_id, year FROM savings_mark
    ) known ON known.partnership_id = n.partnership_id
    GROUP BY n.partnership_id, known.year;
    RETURN NULL;
END $$;

-- approving a later version takes the earlier one out of force, also in years the later one does not name
CREATE TRIGGER arrangement_changed AFTER INSERT ON partnerships_approval REFERENCING NEW TABLE AS written_rows
    FOR EACH STATEMENT EXECUTE FUNCTION arrangement_changed();
ALTER TABLE partnerships_approval ENABLE ALWAYS TRIGGER arrangement_changed;

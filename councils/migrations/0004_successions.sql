-- What succeeds what. A predecessor passes whole and once: its shares come together, on one day, and sum to 10,000; the
-- tree of successions goes forward in time only. From that day whoever acts for a successor acts for the predecessor.

CREATE FUNCTION succession_check() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE v bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(x'73756363'::int, 0);  -- in a statement of its own: two plans for one council wait here
    SELECT min(s.id) INTO v FROM councils_succession s
    WHERE s.predecessor_id IN (SELECT predecessor_id FROM written_rows)
    GROUP BY s.predecessor_id HAVING sum(s.share_bps) <> 10000 OR count(DISTINCT s."on") > 1
        OR count(DISTINCT s.act_id) > 1 LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'a council passes whole and once: its shares come together and sum to 10,000'
            USING ERRCODE = 'check_violation', DETAIL = 'row ' || v;
    END IF;
    SELECT n.id INTO v FROM written_rows n
    WHERE n.predecessor_id = n.successor_id
       OR EXISTS (SELECT 1 FROM councils_succession later WHERE later.predecessor_id = n.successor_id AND later."on" <= n."on")
       OR EXISTS (SELECT 1 FROM councils_succession before
                  WHERE before.successor_id = n.predecessor_id AND before."on" >= n."on") LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'a council is succeeded by one that is still there on the day'
            USING ERRCODE = 'check_violation', DETAIL = 'row ' || v;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER succession_check AFTER INSERT ON councils_succession REFERENCING NEW TABLE AS written_rows
    FOR EACH STATEMENT EXECUTE FUNCTION succession_check();
ALTER TABLE councils_succession ENABLE ALWAYS TRIGGER succession_check;

CREATE INDEX councils_succession_line ON councils_succession (successor_id, "on", predecessor_id);
CREATE INDEX councils_act_moment ON councils_act (at, id);

CREATE FUNCTION passed_on(p_council bigint) RETURNS date LANGUAGE sql STABLE AS $$
-- The first day a council was no longer there because another came after it; null where none did.
    SELECT min("on") FROM councils_succession WHERE predecessor_id = p_council
$$;

-- What a reader is told of since they last looked: acts on the streams of the councils, and those on the register that
-- changed something of their partnerships which is no council's own (a scheme, an indicator, who may see it).
DROP FUNCTION heads_of(bigint);
DROP FUNCTION acts_after(bigint, jsonb, int);

CREATE FUNCTION told_streams(p_council bigint, p_partnership bigint) RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- Of one's own council, or of the members of a partnership that one's council is in; and the register.
    SELECT coalesce(array_agg(id), '{}') FROM councils_stream
    WHERE CASE WHEN p_partnership IS NULL THEN p_council = ANY (scope_ids('councils'))
               ELSE p_partnership = ANY (scope_ids('partnerships')) END
      AND (key = 'register' OR council_id = p_council AND p_partnership IS NULL
           OR council_id IN (SELECT council_id FROM partnerships_membership WHERE partnership_id = p_partnership))
$$;

CREATE FUNCTION told_heads(p_council bigint, p_partnership bigint) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- How far those streams have come.
    SELECT coalesce(jsonb_object_agg(s.id, (
               SELECT coalesce(max(e.sequence), 0) FROM councils_event e WHERE e.stream_id = s.id)), '{}')
    FROM unnest(told_streams(p_council, p_partnership)) AS s (id)
$$;

CREATE FUNCTION told_acts(p_council bigint, p_partnership bigint, p_heads jsonb, p_most int)
RETURNS TABLE (act_id bigint, at timestamptz, person_id bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- The newest acts on those streams after `p_heads`. What they wrote is read under the reader's own scope.
DECLARE
    v_streams bigint[] := told_streams(p_council, p_partnership);
    v_register bigint := (SELECT s.id FROM councils_stream s WHERE s.key = 'register');
    v_partnerships bigint[] := CASE WHEN p_partnership IS NOT NULL THEN ARRAY[p_partnership] ELSE ARRAY(
        SELECT m.partnership_id FROM partnerships_membership m
        WHERE m.council_id = p_council AND m.partnership_id = ANY (scope_ids('partnerships'))) END;
    v_shared text := (
        SELECT string_agg(format('(SELECT act_id FROM %I WHERE partnership_id = ANY ($1) ORDER BY id DESC LIMIT $4)', t),
                          ' UNION ALL ')
        FROM unnest(ARRAY['savings_scheme', 'savings_schemeversion', 'savings_schemestatus', 'savings_indicator',
            'savings_indicatorwaiver', 'partnerships_audience', 'partnerships_ending', 'partnerships_businesscase']) AS t);
BEGIN
    IF v_streams = '{}' THEN RETURN; END IF;
    RETURN QUERY EXECUTE format($sql$
        SELECT a.id, a.at, a.person_id FROM (
            SELECT newest.act_id FROM unnest(array_remove($2, $5)) AS s (id) CROSS JOIN LATERAL (
                SELECT e.act_id FROM councils_event e
                WHERE e.stream_id = s.id AND e.sequence > coalesce(($3 ->> s.id::text)::bigint, 0)
                ORDER BY e.sequence DESC LIMIT $4) newest
            UNION
            SELECT e.act_id FROM councils_event e
            WHERE e.stream_id = $5 AND e.sequence > coalesce(($3 ->> $5::text)::bigint, 0) AND e.act_id IN (%s)
        ) found JOIN councils_act a ON a.id = found.act_id
        WHERE as_at_now() OR as_at_acts() @> a.id
        ORDER BY a.id DESC LIMIT $4 $sql$, v_shared)
    USING v_partnerships, v_streams, p_heads, p_most, v_register;
END $$;
REVOKE ALL ON FUNCTION told_streams, told_heads, told_acts FROM PUBLIC;
GRANT EXECUTE ON FUNCTION told_heads, told_acts TO banked_app, banked_worker, banked_readonly;

-- What was shown at a past moment --------------------------------------------------------------------------------------
-- Who is not a member may read none of the rows that figures are worked out from. So they only ask, and the worker, which
-- may, puts the figures where every audience finds its own: roll-ups, and nothing finer (DESIGN 10.21). Of the ends of
-- days only: the difference between two minutes would be a single amount.

ALTER TABLE savings_pastfigures ADD CONSTRAINT savings_pastfigures_moment
    FOREIGN KEY (moment) REFERENCES councils_moment (id);
ALTER TABLE savings_pastfigures ADD CONSTRAINT savings_pastfigures_audience
    CHECK (audience IN ('', 'members', 'sector', 'public'));
ALTER TABLE savings_pastfigures ADD CONSTRAINT savings_pastfigures_shown
    CHECK (audience IN ('sector', 'public') OR facts = '[]');
CALL wall('savings_pastfigures', 'partnership_id = ANY ((SELECT scope_ids(''shown''))::bigint[])
    AND (audience <> ''sector'' OR (SELECT scope_has(''person'')))', NULL);
GRANT UPDATE ON savings_pastfigures TO banked_worker;

CREATE FUNCTION day_has_ended(p_moment timestamptz) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT (p_moment AT TIME ZONE 'Europe/London')::time = '23:59:59.999999'
$$;

CREATE FUNCTION past_ask(p_partnerships bigint[]) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- Ask for the figures of partnerships as they were shown at the moment being read; true when any of them is waiting. Only
-- for somebody signed in, of what is shown to them now and is not theirs anyway, and of a page full at a time.
DECLARE v_moment bigint := nullif(current_setting('banked.as_at', true), '')::bigint; v_new int;
BEGIN
    IF v_moment IS NULL OR 'banked_worker' IN (session_user, current_setting('role')) OR scope_person() IS NULL
       OR NOT EXISTS (SELECT 1 FROM councils_moment m WHERE m.id = v_moment AND day_has_ended(m.moment)) THEN
        RETURN false;
    END IF;
    INSERT INTO savings_pastfigures (moment, partnership_id, audience, facts, attempts, asked_at)
    SELECT v_moment, p.id, '', '[]', 0, clock_timestamp() FROM partnerships_partnership p
    WHERE p.id = ANY (p_partnerships) AND p.id = ANY (scope_ids('shown')) AND NOT p.id = ANY (scope_ids('partnerships'))
    ORDER BY p.id LIMIT 50
    ON CONFLICT (moment, partnership_id) DO NOTHING;
    RETURN EXISTS (SELECT 1 FROM savings_pastfigures f
                   WHERE f.moment = v_moment AND f.partnership_id = ANY (p_partnerships) AND f.audience = '');
END $$;
REVOKE ALL ON FUNCTION past_ask FROM PUBLIC;
GRANT EXECUTE ON FUNCTION past_ask TO banked_app, banked_readonly, banked_worker;

-- Read with the reader's own eyes, so that each finds what their audience was shown.
CREATE VIEW as_at.shown_rollup WITH (security_invoker = true) AS
SELECT f.* FROM public.savings_pastfigures p
CROSS JOIN LATERAL json_populate_recordset(NULL::public.savings_rollup, p.facts::json) f
WHERE p.moment = nullif(current_setting('banked.as_at', true), '')::bigint
  AND CASE WHEN 'banked_worker' IN (session_user, current_setting('role')) THEN false  -- works out whatever it reads
           ELSE NOT p.partnership_id = ANY (scope_ids('partnerships')) END;
CREATE OR REPLACE VIEW as_at.savings_rollup WITH (security_invoker = true) AS
SELECT f.* FROM json_populate_recordset(NULL::public.savings_rollup,
    coalesce(nullif(current_setting('banked.as_at_facts', true), ''), '[]')::json) f
UNION ALL SELECT * FROM as_at.shown_rollup;
GRANT SELECT ON as_at.shown_rollup TO banked_app, banked_worker, banked_readonly;

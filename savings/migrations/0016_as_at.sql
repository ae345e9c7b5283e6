-- What the ledger said at a moment (DESIGN 10.14). A moment is resolved once, to how far each stream had come, and kept;
-- every later question about it sees exactly the acts those heads enclose, also beside a transaction that commits late.
-- The rows follow by a restrictive policy on each table, so no page has to remember; what is derived from rows (the
-- state of an entry, roll-up facts) is worked out again by views that stand before the kept tables in the search path.

CREATE TABLE councils_moment (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    moment timestamptz NOT NULL UNIQUE,
    resolved_at timestamptz NOT NULL,
    streams bigint[] NOT NULL,
    sequences bigint[] NOT NULL,
    acts int8multirange NOT NULL  -- ids of the acts all of whose events the heads enclose
);
COMMENT ON TABLE councils_moment IS 'the stream heads that a moment asked about was resolved to; never changed';

CREATE FUNCTION as_at_open(p_moment timestamptz) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
-- Opens the past for the rest of the transaction, and returns the id of the kept moment; the caller then puts the schema
-- as_at before the others (a function cannot change the search path it has fixed for itself). The latest event of a stream
-- that was done by then is its head: what lies before it in the chain was there as well.
DECLARE m councils_moment;
BEGIN
    IF p_moment > clock_timestamp() THEN
        RAISE EXCEPTION 'a moment to come has no ledger yet' USING ERRCODE = 'check_violation';
    END IF;
    SELECT * INTO m FROM councils_moment WHERE moment = p_moment;
    IF NOT FOUND THEN
        INSERT INTO councils_moment (moment, resolved_at, streams, sequences, acts)
        WITH head AS (
            SELECT e.stream_id, max(e.sequence) AS sequence
            FROM councils_event e JOIN councils_act a ON a.id = e.act_id WHERE a.at <= p_moment GROUP BY e.stream_id
        ), enclosed AS (
            SELECT e.act_id FROM councils_event e LEFT JOIN head h USING (stream_id)
            GROUP BY e.act_id HAVING bool_and(e.sequence <= coalesce(h.sequence, 0))
        )
        SELECT p_moment, clock_timestamp(), coalesce(array_agg(stream_id ORDER BY stream_id), '{}'),
               coalesce(array_agg(sequence ORDER BY stream_id), '{}'),
               coalesce((SELECT range_agg(int8range(act_id, act_id + 1)) FROM enclosed), '{}')
        FROM head
        ON CONFLICT (moment) DO NOTHING;
        SELECT * INTO STRICT m FROM councils_moment WHERE moment = p_moment;
    END IF;
    PERFORM set_config('banked.as_at', m.id::text, true), set_config('banked.as_at_acts', m.acts::text, true),
            set_config('banked.as_at_facts', '[]', true);
    RETURN m.id;
END $$;

CREATE FUNCTION as_at_now() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
-- Whether the present is being read, as nearly always.
    SELECT coalesce(current_setting('banked.as_at', true), '') = ''
$$;
CREATE FUNCTION as_at_acts() RETURNS int8multirange LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT current_setting('banked.as_at_acts')::int8multirange
$$;

CREATE PROCEDURE as_at_wall(p_table text, p_act text) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE POLICY as_at ON %I AS RESTRICTIVE FOR SELECT TO banked_app, banked_worker, banked_readonly
        USING ((SELECT as_at_now()) OR (SELECT as_at_acts()) @> %s)', p_table, p_act);
END $$;

DO $$
-- Every sealed table, but for the register of who there is: a council's name and a person's are read as they are now,
-- and so are the services' (they name what is counted, and count nothing).
DECLARE t text;
BEGIN
    FOR t IN SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
             WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.attname = 'salt'
               AND c.relname NOT IN ('councils_council', 'councils_councilalias', 'councils_role', 'partnerships_service')
    LOOP
        CALL as_at_wall(t, 'act_id');
    END LOOP;
    CALL as_at_wall('councils_act', 'id');
    CALL as_at_wall('councils_event', 'act_id');
END $$;

CREATE FUNCTION not_in_the_past() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT as_at_now() THEN
        RAISE EXCEPTION 'nothing can be done in the past: it is only read' USING ERRCODE = 'read_only_sql_transaction';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER not_in_the_past AFTER INSERT ON councils_act FOR EACH STATEMENT EXECUTE FUNCTION not_in_the_past();
ALTER TABLE councils_act ENABLE ALWAYS TRIGGER not_in_the_past;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON councils_moment FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON councils_moment FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE councils_moment ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE councils_moment ENABLE ALWAYS TRIGGER never_emptied;
CALL wall('councils_moment', 'true', NULL);

CREATE SCHEMA as_at;
GRANT USAGE ON SCHEMA as_at TO banked_app, banked_worker, banked_readonly;

-- The state of entries, worked out in one place for the kept table and for any moment.
CREATE FUNCTION entry_standing(e savings_entry) RETURNS TABLE (grade smallint, outcome text, disputed boolean)
LANGUAGE sql STABLE AS $$
    SELECT (CASE WHEN NOT documented THEN 0
                 WHEN e.kind = 'saving' AND e.benefit_class = 'cash_releasing' AND e.budget_reduction_id IS NULL THEN 1
                 WHEN d.outcome = 'audited' THEN 3
                 WHEN d.outcome = 'signed_off' AND shown THEN 2
                 ELSE 1 END)::smallint,
           coalesce(d.outcome, ''), disputed
    FROM (SELECT 1) one
    LEFT JOIN LATERAL (
        SELECT outcome, support_id FROM savings_decision WHERE entry_id = e.id ORDER BY id DESC LIMIT 1) d ON true
    CROSS JOIN LATERAL (
        SELECT coalesce(bool_or(true), false) AS documented, coalesce(bool_or(u.id = d.support_id), false) AS shown
        FROM savings_support u
        WHERE u.entry_id = e.id AND u.withdraws_id IS NULL
          AND NOT EXISTS (SELECT 1 FROM savings_support w WHERE w.withdraws_id = u.id)) support
    CROSS JOIN LATERAL (
        -- open; or about quality and upheld, while the reading in force is still worse than tolerated
        SELECT EXISTS (SELECT 1 FROM savings_dispute p
            LEFT JOIN savings_disputeoutcome o ON o.dispute_id = p.id
            LEFT JOIN savings_reading r ON r.id = p.reading_id
            WHERE p.entry_id = e.id AND (o.id IS NULL OR (r.id IS NOT NULL AND o.outcome = 'upheld'
                AND quality_failed(r.indicator_id, r.council_id, r.quarter)))) AS disputed) dispute
$$;

CREATE OR REPLACE FUNCTION entry_state_refresh(p_entries bigint[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- Locks the states it writes in id order, in a statement before the one that reads, so two decisions cannot cross.
BEGIN
    INSERT INTO savings_entrystate (entry_id, partnership_id, grade, outcome, disputed)
    SELECT e.id, e.partnership_id, 0, '', false FROM savings_entry e WHERE e.id = ANY (p_entries)
    ORDER BY e.id ON CONFLICT (entry_id) DO NOTHING;
    PERFORM 1 FROM savings_entrystate WHERE entry_id = ANY (p_entries) ORDER BY entry_id FOR UPDATE;
    UPDATE savings_entrystate s SET grade = f.grade, outcome = f.outcome, disputed = f.disputed
    FROM savings_entry e CROSS JOIN LATERAL entry_standing(e) f
    WHERE e.id = ANY (p_entries) AND s.entry_id = e.id
      AND (s.grade, s.outcome, s.disputed) IS DISTINCT FROM (f.grade, f.outcome, f.disputed);
END $$;

CREATE VIEW as_at.savings_entrystate WITH (security_invoker = true) AS
SELECT e.id AS entry_id, e.partnership_id, f.grade, f.outcome, f.disputed
FROM public.savings_entry e CROSS JOIN LATERAL public.entry_standing(e) f;

-- The facts that `savings.reporting.then` has worked out for this transaction, in the shape of the kept ones.
CREATE VIEW as_at.savings_rollup AS
SELECT f.* FROM json_populate_recordset(NULL::public.savings_rollup,
    coalesce(nullif(current_setting('banked.as_at_facts', true), ''), '[]')::json) f;

-- Nothing of the past waits to be counted.
CREATE VIEW as_at.savings_mark WITH (security_invoker = true) AS SELECT * FROM public.savings_mark WHERE false;
CREATE VIEW as_at.savings_attempt WITH (security_invoker = true) AS SELECT * FROM public.savings_attempt WHERE false;
GRANT SELECT ON ALL TABLES IN SCHEMA as_at TO banked_app, banked_worker, banked_readonly;

REVOKE ALL ON FUNCTION as_at_open FROM PUBLIC;
GRANT EXECUTE ON FUNCTION as_at_open TO banked_app, banked_worker, banked_readonly;

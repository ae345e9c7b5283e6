-- What the adversary tried next: acts dated as one pleases, moments asked about without end, and whether an address is
-- somebody's contact elsewhere.

-- Acts -----------------------------------------------------------------------------------------------------------------

CREATE FUNCTION clock_is_free() RETURNS boolean LANGUAGE sql STABLE AS $$
-- Whether this database tells a story of another time, as the tests' do. Only who owns a database can say so:
-- ALTER DATABASE … SET banked.clock TO 'free'; a SET of the same name in a session is not looked at.
    SELECT EXISTS (SELECT 1 FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase
                   WHERE d.datname = current_database() AND s.setrole = 0 AND 'banked.clock=free' = ANY (s.setconfig))
$$;

CREATE FUNCTION act_dated_now() RETURNS trigger LANGUAGE plpgsql AS $$
-- An act is dated by the application, because a page has one moment; so the database's own clock is held against it.
-- Otherwise a back-dated act would carry the right of a role that has ended, and be read where nobody had asked before.
-- The worker loads the past (the demonstration, a history), and nobody writes what is to come.
BEGIN
    IF (NEW.at > NEW.entered_at OR session_user NOT IN ('banked_worker', 'banked_owner')) AND NOT clock_is_free() THEN
        RAISE EXCEPTION 'an act is dated now: % is not within ten minutes of the database''s clock', NEW.at
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER dated_now AFTER INSERT ON councils_act FOR EACH ROW
    WHEN (NEW.at NOT BETWEEN NEW.entered_at - interval '10 minutes' AND NEW.entered_at + interval '10 minutes')
    EXECUTE FUNCTION act_dated_now();
ALTER TABLE councils_act ENABLE ALWAYS TRIGGER dated_now;

-- Moments --------------------------------------------------------------------------------------------------------------

ALTER TABLE councils_moment ADD COLUMN asked_by bigint;  -- the person who asked first; none for the product itself
CREATE INDEX councils_moment_asked ON councils_moment (asked_by, resolved_at);
REVOKE SELECT ON councils_moment FROM banked_app, banked_readonly;  -- who asked about what is nobody's business

CREATE OR REPLACE FUNCTION as_at_open(p_moment timestamptz) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
-- Opens the past for the rest of the transaction, and returns the id of the kept moment; the caller then puts the schema
-- as_at before the others (a function cannot change the search path it has fixed for itself). The latest event of a stream
-- that was done by then is its head: what lies before it in the chain was there as well.
-- A moment nobody asked about before costs a look at every event and a row that is kept for ever, so each person settles
-- at most sixty an hour, counted one at a time; moments that are settled are read as often as anybody likes.
DECLARE m councils_moment; v_person bigint;
BEGIN
    IF p_moment > clock_timestamp() THEN
        RAISE EXCEPTION 'a moment to come has no ledger yet' USING ERRCODE = 'check_violation';
    END IF;
    SELECT * INTO m FROM councils_moment WHERE moment = p_moment;
    IF NOT FOUND THEN
        IF 'banked_worker' NOT IN (session_user, current_setting('role'))
           AND 'banked_owner' NOT IN (session_user, current_setting('role')) THEN
            v_person := coalesce(scope_person(), 0);
            PERFORM pg_advisory_xact_lock(x'617361'::int, (v_person % 2147483648)::int);
            IF 60 <= (SELECT count(*) FROM councils_moment
                      WHERE asked_by = v_person AND resolved_at > clock_timestamp() - interval '1 hour') THEN
                RAISE EXCEPTION 'sixty new moments an hour are enough' USING ERRCODE = 'configuration_limit_exceeded';
            END IF;
        END IF;
        INSERT INTO councils_moment (moment, resolved_at, streams, sequences, acts, asked_by)
        WITH head AS (
            SELECT e.stream_id, max(e.sequence) AS sequence
            FROM councils_event e JOIN councils_act a ON a.id = e.act_id WHERE a.at <= p_moment GROUP BY e.stream_id
        ), enclosed AS (
            SELECT e.act_id FROM councils_event e LEFT JOIN head h USING (stream_id)
            GROUP BY e.act_id HAVING bool_and(e.sequence <= coalesce(h.sequence, 0))
        )
        SELECT p_moment, clock_timestamp(), coalesce(array_agg(stream_id ORDER BY stream_id), '{}'),
               coalesce(array_agg(sequence ORDER BY stream_id), '{}'),
               coalesce((SELECT range_agg(int8range(act_id, act_id + 1)) FROM enclosed), '{}'), v_person
        FROM head
        ON CONFLICT (moment) DO NOTHING;
        SELECT * INTO STRICT m FROM councils_moment WHERE moment = p_moment;
    END IF;
    PERFORM set_config('banked.as_at', m.id::text, true), set_config('banked.as_at_acts', m.acts::text, true),
            set_config('banked.as_at_facts', '[]', true);
    RETURN m.id;
END $$;

-- Contacts -------------------------------------------------------------------------------------------------------------

CREATE OR REPLACE FUNCTION contact_person(p_email text, p_name text, p_council bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- Who has that address: the person of an account with it, else of a contact with it whom the asker can see (of the same
-- council, or in a partnership of theirs), else a new person without account. So it does not tell whom others ask. An
-- account it does tell, and so does councils_user, which the application reads to sign people in.
DECLARE v bigint; v_trusted boolean := session_user IN ('banked_worker', 'banked_owner');
BEGIN
    IF NOT v_trusted AND NOT p_council = ANY (scope_ids('leads')) THEN
        RAISE EXCEPTION 'contacts are set by the council''s own lead' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT person_id INTO v FROM councils_user WHERE lower(email) = p_email;
    IF NOT FOUND THEN
        SELECT person_id INTO v FROM savings_contact
        WHERE email = p_email AND CASE WHEN v_trusted THEN true
              ELSE council_id = p_council OR partnership_id = ANY (scope_ids('partnerships')) END
        ORDER BY id LIMIT 1;
    END IF;
    IF v IS NULL THEN INSERT INTO councils_person (name, system) VALUES (p_name, false) RETURNING id INTO v; END IF;
    RETURN v;
END $$;

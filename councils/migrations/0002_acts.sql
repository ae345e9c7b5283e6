-- Acts and seals. An act is opened, writes its rows, and is sealed with one event on each stream it touches.
-- The functions run as the tables' owner: nobody else may insert into act, written, stream or event.

CREATE FUNCTION scope_ids(p_name text) RETURNS bigint[] LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
-- One list of the open scope. Raising when none is open is the point: an empty answer would be a false statement.
DECLARE v text := current_setting('banked.' || p_name, true);
BEGIN
    IF v IS NULL OR v = '' THEN
        RAISE EXCEPTION 'no scope is open: say whose eyes are reading before you read'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN v::bigint[];
END $$;

CREATE FUNCTION scope_person() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT (scope_ids('person'))[1]
$$;

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: reverse or replace by a new row instead', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION act_open(p_public uuid, p_person bigint, p_verb text, p_subject text, p_reason text, p_request text,
                         p_at timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v_id bigint;
BEGIN
    IF session_user NOT IN ('banked_worker', 'banked_owner') AND p_person IS DISTINCT FROM scope_person() THEN
        RAISE EXCEPTION 'an act is done by the person whose scope is open' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO councils_act (public_id, person_id, verb, subject, reason, request_id, at, entered_at, transaction)
    VALUES (p_public, p_person, p_verb, p_subject, p_reason, p_request, p_at, statement_timestamp(),
            pg_current_xact_id()::text::bigint)
    RETURNING id INTO v_id;
    RETURN v_id;
END $$;

CREATE FUNCTION act_note(p_act bigint, p_relation text, p_version smallint, p_rows int, p_ids bigint[], p_digests bytea,
                         p_councils bigint[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- Called by the seal trigger of every sealed table: the rows belong to an act of this transaction, still open.
BEGIN
    IF NOT EXISTS (SELECT 1 FROM councils_act WHERE id = p_act AND transaction = pg_current_xact_id()::text::bigint) THEN
        RAISE EXCEPTION 'no act, no write: % row(s) of % carry no act of this transaction', p_rows, p_relation
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF EXISTS (SELECT 1 FROM councils_event WHERE act_id = p_act) THEN
        RAISE EXCEPTION 'act % is sealed: nothing can be added to it', p_act USING ERRCODE = 'restrict_violation';
    END IF;
    INSERT INTO councils_written (act_id, relation, version, rows, ids, digests, councils)
    VALUES (p_act, p_relation, p_version, p_rows, p_ids, p_digests, p_councils);
END $$;

CREATE FUNCTION netstring(p text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(octet_length(p)::text || ':' || p || ',', '-,')
$$;

CREATE FUNCTION merkle_root(p_leaves bytea) RETURNS bytea LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
-- Root of the RFC 6962 tree over leaves of 32 bytes each; a lone last node is carried up as it is.
DECLARE v bytea := p_leaves; n int := octet_length(p_leaves) / 32;
BEGIN
    IF n = 0 THEN RETURN sha256(''::bytea); END IF;
    WHILE n > 1 LOOP
        SELECT string_agg(
                   CASE WHEN 2 * i + 1 < n THEN sha256('\x01'::bytea || substring(v FROM 64 * i + 1 FOR 64))
                        ELSE substring(v FROM 64 * i + 1 FOR 32) END, ''::bytea ORDER BY i)
        INTO v FROM generate_series(0, (n - 1) / 2) AS i;
        n := (n + 1) / 2;
    END LOOP;
    RETURN v;
END $$;

CREATE FUNCTION event_body(p_stream text, p_sequence bigint, p_act councils_act, p_person uuid, p_rows int, p_root bytea)
RETURNS text LANGUAGE sql STABLE AS $$
    SELECT netstring('event/1') || netstring(p_stream) || netstring(p_sequence::text)
        || netstring((p_act).public_id::text)
        || netstring((extract(epoch from (p_act).at) * 1000000)::bigint::text)
        || netstring((extract(epoch from (p_act).entered_at) * 1000000)::bigint::text)
        || netstring(p_person::text) || netstring((p_act).verb) || netstring((p_act).subject)
        || netstring((p_act).reason) || netstring((p_act).request_id) || netstring(p_rows::text)
        || netstring(encode(p_root, 'hex'))
$$;

CREATE FUNCTION act_seal(p_act bigint, p_register boolean, p_access boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- One event on the stream of every council whose rows the act wrote; on the register when it wrote rows of no council
-- (or when asked); on the access stream when asked. Streams are locked in id order, in a statement before the one
-- that reads their heads, so that two writers neither deadlock nor fork a chain.
DECLARE
    v_act councils_act; v_person uuid; v_rows int; v_root bytea; v_streams bigint[]; v_head record; s record;
BEGIN
    SELECT * INTO STRICT v_act FROM councils_act WHERE id = p_act;
    IF v_act.transaction <> pg_current_xact_id()::text::bigint
       OR EXISTS (SELECT 1 FROM councils_event WHERE act_id = p_act) THEN
        RAISE EXCEPTION 'act % is sealed: an act is sealed once, by the transaction that opened it', p_act
            USING ERRCODE = 'restrict_violation';
    END IF;
    SELECT public_id INTO STRICT v_person FROM councils_person WHERE id = v_act.person_id;
    SELECT coalesce(sum(rows), 0), merkle_root(coalesce(string_agg(digests, ''::bytea ORDER BY id), ''::bytea))
    INTO v_rows, v_root FROM councils_written WHERE act_id = p_act;
    INSERT INTO councils_stream (key, council_id)
    SELECT DISTINCT 'council:' || c.code, c.id
    FROM councils_written w CROSS JOIN LATERAL unnest(w.councils) AS touched JOIN councils_council c ON c.id = touched
    WHERE w.act_id = p_act AND NOT EXISTS (SELECT 1 FROM councils_stream t WHERE t.council_id = c.id)
    ON CONFLICT DO NOTHING;
    SELECT array_agg(id ORDER BY id) INTO v_streams FROM councils_stream
    WHERE council_id IN (SELECT unnest(councils) FROM councils_written WHERE act_id = p_act)
       OR (key = 'register' AND (p_register OR EXISTS (
               SELECT 1 FROM councils_written WHERE act_id = p_act AND councils = '{}')))
       OR (key = 'access' AND p_access);
    IF v_streams IS NULL THEN
        RAISE EXCEPTION 'act % touched no stream: an act writes rows, or says it is on the access stream', p_act
            USING ERRCODE = 'restrict_violation';
    END IF;
    PERFORM 1 FROM councils_stream WHERE id = ANY (v_streams) ORDER BY id FOR NO KEY UPDATE;
    FOR s IN SELECT id, key FROM councils_stream WHERE id = ANY (v_streams) ORDER BY id LOOP
        SELECT sequence, hash INTO v_head FROM councils_event WHERE stream_id = s.id ORDER BY sequence DESC LIMIT 1;
        IF NOT FOUND THEN
            SELECT 0::bigint AS sequence, decode(repeat('00', 32), 'hex') AS hash INTO v_head;
        END IF;
        INSERT INTO councils_event (stream_id, sequence, act_id, rows, root, previous, hash)
        VALUES (s.id, v_head.sequence + 1, p_act, v_rows, v_root, v_head.hash,
                sha256(v_head.hash || sha256(convert_to(
                    event_body(s.key, v_head.sequence + 1, v_act, v_person, v_rows, v_root), 'UTF8'))));
    END LOOP;
END $$;

CREATE FUNCTION act_must_be_sealed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM councils_event WHERE act_id = NEW.id) THEN
        RAISE EXCEPTION 'act % (%) was not sealed', NEW.id, NEW.verb USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER sealed_at_commit AFTER INSERT ON councils_act DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION act_must_be_sealed();
ALTER TABLE councils_act ENABLE ALWAYS TRIGGER sealed_at_commit;

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['councils_act', 'councils_stream', 'councils_written', 'councils_event'] LOOP
        EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON %I
            FOR EACH ROW EXECUTE FUNCTION refuse_change()', t);
        EXECUTE format('CREATE TRIGGER never_emptied BEFORE TRUNCATE ON %I
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', t);
        EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER append_only', t);
        EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER never_emptied', t);
    END LOOP;
END $$;

ALTER TABLE councils_written ALTER COLUMN digests SET STORAGE EXTERNAL;  -- digests do not compress
INSERT INTO councils_stream (key) VALUES ('register'), ('access');
INSERT INTO councils_person (name, system) VALUES ('Banked', true);
CREATE UNIQUE INDEX councils_person_one_system ON councils_person (system) WHERE system;

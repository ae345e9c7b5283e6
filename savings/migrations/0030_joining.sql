-- Joining: an administrator invites a council's first finance lead, a finance lead in their own right everybody else. Who
-- has the link accepts: the role is written in their own act, and is theirs only because another person invited them.

CREATE FUNCTION joining() RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
-- The invitation that a link was opened for; none in anybody else's scope.
    SELECT coalesce(nullif(current_setting('banked.joining', true), ''), '{}')::bigint[]
$$;

CREATE FUNCTION council_over(p_council bigint, p_on date) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(least(c.ended_on, passed_on(c.id)) <= p_on, false) FROM councils_council c WHERE c.id = p_council
$$;

CREATE FUNCTION council_led(p_council bigint, p_on date) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- Whether somebody is its finance lead in their own right on that day, or will be.
    SELECT EXISTS (
        SELECT 1 FROM councils_role r
        WHERE r.council_id = p_council AND r.what = 'finance_lead' AND (r.ends_on IS NULL OR r.ends_on > p_on)
          AND (r.ends_on IS NULL OR r.ends_on > r.starts_on)
          AND NOT EXISTS (SELECT 1 FROM councils_role later WHERE later.replaces_id = r.id)
          AND NOT EXISTS (SELECT 1 FROM savings_cover c WHERE (c.act_id, c.deputy_id, c.council_id, c.what)
                                                            = (r.act_id, r.person_id, r.council_id, r.what)))
$$;

CREATE FUNCTION is_administrator(p_person bigint, p_on date) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM councils_role r
        WHERE r.person_id = p_person AND r.what = 'administrator' AND r.starts_on <= p_on
          AND (r.ends_on IS NULL OR r.ends_on > p_on)
          AND NOT EXISTS (SELECT 1 FROM councils_role later WHERE later.replaces_id = r.id))
$$;

CREATE FUNCTION came_by_invitation(n councils_role) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- Whether this role is what somebody else invited its holder to, accepted in the same act.
    SELECT n.replaces_id IS NULL AND EXISTS (
        SELECT 1 FROM councils_invitationoutcome o JOIN councils_invitation i ON i.id = o.invitation_id
        JOIN councils_act a ON a.id = o.act_id
        WHERE o.act_id = n.act_id AND o.outcome = 'accepted' AND o.decided_by_id = n.person_id
          AND i.invited_by_id <> n.person_id AND (i.council_id, i.what) = (n.council_id, n.what)
          AND i.ends_on IS NOT DISTINCT FROM n.ends_on AND n.starts_on = london_day(a.at))
$$;

CREATE OR REPLACE FUNCTION role_check() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- One's own role may be given up or shortened, and never begun earlier or made to last longer; nobody's begins earlier
-- than it did. The last finance lead who goes says what follows.
DECLARE v bigint;
BEGIN
    SELECT n.id INTO v FROM written_rows n JOIN councils_role r ON r.id = n.replaces_id
    WHERE (r.person_id, r.what) <> (n.person_id, n.what) OR r.council_id IS DISTINCT FROM n.council_id LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a role is replaced by one of the same person, council and kind', v); END IF;
    SELECT n.id INTO v FROM written_rows n JOIN councils_act a ON a.id = n.act_id
    LEFT JOIN councils_role r ON r.id = n.replaces_id
    WHERE n.person_id = a.person_id
      AND (r.id IS NULL OR n.starts_on < r.starts_on
           OR coalesce(n.ends_on, 'infinity'::date) > coalesce(r.ends_on, 'infinity'::date))
      AND NOT EXISTS (SELECT 1 FROM councils_role own WHERE own.id = n.id AND came_by_invitation(own)) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('nobody gives a role to themselves, nor makes their own last longer', v); END IF;
    SELECT n.id INTO v FROM written_rows n JOIN councils_role r ON r.id = n.replaces_id WHERE n.starts_on < r.starts_on LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a role that goes on began when it began', v); END IF;
    SELECT n.id INTO v FROM written_rows n JOIN councils_act a ON a.id = n.act_id
    WHERE n.person_id = a.person_id AND n.what = 'finance_lead' AND n.replaces_id IS NOT NULL AND n.ends_on IS NOT NULL
      AND a.reason !~ '\S' AND NOT council_led(n.council_id, greatest(n.ends_on, london_day(a.at))) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('the last finance lead of a council says what follows', v); END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION role_given_check() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- Roles come from the product, an administrator, a finance lead in their own right, or an invitation by one of these;
-- anybody else's row is a cover's. Everybody may shorten their own.
DECLARE v bigint;
BEGIN
    SELECT n.id INTO v FROM written_rows n
    JOIN councils_act a ON a.id = n.act_id JOIN councils_person p ON p.id = a.person_id
    WHERE NOT p.system
      AND NOT is_administrator(p.id, london_day(a.at))
      AND NOT coalesce(own_role(p.id, n.council_id, 'finance_lead', london_day(a.at)), false)
      -- a lead who goes at once is no lead any more when this is asked: role_check has held that it is shortened
      AND NOT (n.person_id = p.id AND n.replaces_id IS NOT NULL AND n.what = 'finance_lead')
      AND NOT EXISTS (SELECT 1 FROM councils_role own WHERE own.id = n.id AND came_by_invitation(own))
      AND NOT EXISTS (SELECT 1 FROM savings_cover c
                      WHERE (c.act_id, c.deputy_id, c.council_id, c.what, c.starts_on, c.ends_on)
                          = (n.act_id, n.person_id, n.council_id, n.what, n.starts_on, n.ends_on)) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a deputy passes nothing on: roles are given by those who hold their own', v); END IF;
    RETURN NULL;
END $$;

-- Inviting -------------------------------------------------------------------------------------------------------------

CREATE FUNCTION invitation_check() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v bigint;
BEGIN
    FOR v IN SELECT DISTINCT council_id FROM written_rows ORDER BY 1 LOOP
        PERFORM pg_advisory_xact_lock(x'696e76'::int, (v % 2147483648)::int);
    END LOOP;
    PERFORM 1 FROM councils_invitation WHERE id IN (SELECT replaces_id FROM written_rows) ORDER BY id FOR NO KEY UPDATE;
    SELECT n.id INTO v FROM written_rows n JOIN councils_act a ON a.id = n.act_id
    WHERE NOT own_role(n.invited_by_id, n.council_id, 'finance_lead', london_day(a.at))
      AND NOT (n.what = 'finance_lead' AND is_administrator(n.invited_by_id, london_day(a.at))
               AND NOT council_led(n.council_id, london_day(a.at))) LIMIT 1;
    IF FOUND THEN
        PERFORM ledger_refuse('people are invited by a finance lead in their own right, and a first finance lead by an '
                              'administrator', v);
    END IF;
    SELECT n.id INTO v FROM written_rows n JOIN councils_act a ON a.id = n.act_id
    WHERE n.invited_at <> a.at OR n.expires_at > n.invited_at + interval '14 days' OR n.ends_on <= london_day(a.at)
       OR council_over(n.council_id, london_day(a.at)) LIMIT 1;
    IF FOUND THEN
        PERFORM ledger_refuse('an invitation is good for fourteen days, to a role yet to end, of a council that is', v);
    END IF;
    SELECT n.id INTO v FROM written_rows n WHERE n.email <> lower(n.email) OR n.email ~ '\s'
       OR EXISTS (SELECT 1 FROM councils_user u WHERE u.person_id = n.invited_by_id AND lower(u.email) = n.email) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('nobody invites themselves', v); END IF;
    SELECT n.id INTO v FROM written_rows n LEFT JOIN councils_invitation b ON b.id = n.replaces_id
        AND (b.council_id, b.email, b.what) = (n.council_id, n.email, n.what)
        AND NOT EXISTS (SELECT 1 FROM councils_invitationoutcome o WHERE o.invitation_id = b.id)
    WHERE n.replaces_id IS NOT NULL AND b.id IS NULL LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('an invitation that waits is sent again as it was', v); END IF;
    SELECT n.id INTO v FROM written_rows n WHERE 30 < (
        SELECT count(*) FROM councils_invitation i
        WHERE i.council_id = n.council_id AND i.invited_at > n.invited_at - interval '1 day') LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a council sends at most 30 invitations a day', v); END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION invitation_link_check() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v bigint;
BEGIN
    SELECT n.id INTO v FROM written_rows n
    JOIN councils_act a ON a.id = n.act_id JOIN councils_person p ON p.id = a.person_id
    LEFT JOIN councils_invitation i ON i.id = n.invitation_id AND i.council_id = n.council_id
    WHERE i.id IS NULL OR NOT p.system LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a link is made by the product for an invitation', v); END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION invitation_outcome_check() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v bigint;
BEGIN
    PERFORM 1 FROM councils_invitation WHERE id IN (SELECT invitation_id FROM written_rows) ORDER BY id FOR NO KEY UPDATE;
    SELECT n.id INTO v FROM written_rows n LEFT JOIN councils_invitation i ON i.id = n.invitation_id
        AND i.council_id = n.council_id
    WHERE i.id IS NULL OR EXISTS (SELECT 1 FROM councils_invitation later WHERE later.replaces_id = i.id) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('the invitation was sent again: only the newest is decided', v); END IF;
    SELECT n.id INTO v FROM written_rows n JOIN councils_act a ON a.id = n.act_id
    JOIN councils_invitation i ON i.id = n.invitation_id
    WHERE n.decided_at <> a.at OR CASE n.outcome
        WHEN 'accepted' THEN a.at > i.expires_at OR i.invited_by_id = n.decided_by_id OR i.ends_on <= london_day(a.at)
            OR is_administrator(n.decided_by_id, london_day(a.at)) OR council_over(i.council_id, london_day(a.at))
            OR own_role(n.decided_by_id, i.council_id, i.what, london_day(a.at))
            OR (is_administrator(i.invited_by_id, london_day(i.invited_at))
                AND council_led(i.council_id, london_day(a.at)))
            OR NOT EXISTS (SELECT 1 FROM councils_invitationlink k WHERE k.invitation_id = i.id)
        ELSE NOT own_role(n.decided_by_id, n.council_id, 'finance_lead', london_day(a.at))
            AND NOT is_administrator(n.decided_by_id, london_day(a.at)) END LIMIT 1;
    IF FOUND THEN
        PERFORM ledger_refuse('an invitation is accepted by another person while it is good, or revoked by a lead', v);
    END IF;
    RETURN NULL;
END $$;

DO $$
DECLARE t text[];
BEGIN
    FOREACH t SLICE 1 IN ARRAY ARRAY[
        ['councils_invitation', 'invitation_check'], ['councils_invitationlink', 'invitation_link_check'],
        ['councils_invitationoutcome', 'invitation_outcome_check']] LOOP
        EXECUTE format('CREATE TRIGGER %I AFTER INSERT ON %I REFERENCING NEW TABLE AS written_rows
            FOR EACH STATEMENT EXECUTE FUNCTION %I()', t[2], t[1], t[2]);
        EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER %I', t[1], t[2]);
    END LOOP;
    FOREACH t SLICE 1 IN ARRAY ARRAY[
        ['councils_invitation', 'invited_by_id'], ['councils_invitationoutcome', 'decided_by_id']] LOOP
        EXECUTE format('CREATE TRIGGER written_by_actor AFTER INSERT ON %I REFERENCING NEW TABLE AS written_rows
            FOR EACH STATEMENT EXECUTE FUNCTION written_by_actor(%L)', t[1], t[2]);
        EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER written_by_actor', t[1]);
    END LOOP;
    FOREACH t SLICE 1 IN ARRAY ARRAY[
        ['councils_invitation', 'name', 'false'], ['councils_invitation', 'email', 'false'],
        ['councils_invitationoutcome', 'reason', 'true']] LOOP
        EXECUTE format('ALTER TABLE %I ADD CONSTRAINT %I CHECK (plain_text(%I, %s))', t[1], t[1] || '_' || t[2] || '_plain',
                       t[2], t[3]);
    END LOOP;
END $$;

DO $$
DECLARE
    leads text := 'council_id = ANY ((SELECT scope_ids(''leads''))::bigint[])';
    administers text := '(SELECT scope_has(''administers''))';
    seen text := 'EXISTS (SELECT 1 FROM councils_invitation i WHERE i.id = invitation_id)';
BEGIN
    CALL wall('councils_invitation', leads || ' OR (' || administers || ' AND what = ''finance_lead'' AND EXISTS (
        SELECT 1 FROM councils_role r WHERE r.person_id = invited_by_id AND r.what = ''administrator''))',
        leads || ' OR ' || administers);
    CALL wall('councils_invitationlink', seen, NULL);
    CALL wall('councils_invitationoutcome', seen, 'outcome = ''revoked'' AND (' || leads || ' OR ' || administers || ')');
    -- a digest is all that redeeming asks for, so nobody but the worker reads one
    REVOKE SELECT ON councils_invitationlink FROM banked_app, banked_readonly;
    GRANT SELECT (id, public_id, act_id, salt, invitation_id, council_id, made_at) ON councils_invitationlink
        TO banked_app, banked_readonly;
    GRANT INSERT ON councils_invitation, councils_invitationlink, councils_invitationoutcome TO banked_worker;
    CALL as_at_wall('councils_invitation', 'act_id');
    CALL as_at_wall('councils_invitationlink', 'act_id');
    CALL as_at_wall('councils_invitationoutcome', 'act_id');
END $$;

-- Redeeming a link -----------------------------------------------------------------------------------------------------

CREATE FUNCTION invitation_state(p_invitation bigint, p_at timestamptz) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce((
        SELECT CASE WHEN o.outcome IS NOT NULL THEN o.outcome
                    WHEN EXISTS (SELECT 1 FROM councils_invitation n WHERE n.replaces_id = i.id) THEN 'replaced'
                    WHEN p_at > i.expires_at OR i.ends_on <= london_day(p_at) THEN 'expired'
                    WHEN council_over(i.council_id, london_day(p_at)) THEN 'over'
                    WHEN is_administrator(i.invited_by_id, london_day(i.invited_at))
                         AND council_led(i.council_id, london_day(p_at)) THEN 'led'
                    ELSE 'open' END
        FROM councils_invitation i LEFT JOIN councils_invitationoutcome o ON o.invitation_id = i.id
        WHERE i.id = p_invitation), 'unknown')
$$;

CREATE FUNCTION invitation_open(p_digest text, p_at timestamptz)
RETURNS TABLE (state text, public_id uuid, council bigint, name text, email text, what text, ends_on date,
               invited_by text, expires_at timestamptz, owner bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- What a link is good for. The scope is a stranger's whatever is found. `owner` is the person of the account that has the
-- address the letter went to; only whoever has the link, and so reads that mailbox, is told that there is one.
DECLARE v bigint := (SELECT k.invitation_id FROM councils_invitationlink k WHERE k.digest = p_digest);
BEGIN
    PERFORM scope_open(NULL, london_day(p_at));
    RETURN QUERY
    SELECT invitation_state(v, p_at), i.public_id, i.council_id, i.name, i.email, i.what, i.ends_on, p.name, i.expires_at,
           (SELECT u.person_id FROM councils_user u WHERE lower(u.email) = i.email)
    FROM (SELECT 1) one LEFT JOIN councils_invitation i ON i.id = v LEFT JOIN councils_person p ON p.id = i.invited_by_id;
END $$;

CREATE FUNCTION invitation_take(p_digest text, p_at timestamptz, p_name text, p_person bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- Whoever accepts: the person signed in, or somebody new called `p_name`; opens the scope in which they act. An address
-- that has an account is accepted for by the person of that account only.
DECLARE v bigint; v_owner bigint; v_person bigint := p_person;
BEGIN
    SELECT i.id INTO v FROM councils_invitationlink k JOIN councils_invitation i ON i.id = k.invitation_id
    WHERE k.digest = p_digest FOR NO KEY UPDATE OF i;
    PERFORM 1 FROM councils_council c JOIN councils_invitation i ON i.council_id = c.id WHERE i.id = v
        FOR NO KEY UPDATE OF c;  -- two first leads at once: the second is told
    IF invitation_state(v, p_at) <> 'open' THEN RAISE EXCEPTION 'the link is not good' USING ERRCODE = 'check_violation'; END IF;
    SELECT u.person_id INTO v_owner FROM councils_invitation i JOIN councils_user u ON lower(u.email) = i.email WHERE i.id = v;
    IF v_owner IS NOT NULL AND v_owner IS DISTINCT FROM p_person THEN
        RAISE EXCEPTION 'the address has an account of another person' USING ERRCODE = 'check_violation';
    END IF;
    IF v_person IS NULL THEN
        INSERT INTO councils_person (name, system) VALUES (p_name, false) RETURNING id INTO v_person;
    END IF;
    PERFORM scope_open(v_person, london_day(p_at)), set_config('banked.joining', format('{%s}', v), true);
    RETURN v_person;
END $$;

CREATE FUNCTION invitation_accept(p_act bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- The outcome and the role of the invitation that was taken, in the act of whoever took it. Opening the scope anew, of
-- anybody else, would not do: the act is theirs.
DECLARE a councils_act; i councils_invitation;
BEGIN
    SELECT * INTO STRICT a FROM councils_act WHERE id = p_act AND person_id = scope_person();
    SELECT * INTO STRICT i FROM councils_invitation WHERE id = ANY (joining());
    PERFORM set_config('banked.joining', '', true);
    INSERT INTO councils_invitationoutcome (act_id, invitation_id, council_id, outcome, decided_by_id, decided_at)
    VALUES (a.id, i.id, i.council_id, 'accepted', a.person_id, a.at);
    INSERT INTO councils_role (act_id, person_id, council_id, what, starts_on, ends_on)
    VALUES (a.id, a.person_id, i.council_id, i.what, london_day(a.at), i.ends_on);
END $$;

REVOKE ALL ON FUNCTION council_over, invitation_accept, invitation_take, invitation_open, invitation_state, is_administrator,
    came_by_invitation, council_led FROM PUBLIC;
GRANT EXECUTE ON FUNCTION invitation_accept, invitation_take, invitation_open TO banked_app;
GRANT EXECUTE ON FUNCTION council_led TO banked_app, banked_worker;

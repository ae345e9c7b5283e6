-- A partnership that is known from what was published is kept by nobody until a council claims it: its finance lead asks,
-- an administrator checks. What was published stays beside the ledger.

DO $$
-- Made before the walls on a new database and after them on an old one: either way the wall is built once, from nothing.
DECLARE t text; p record;
BEGIN
    FOREACH t IN ARRAY ARRAY['partnerships_claiming', 'partnerships_claiminganswer'] LOOP
        FOR p IN SELECT polname FROM pg_policy WHERE polrelid = t::regclass LOOP
            EXECUTE format('DROP POLICY %I ON %I', p.polname, t);
        END LOOP;
        EXECUTE format('REVOKE ALL ON %I FROM banked_app, banked_worker, banked_readonly', t);
    END LOOP;
END $$;

DO $$
DECLARE
    in_scope text := 'partnership_id = ANY ((SELECT scope_ids(''partnerships''))::bigint[])';
    own text := 'council_id = ANY ((SELECT scope_ids(''councils''))::bigint[])';
    leads text := 'council_id = ANY ((SELECT scope_ids(''leads''))::bigint[])';
    administers text := '(SELECT scope_has(''administers''))';
    t text;
BEGIN
    CALL wall('partnerships_claiming', own || ' OR ' || in_scope || ' OR ' || administers, leads);
    CALL wall('partnerships_claiminganswer', own || ' OR ' || in_scope || ' OR ' || administers,
        '(outcome = ''withdrawn'' AND ' || leads || ') OR (outcome <> ''withdrawn'' AND ' || administers || ')');
    FOREACH t IN ARRAY ARRAY['partnerships_claiming', 'partnerships_claiminganswer'] LOOP
        CALL sight_wall(t, own || ' OR ' || administers || ' OR sees_act(partnership_id, act_id)');
        CALL as_at_wall(t, 'act_id');
        EXECUTE format('GRANT INSERT ON %I TO banked_worker', t);
    END LOOP;
END $$;

CREATE POLICY named_in_claim ON councils_person FOR SELECT TO banked_app, banked_readonly USING (
    EXISTS (SELECT 1 FROM partnerships_claiming c WHERE c.claimed_by_id = councils_person.id)
    OR EXISTS (SELECT 1 FROM partnerships_claiminganswer w WHERE w.answered_by_id = councils_person.id));

ALTER TABLE partnerships_claiming ADD CONSTRAINT partnerships_claiming_copied
    UNIQUE (id, partnership_id, council_id, claimed_by_id);
ALTER TABLE partnerships_claiminganswer ADD CONSTRAINT partnerships_claiminganswer_copies
    FOREIGN KEY (claiming_id, partnership_id, council_id, claimed_by_id)
    REFERENCES partnerships_claiming (id, partnership_id, council_id, claimed_by_id);
ALTER TABLE partnerships_claiming ADD CONSTRAINT partnerships_claiming_evidence_plain CHECK (plain_text(evidence, true));
ALTER TABLE partnerships_claiminganswer ADD CONSTRAINT partnerships_claiminganswer_reason_plain
    CHECK (plain_text(reason, true));

CREATE FUNCTION claiming_check() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v bigint;
BEGIN
    PERFORM offers_lock((SELECT array_agg(partnership_id) FROM written_rows));
    SELECT n.id INTO v FROM written_rows n JOIN councils_act a ON a.id = n.act_id
    WHERE a.person_id <> n.claimed_by_id OR NOT holds_lead(n.claimed_by_id, n.council_id, london_day(a.at)) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a partnership is claimed by the finance lead of the council that asks', v); END IF;
    SELECT n.id INTO v FROM written_rows n JOIN partnerships_partnership p ON p.id = n.partnership_id
        LEFT JOIN partnerships_ending e ON e.partnership_id = p.id
    WHERE NOT p.from_public_record OR n.starts_on < p.started_on OR e.ended_on <= n.starts_on LIMIT 1;
    IF FOUND THEN
        PERFORM ledger_refuse('only a partnership known from what was published is claimed, within its life', v);
    END IF;
    SELECT n.id INTO v FROM written_rows n JOIN partnerships_claiming c
        ON (c.partnership_id, c.council_id) = (n.partnership_id, n.council_id) AND c.id <> n.id
        LEFT JOIN partnerships_claiminganswer w ON w.claiming_id = c.id
    WHERE w.id IS NULL OR w.outcome = 'accepted' LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('that council has claimed this partnership already', v); END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER claiming_check AFTER INSERT ON partnerships_claiming REFERENCING NEW TABLE AS written_rows
    FOR EACH STATEMENT EXECUTE FUNCTION claiming_check();
ALTER TABLE partnerships_claiming ENABLE ALWAYS TRIGGER claiming_check;

CREATE OR REPLACE FUNCTION joins_by_itself() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- A first row of a membership: of the founder's own council as it is founded, of an offer accepted in the same act on the
-- same terms, of a claim accepted in the act, of a successor as its predecessor's membership passes to it, or on the terms of a change from its day on.
DECLARE v bigint;
BEGIN
    IF session_user IN ('banked_owner', 'banked_worker') THEN RETURN NULL; END IF;  -- loads the register and the demo
    SELECT n.id INTO v FROM written_rows n JOIN councils_act a ON a.id = n.act_id
    WHERE n.replaces_id IS NULL
      AND NOT (holds_lead(a.person_id, n.council_id, london_day(a.at)) AND EXISTS (
            SELECT 1 FROM partnerships_partnership x WHERE x.id = n.partnership_id AND x.act_id = n.act_id))
      AND NOT EXISTS (
            SELECT 1 FROM partnerships_offeranswer w JOIN partnerships_membershipoffer o ON o.id = w.offer_id
            WHERE w.act_id = n.act_id AND w.outcome = 'accepted' AND n.ends_on IS NULL
              AND (o.partnership_id, o.council_id, o.role, o.host, o.starts_on)
                = (n.partnership_id, n.council_id, n.role, n.host, n.starts_on)
              AND (o.cost_share_bps, o.gain_share_bps) IS NOT DISTINCT FROM (n.cost_share_bps, n.gain_share_bps))
      AND NOT EXISTS (
            SELECT 1 FROM partnerships_claiminganswer w JOIN partnerships_claiming c ON c.id = w.claiming_id
            WHERE w.act_id = n.act_id AND w.outcome = 'accepted' AND n.ends_on IS NULL
              AND num_nonnulls(n.cost_share_bps, n.gain_share_bps) = 0
              AND (c.partnership_id, c.council_id, c.role, c.host, c.starts_on)
                = (n.partnership_id, n.council_id, n.role, n.host, n.starts_on))
      AND NOT EXISTS (
            SELECT 1 FROM councils_succession s JOIN partnerships_membership m ON m.council_id = s.predecessor_id
            WHERE s.act_id = n.act_id AND s.successor_id = n.council_id AND m.partnership_id = n.partnership_id)
      AND NOT (terms_agreed(n) AND EXISTS (
            SELECT 1 FROM partnerships_membership m JOIN partnerships_membership r ON r.id = m.replaces_id
            WHERE m.act_id = n.act_id AND m.ends_on = n.starts_on AND r.ends_on IS NOT DISTINCT FROM n.ends_on
              AND (m.partnership_id, m.council_id) = (n.partnership_id, n.council_id))) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a council joins by its own finance lead''s word, on the terms it was offered', v); END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION claiming_answer_check() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
-- Who answers; and what an accepted claim makes in the same act: the membership, unless the register has it, and a ledger
-- that its members see. By the owner, since an administrator sees no partnership's rows.
DECLARE v bigint;
BEGIN
    PERFORM offers_lock((SELECT array_agg(partnership_id) FROM written_rows));
    SELECT n.id INTO v FROM written_rows n JOIN councils_act a ON a.id = n.act_id
    WHERE a.person_id <> n.answered_by_id OR NOT CASE WHEN n.outcome = 'withdrawn'
        THEN holds_lead(n.answered_by_id, n.council_id, london_day(a.at))
        ELSE EXISTS (SELECT 1 FROM roles_held(n.answered_by_id, london_day(a.at)) h WHERE h.what = 'administrator') END LIMIT 1;
    IF FOUND THEN
        PERFORM ledger_refuse('a claim is checked by an administrator, and withdrawn by the finance lead of its council', v);
    END IF;
    INSERT INTO partnerships_membership (public_id, salt, act_id, partnership_id, council_id, role, host, starts_on,
        starts_precision, ends_precision)
    SELECT gen_random_uuid(), gen_random_uuid(), n.act_id, c.partnership_id, c.council_id, c.role, c.host, c.starts_on,
           'day', 'day'
    FROM written_rows n JOIN partnerships_claiming c ON c.id = n.claiming_id
    WHERE n.outcome = 'accepted' AND NOT member_from(c.partnership_id, c.council_id, c.starts_on);
    INSERT INTO partnerships_audience (public_id, salt, act_id, partnership_id, who)
    SELECT gen_random_uuid(), gen_random_uuid(), n.act_id, n.partnership_id, 'members' FROM written_rows n
    WHERE n.outcome = 'accepted' AND NOT EXISTS (
        SELECT 1 FROM partnerships_claiminganswer w WHERE w.partnership_id = n.partnership_id AND w.outcome = 'accepted'
          AND w.id <> n.id);
    RETURN NULL;
END $$;
CREATE TRIGGER claiming_answer_check AFTER INSERT ON partnerships_claiminganswer REFERENCING NEW TABLE AS written_rows
    FOR EACH STATEMENT EXECUTE FUNCTION claiming_answer_check();
ALTER TABLE partnerships_claiminganswer ENABLE ALWAYS TRIGGER claiming_answer_check;

CREATE FUNCTION kept_here() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- Nothing is written to the ledger of a partnership known from what was published until a claim to it is accepted.
DECLARE v bigint;
BEGIN
    IF session_user IN ('banked_owner', 'banked_worker') THEN RETURN NULL; END IF;  -- loads the register and the demo
    SELECT n.id INTO v FROM written_rows n JOIN partnerships_partnership p ON p.id = n.partnership_id
    WHERE p.from_public_record AND NOT EXISTS (
        SELECT 1 FROM partnerships_claiminganswer w WHERE w.partnership_id = p.id AND w.outcome = 'accepted') LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('nobody keeps this partnership here yet: claim it first', v); END IF;
    RETURN NULL;
END $$;
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['partnerships_businesscase', 'partnerships_baseline', 'partnerships_membershipoffer',
        'partnerships_change', 'partnerships_audience', 'savings_entry', 'savings_charge', 'savings_scheme', 'savings_return',
        'savings_document', 'savings_indicator', 'savings_reading'] LOOP
        EXECUTE format('CREATE TRIGGER kept_here AFTER INSERT ON %I REFERENCING NEW TABLE AS written_rows
            FOR EACH STATEMENT EXECUTE FUNCTION kept_here()', t);
        EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER kept_here', t);
    END LOOP;
END $$;


-- What was published of a partnership stays to be read by everybody, also once its ledger is its members' only: figures go
-- by the audience they were worked out for.
CREATE OR REPLACE FUNCTION scope_open(p_person bigint, p_on date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE r record; v_partnerships bigint[]; v_shown bigint[]; v_fellows bigint[]; v_limited bigint[]; v_years text[];
    v_acts bigint[];
BEGIN
    SELECT coalesce(array_agg(DISTINCT council_id) FILTER (WHERE council_id IS NOT NULL), '{}') AS councils,
           coalesce(array_agg(DISTINCT council_id) FILTER (WHERE what IN ('finance_officer', 'finance_lead')), '{}') AS writes,
           coalesce(array_agg(DISTINCT council_id) FILTER (WHERE what = 'finance_lead'), '{}') AS leads,
           coalesce(array_agg(DISTINCT council_id) FILTER (WHERE what = 'auditor'), '{}') AS audits,
           coalesce(bool_or(what = 'administrator'), false) AS administers
    INTO r FROM roles_held(p_person, p_on);
    SELECT coalesce(array_agg(DISTINCT id), '{}') INTO v_partnerships FROM (
        SELECT partnership_id AS id FROM partnerships_membership WHERE council_id = ANY (r.councils)
        UNION ALL
        SELECT p.id FROM partnerships_partnership p WHERE p.founded_by_id = p_person
          AND NOT EXISTS (SELECT 1 FROM partnerships_membership m WHERE m.partnership_id = p.id)) mine;
    SELECT coalesce(array_agg(partnership_id), '{}') INTO v_shown FROM (
        SELECT DISTINCT ON (partnership_id) partnership_id, who FROM partnerships_audience
        ORDER BY partnership_id, id DESC) latest
    WHERE who = 'public' OR (who = 'sector' AND p_person IS NOT NULL)
       OR partnership_id IN (SELECT id FROM partnerships_partnership WHERE from_public_record);
    SELECT coalesce(array_agg(DISTINCT council_id), '{}') INTO v_fellows FROM (
        SELECT council_id FROM partnerships_membership WHERE partnership_id = ANY (v_partnerships)
        UNION ALL SELECT unnest(r.councils)) near;
    SELECT coalesce(array_agg(partnership_id), '{}'), coalesce(array_agg(years::text), '{}'), coalesce(array_agg(acts), '{}')
    INTO v_limited, v_years, v_acts FROM membership_sight(r.councils, p_on) WHERE years <> '{(,)}' OR acts IS NOT NULL;
    PERFORM set_config('banked.person', CASE WHEN p_person IS NULL THEN '{}' ELSE format('{%s}', p_person) END, true),
            set_config('banked.councils', r.councils::text, true),
            set_config('banked.writes', r.writes::text, true),
            set_config('banked.leads', r.leads::text, true),
            set_config('banked.audits', r.audits::text, true),
            set_config('banked.administers', CASE WHEN r.administers THEN '{1}' ELSE '{}' END, true),
            set_config('banked.partnerships', v_partnerships::text, true),
            set_config('banked.shown', v_shown::text, true),
            set_config('banked.fellows', v_fellows::text, true),
            set_config('banked.limited', v_limited::text, true),
            set_config('banked.limited_years', v_years::text, true),
            set_config('banked.limited_acts', v_acts::text, true);
END $$;

CREATE FUNCTION is_kept(p_partnership bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- Whether a ledger is kept here: founded here, or claimed. Everybody may know that much.
    SELECT EXISTS (SELECT 1 FROM partnerships_partnership p WHERE p.id = p_partnership AND NOT p.from_public_record)
        OR EXISTS (SELECT 1 FROM partnerships_claiminganswer w WHERE w.partnership_id = p_partnership AND w.outcome = 'accepted')
$$;
REVOKE ALL ON FUNCTION is_kept FROM PUBLIC;
GRANT EXECUTE ON FUNCTION is_kept TO banked_app, banked_worker, banked_readonly;

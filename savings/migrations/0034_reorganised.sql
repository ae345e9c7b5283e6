-- Reorganisations: who reads a plan, who moves it on, and what PostgreSQL itself writes when it is enacted. An
-- administrator sees no partnership, and no lead sees all, so enacting is done here, for every partnership at once.

CREATE FUNCTION reorganisation_latest(p_plan bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT id FROM councils_reorganisationversion WHERE reorganisation_id = p_plan ORDER BY number DESC LIMIT 1
$$;

CREATE FUNCTION sees_reorganisation(p_plan bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- Administrators, whoever drafted it, and the people of councils that it names; once it is proposed, those as well who
-- share a partnership with one of these.
    SELECT scope_has('administers')
        OR EXISTS (SELECT 1 FROM councils_reorganisation r WHERE r.id = p_plan AND r.drafted_by_id = scope_person())
        OR EXISTS (
            SELECT 1 FROM councils_reorganisationversion v JOIN councils_plannedpassing g ON g.version_id = v.id
            CROSS JOIN LATERAL (SELECT scope_ids('councils') || CASE WHEN EXISTS (
                SELECT 1 FROM councils_reorganisationstep s WHERE s.reorganisation_id = p_plan AND s.step <> 'withdrawn')
                THEN scope_ids('fellows') ELSE '{}' END) AS near(ids)
            WHERE v.reorganisation_id = p_plan AND (g.predecessor_id = ANY (near.ids) OR g.successor_id = ANY (near.ids)))
$$;

CREATE FUNCTION plans_reorganisation(p_person bigint, p_version bigint, p_on date) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- Whether somebody is an administrator on that day, or the finance lead of a council that would pass.
    SELECT EXISTS (SELECT 1 FROM roles_held(p_person, p_on) h WHERE h.what = 'administrator' OR (h.what = 'finance_lead'
        AND EXISTS (SELECT 1 FROM councils_plannedpassing g
                    WHERE g.version_id = p_version AND g.predecessor_id = h.council_id)))
$$;

CREATE FUNCTION administers_on(p_person bigint, p_on date) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM roles_held(p_person, p_on) h WHERE h.what = 'administrator')
$$;

-- What is written -----------------------------------------------------------------------------------------------------

-- A version is written whole, in one act: nobody adds to what somebody else was shown.
ALTER TABLE councils_plannedcouncil ADD CONSTRAINT councils_planned_with_version
    FOREIGN KEY (version_id, act_id) REFERENCES councils_reorganisationversion (id, act_id);
ALTER TABLE councils_plannedpassing ADD CONSTRAINT councils_plannedpassing_with_version
    FOREIGN KEY (version_id, act_id) REFERENCES councils_reorganisationversion (id, act_id);
ALTER TABLE councils_plannedpassing ADD CONSTRAINT councils_plannedpassing_of_version
    FOREIGN KEY (planned_id, version_id) REFERENCES councils_plannedcouncil (id, version_id);
ALTER TABLE councils_reorganisationstep ADD CONSTRAINT councils_reorganisationstep_of_plan
    FOREIGN KEY (version_id, reorganisation_id) REFERENCES councils_reorganisationversion (id, reorganisation_id);
-- The second person is not believed but copied: an enactment names the proposal of its own version, and who made it.
ALTER TABLE councils_reorganisationstep ADD CONSTRAINT councils_reorganisationstep_key
    UNIQUE (id, version_id, stepped_by_id);
ALTER TABLE councils_reorganisationstep ADD CONSTRAINT councils_reorganisationstep_second
    FOREIGN KEY (proposal_id, version_id, proposed_by_id)
    REFERENCES councils_reorganisationstep (id, version_id, stepped_by_id);

CREATE FUNCTION reorganisation_hold(p_plans bigint[]) RETURNS void LANGUAGE plpgsql AS $$
-- One at a time for each plan, in order of id; in a statement before the one that looks.
DECLARE v bigint;
BEGIN
    FOR v IN SELECT DISTINCT unnest(p_plans) ORDER BY 1 LOOP
        PERFORM pg_advisory_xact_lock(x'72656f72'::int, (v % 2147483648)::int);
    END LOOP;
END $$;

CREATE FUNCTION reorganisation_version_check() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE v bigint;
BEGIN
    PERFORM reorganisation_hold((SELECT array_agg(reorganisation_id) FROM written_rows));
    SELECT n.id INTO v FROM written_rows n JOIN councils_reorganisationstep s ON s.reorganisation_id = n.reorganisation_id
    WHERE s.step <> 'proposed' LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a plan that was enacted or withdrawn is not changed', v); END IF;
    SELECT n.id INTO v FROM written_rows n WHERE n.number <> 1 + (
        SELECT count(*) FROM councils_reorganisationversion b
        WHERE b.reorganisation_id = n.reorganisation_id AND b.id < n.id) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('the versions of a plan are numbered in order', v); END IF;
    SELECT n.id INTO v FROM written_rows n JOIN councils_act a ON a.id = n.act_id WHERE n.written_at <> a.at LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a plan is written at the moment of its act', v); END IF;
    SELECT n.id INTO v FROM written_rows n JOIN councils_act a ON a.id = n.act_id
        JOIN councils_reorganisation r ON r.id = n.reorganisation_id
    WHERE NOT CASE WHEN n.number = 1 THEN n.written_by_id = r.drafted_by_id AND EXISTS (
                       SELECT 1 FROM roles_held(n.written_by_id, london_day(a.at)) h
                       WHERE h.what IN ('administrator', 'finance_lead'))
                   ELSE n.written_by_id = r.drafted_by_id AND EXISTS (
                       SELECT 1 FROM roles_held(n.written_by_id, london_day(a.at)) h WHERE h.what = 'finance_lead')
                     OR plans_reorganisation(n.written_by_id, (
                       SELECT id FROM councils_reorganisationversion b WHERE b.reorganisation_id = n.reorganisation_id
                         AND b.number = n.number - 1), london_day(a.at)) END LIMIT 1;
    IF FOUND THEN
        PERFORM ledger_refuse('a plan is written by an administrator or by the finance lead of a council it names', v);
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION reorganisation_whole(p_version councils_reorganisationversion) RETURNS void LANGUAGE plpgsql AS $$
-- Refuses a version that could not be enacted as it stands.
DECLARE v bigint;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM councils_plannedpassing WHERE version_id = p_version.id) THEN
        PERFORM ledger_refuse('a plan says which councils pass to which', p_version.id);
    END IF;
    SELECT min(id) INTO v FROM councils_plannedpassing WHERE version_id = p_version.id
    GROUP BY predecessor_id HAVING sum(share_bps) <> 10000 LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('the shares of each council that passes come to 100%', v); END IF;
    SELECT p.id INTO v FROM councils_plannedcouncil p WHERE p.version_id = p_version.id
        AND NOT EXISTS (SELECT 1 FROM councils_plannedpassing g WHERE g.planned_id = p.id) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('every new council comes after one that is there', v); END IF;
    SELECT p.id INTO v FROM councils_plannedcouncil p JOIN councils_council c ON c.code = p.code OR c.slug = p.slug
    WHERE p.version_id = p_version.id LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('the code and the name of a new council are free', v); END IF;
    SELECT g.id INTO v FROM councils_plannedpassing g JOIN councils_council c ON c.id = g.predecessor_id
    WHERE g.version_id = p_version.id
      AND (least(c.ended_on, passed_on(c.id)) <= p_version.vesting_on OR c.started_on >= p_version.vesting_on
        OR passed_on(c.id) IS NOT NULL) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a council that passes is there until the vesting day', v); END IF;
    SELECT g.id INTO v FROM councils_plannedpassing g JOIN councils_council c ON c.id = g.successor_id
    WHERE g.version_id = p_version.id
      AND (least(c.ended_on, passed_on(c.id)) <= p_version.vesting_on OR c.started_on > p_version.vesting_on
        OR EXISTS (SELECT 1 FROM councils_plannedpassing o
                   WHERE o.version_id = p_version.id AND o.predecessor_id = g.successor_id)) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a council that takes over is there on the vesting day and stays', v); END IF;
END $$;

-- What is enacted -----------------------------------------------------------------------------------------------------

CREATE FUNCTION reorganise(p_version councils_reorganisationversion, p_act bigint) RETURNS void LANGUAGE plpgsql AS $$
-- Writes, under the act: the new councils, the successions, and the memberships. A membership ends on the vesting day;
-- the successors have it from that day with its shares divided as the council is, added to what they have already, and
-- the host's part goes whole to the one that takes most.
DECLARE v_day date := p_version.vesting_on;
BEGIN
    INSERT INTO councils_council (act_id, code, gss_code, name, short_name, slug, kind, nation, region, started_on, ecode,
                                  invented)
    SELECT p_act, p.code, '', p.name, p.short_name, p.slug, p.kind, p.nation, p.region, v_day, '',
           coalesce((SELECT bool_or(c.invented) FROM councils_plannedpassing g
                     JOIN councils_council c ON c.id = g.predecessor_id WHERE g.planned_id = p.id), false)
    FROM councils_plannedcouncil p WHERE p.version_id = p_version.id ORDER BY p.id;

    INSERT INTO councils_succession (act_id, predecessor_id, successor_id, "on", share_bps, share_basis)
    SELECT p_act, g.predecessor_id, coalesce(g.successor_id, c.id), v_day, g.share_bps, g.share_basis
    FROM councils_plannedpassing g
        LEFT JOIN councils_plannedcouncil p ON p.id = g.planned_id LEFT JOIN councils_council c ON c.code = p.code
    WHERE g.version_id = p_version.id ORDER BY g.predecessor_id, coalesce(g.successor_id, c.id);

    CREATE TEMP TABLE touched ON COMMIT DROP AS
    -- Memberships in force on the vesting day or later, of who passes and of who takes over.
    SELECT m.*, EXISTS (SELECT 1 FROM councils_succession s
                        WHERE s.act_id = p_act AND s.predecessor_id = m.council_id) AS passes
    FROM partnerships_membership m LEFT JOIN partnerships_ending e ON e.partnership_id = m.partnership_id
    WHERE NOT EXISTS (SELECT 1 FROM partnerships_membership later WHERE later.replaces_id = m.id)
      AND coalesce(m.ends_on, 'infinity') > v_day AND coalesce(e.ended_on, 'infinity') > v_day
      AND EXISTS (SELECT 1 FROM councils_succession s
                  WHERE s.act_id = p_act AND m.council_id IN (s.predecessor_id, s.successor_id));

    CREATE TEMP TABLE parts ON COMMIT DROP AS
    -- What each successor gets of each, from when to when; a part is divided by largest remainder.
    WITH divided AS (
        SELECT t.id, t.partnership_id, s.successor_id AS council_id, t.role, t.starts_on, t.ends_on, t.host,
               t.cost_share_bps AS cost, t.gain_share_bps AS gain, s.share_bps AS share,
               row_number() OVER (PARTITION BY t.id ORDER BY s.share_bps DESC, s.successor_id) = 1 AS main,
               row_number() OVER (PARTITION BY t.id
                   ORDER BY t.cost_share_bps * s.share_bps % 10000 DESC, s.successor_id) AS cost_turn,
               row_number() OVER (PARTITION BY t.id
                   ORDER BY t.gain_share_bps * s.share_bps % 10000 DESC, s.successor_id) AS gain_turn
        FROM touched t JOIN councils_succession s ON s.act_id = p_act AND s.predecessor_id = t.council_id
    )
    SELECT partnership_id, council_id, role, greatest(starts_on, v_day) AS starts_on,
           coalesce(ends_on, 'infinity') AS ends_on, host AND main AS host,
           cost * share / 10000 + (cost_turn <= cost - sum(cost * share / 10000) OVER (PARTITION BY id))::int AS cost,
           gain * share / 10000 + (gain_turn <= gain - sum(gain * share / 10000) OVER (PARTITION BY id))::int AS gain,
           true AS comes
    FROM divided
    UNION ALL
    SELECT t.partnership_id, t.council_id, t.role, greatest(t.starts_on, v_day), coalesce(t.ends_on, 'infinity'), t.host,
           t.cost_share_bps, t.gain_share_bps, false
    FROM touched t
    WHERE NOT t.passes AND EXISTS (
        SELECT 1 FROM touched o JOIN councils_succession s ON s.act_id = p_act AND s.predecessor_id = o.council_id
        WHERE o.partnership_id = t.partnership_id AND s.successor_id = t.council_id);

    INSERT INTO partnerships_membership (act_id, partnership_id, council_id, role, host, starts_on, starts_precision,
        ends_on, ends_precision, cost_share_bps, gain_share_bps, replaces_id)
    -- What was in force ends. What was to begin only then has nobody to begin with: it is one day long and of no share.
    SELECT p_act, t.partnership_id, t.council_id, t.role, t.host AND t.starts_on < v_day, t.starts_on, t.starts_precision,
           CASE WHEN t.starts_on < v_day THEN v_day ELSE t.starts_on + 1 END, 'day',
           CASE WHEN t.starts_on < v_day THEN t.cost_share_bps ELSE t.cost_share_bps * 0 END,
           CASE WHEN t.starts_on < v_day THEN t.gain_share_bps ELSE t.gain_share_bps * 0 END, t.id
    FROM touched t
    WHERE t.passes OR t.starts_on < v_day AND EXISTS (
        SELECT 1 FROM parts p WHERE NOT p.comes AND (p.partnership_id, p.council_id) = (t.partnership_id, t.council_id))
    ORDER BY t.id;

    INSERT INTO partnerships_membership (act_id, partnership_id, council_id, role, host, starts_on, starts_precision,
        ends_on, ends_precision, cost_share_bps, gain_share_bps, replaces_id)
    -- From each day on which anything changes to the next, everything a successor then has there, in one membership.
    WITH days AS (
        SELECT partnership_id, council_id, starts_on AS day FROM parts
        UNION SELECT partnership_id, council_id, ends_on FROM parts
    ), spells AS (
        SELECT partnership_id, council_id, day AS starts_on,
               lead(day) OVER (PARTITION BY partnership_id, council_id ORDER BY day) AS ends_on FROM days
    )
    SELECT p_act, s.partnership_id, s.council_id,
           CASE WHEN bool_or(p.role = 'both') OR bool_or(p.role = 'provider') AND bool_or(p.role = 'receiver') THEN 'both'
                WHEN bool_or(p.role = 'provider') THEN 'provider' WHEN bool_or(p.role = 'receiver') THEN 'receiver'
                ELSE 'unknown' END,
           bool_or(p.host), s.starts_on, 'day', nullif(s.ends_on, 'infinity'), 'day',
           CASE WHEN bool_and(p.cost IS NOT NULL) THEN least(sum(p.cost), 10000) END,
           CASE WHEN bool_and(p.gain IS NOT NULL) THEN least(sum(p.gain), 10000) END,
           (SELECT t.id FROM touched t WHERE NOT t.passes AND t.starts_on >= v_day
              AND (t.partnership_id, t.council_id, t.starts_on) = (s.partnership_id, s.council_id, s.starts_on))
    FROM spells s JOIN parts p ON (p.partnership_id, p.council_id) = (s.partnership_id, s.council_id)
        AND p.starts_on <= s.starts_on AND p.ends_on >= s.ends_on
    GROUP BY s.partnership_id, s.council_id, s.starts_on, s.ends_on
    ORDER BY s.partnership_id, s.council_id, s.starts_on;
    DROP TABLE touched, parts;
END $$;

CREATE FUNCTION reorganisation_step_check() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE n record; v_version councils_reorganisationversion; v_day date; v_proposed date;
BEGIN
    PERFORM reorganisation_hold((SELECT array_agg(reorganisation_id) FROM written_rows));
    FOR n IN SELECT w.*, a.at FROM written_rows w JOIN councils_act a ON a.id = w.act_id ORDER BY w.id LOOP
        v_day := london_day(n.at);
        IF n.stepped_at <> n.at THEN PERFORM ledger_refuse('a plan moves on at the moment of the act', n.id); END IF;
        SELECT * INTO STRICT v_version FROM councils_reorganisationversion WHERE id = n.version_id;
        IF EXISTS (SELECT 1 FROM councils_reorganisationstep s WHERE s.reorganisation_id = n.reorganisation_id
                   AND s.id < n.id AND s.step <> 'proposed') THEN
            PERFORM ledger_refuse('a plan is enacted once or withdrawn, and that is the end of it', n.id);
        END IF;
        IF n.version_id <> reorganisation_latest(n.reorganisation_id) THEN
            PERFORM ledger_refuse('the plan was changed since: only its latest version goes on', n.id);
        END IF;
        IF NOT plans_reorganisation(n.stepped_by_id, n.version_id, v_day) AND NOT (n.step = 'withdrawn' AND EXISTS (
                SELECT 1 FROM councils_reorganisation r
                WHERE r.id = n.reorganisation_id AND r.drafted_by_id = n.stepped_by_id)) THEN
            PERFORM ledger_refuse('a plan is moved on by an administrator or by the finance lead of a council that passes',
                                  n.id);
        END IF;
        IF n.step = 'withdrawn' THEN CONTINUE; END IF;
        PERFORM reorganisation_whole(v_version);
        IF n.step = 'proposed' THEN CONTINUE; END IF;
        SELECT london_day(s.stepped_at) INTO v_proposed FROM councils_reorganisationstep s
        WHERE s.id = n.proposal_id AND s.step = 'proposed';
        IF NOT FOUND THEN PERFORM ledger_refuse('a plan is enacted that was proposed', n.id); END IF;
        IF v_day < v_version.vesting_on THEN
            PERFORM ledger_refuse('a plan is enacted on its vesting day or later', n.id);
        END IF;
        IF NOT administers_on(n.stepped_by_id, v_day) AND NOT administers_on(n.proposed_by_id, v_proposed) THEN
            PERFORM ledger_refuse('of the two who propose and enact a plan, one is an administrator', n.id);
        END IF;
        PERFORM reorganise(v_version, n.act_id);
    END LOOP;
    RETURN NULL;
END $$;

-- What a plan touches -------------------------------------------------------------------------------------------------

CREATE FUNCTION reorganisation_touches(p_version bigint) RETURNS TABLE (partnership_id bigint, name text, council_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- For administrators, who see no partnership's rows: which partnerships a plan touches, by name, and who their members
-- are on the vesting day. No share and no figure.
    SELECT p.id, p.name, m.council_id
    FROM councils_reorganisationversion v
        JOIN partnerships_membership m ON m.starts_on <= v.vesting_on - 1
            AND coalesce(m.ends_on, 'infinity') >= v.vesting_on
        JOIN partnerships_partnership p ON p.id = m.partnership_id
        LEFT JOIN partnerships_ending e ON e.partnership_id = p.id
    WHERE v.id = p_version AND scope_has('administers') AND coalesce(e.ended_on, 'infinity') > v.vesting_on
      AND NOT EXISTS (SELECT 1 FROM partnerships_membership later WHERE later.replaces_id = m.id
                      AND NOT EXISTS (SELECT 1 FROM councils_reorganisationstep s WHERE s.act_id = later.act_id))
      AND EXISTS (
        SELECT 1 FROM councils_plannedpassing g JOIN partnerships_membership o ON o.council_id = g.predecessor_id
        WHERE g.version_id = p_version AND o.partnership_id = p.id AND o.starts_on < v.vesting_on
          AND coalesce(o.ends_on, 'infinity') >= v.vesting_on)
    GROUP BY p.id, p.name, m.council_id
$$;

-- Guards and walls ----------------------------------------------------------------------------------------------------

DO $$
DECLARE t text[];
BEGIN
    FOREACH t SLICE 1 IN ARRAY ARRAY[
        ['councils_reorganisation', 'drafted_by_id'], ['councils_reorganisationversion', 'written_by_id'],
        ['councils_reorganisationstep', 'stepped_by_id']]
    LOOP
        EXECUTE format('CREATE TRIGGER written_by_actor AFTER INSERT ON %I REFERENCING NEW TABLE AS written_rows
            FOR EACH STATEMENT EXECUTE FUNCTION written_by_actor(%L)', t[1], t[2]);
        EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER written_by_actor', t[1]);
    END LOOP;
    FOREACH t SLICE 1 IN ARRAY ARRAY[
        ['councils_reorganisationversion', 'reorganisation_version_check'],
        ['councils_reorganisationstep', 'reorganisation_step_check']]
    LOOP
        EXECUTE format('CREATE TRIGGER %I AFTER INSERT ON %I REFERENCING NEW TABLE AS written_rows
            FOR EACH STATEMENT EXECUTE FUNCTION %I()', t[2], t[1], t[2]);
        EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER %I', t[1], t[2]);
    END LOOP;
    FOREACH t SLICE 1 IN ARRAY ARRAY[
        ['councils_reorganisationversion', 'name', 'false'], ['councils_reorganisationversion', 'explanation', 'true'],
        ['councils_plannedcouncil', 'name', 'false'], ['councils_plannedcouncil', 'short_name', 'false'],
        ['councils_plannedpassing', 'share_basis', 'false'], ['councils_reorganisationstep', 'reason', 'true']]
    LOOP
        EXECUTE format('ALTER TABLE %I ADD CONSTRAINT %I CHECK (plain_text(%I, %s))',
                       t[1], t[1] || '_' || t[2] || '_plain', t[2], t[3]);
    END LOOP;
END $$;
ALTER TABLE councils_plannedcouncil ADD CONSTRAINT councils_plannedcouncil_code_letters
    CHECK (code ~ '^[A-Z0-9][A-Z0-9-]{1,19}$' AND slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$');

-- the latest one holds, so nobody may choose an id
ALTER TABLE councils_reorganisationversion ALTER COLUMN id SET GENERATED ALWAYS;
ALTER TABLE councils_reorganisationstep ALTER COLUMN id SET GENERATED ALWAYS;

DO $$
DECLARE
    plans text := '((SELECT scope_has(''leads'')) OR (SELECT scope_has(''administers'')))';
    of_version text := 'EXISTS (SELECT 1 FROM councils_reorganisationversion v WHERE v.id = version_id)';
    t text;
BEGIN
    CALL wall('councils_reorganisation', 'drafted_by_id = (SELECT scope_person()) OR (SELECT scope_has(''administers''))
        OR sees_reorganisation(id)', 'drafted_by_id = (SELECT scope_person()) AND ' || plans);
    CALL wall('councils_reorganisationversion', '(SELECT scope_has(''administers''))
        OR sees_reorganisation(reorganisation_id)', plans || ' AND sees_reorganisation(reorganisation_id)');
    FOREACH t IN ARRAY ARRAY['councils_plannedcouncil', 'councils_plannedpassing'] LOOP
        CALL wall(t, of_version, plans || ' AND ' || of_version);
    END LOOP;
    CALL wall('councils_reorganisationstep', '(SELECT scope_has(''administers''))
        OR sees_reorganisation(reorganisation_id)',
        'stepped_by_id = (SELECT scope_person()) AND sees_reorganisation(reorganisation_id)');
    FOREACH t IN ARRAY ARRAY['reorganisation', 'reorganisationversion', 'plannedcouncil', 'plannedpassing',
        'reorganisationstep'] LOOP
        CALL as_at_wall('councils_' || t, 'act_id');
        EXECUTE format('GRANT INSERT ON councils_%s TO banked_worker', t);
    END LOOP;
END $$;

-- Whoever wrote a plan or moved it on is named to those who see it.
CREATE POLICY reorganisations_read ON councils_person FOR SELECT TO banked_app, banked_readonly
    USING (EXISTS (SELECT 1 FROM councils_reorganisationversion v WHERE v.written_by_id = councils_person.id)
        OR EXISTS (SELECT 1 FROM councils_reorganisationstep s WHERE s.stepped_by_id = councils_person.id));

-- One administrator alone would be one person: the application gets a succession by an enacted plan only.
DROP POLICY scope_write ON councils_succession;
REVOKE INSERT ON councils_succession FROM banked_app;

REVOKE ALL ON FUNCTION sees_reorganisation, plans_reorganisation, administers_on, reorganise, reorganisation_whole,
    reorganisation_hold, reorganisation_touches FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sees_reorganisation, reorganisation_touches TO banked_app, banked_worker, banked_readonly;
